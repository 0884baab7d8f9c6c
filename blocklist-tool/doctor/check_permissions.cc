// Compares the access rights of files with the table in docs/packages.md.
#include <sys/stat.h>

#include <filesystem>

#include "doctor/account.h"
#include "doctor/installation.h"

namespace saring::tool {
namespace {

using Answer = Account::Answer;

struct Need {
    std::string path;
    int rights;
    std::string remedy;
};

Message verb(int rights) { return rights & W_OK ? msg("write") : rights & X_OK ? msg("enter") : msg("read"); }

bool exists(const std::string& path) {
    struct stat s {};
    return ::stat(path.c_str(), &s) == 0 || errno == EACCES;
}

bool others_may(const std::string& path, mode_t bits) {
    struct stat s {};
    return ::stat(path.c_str(), &s) == 0 && (s.st_mode & bits) != 0;
}

// One diagnosis for all rights that an account needs: the first missing one, or ok.
void check_needs(Installation& i, const std::string& check, const Account& account, const std::vector<Need>& needs) {
    Message seen;
    for (const auto& need : needs) {
        if (!exists(need.path)) continue;  // another check reports it
        auto answer = account.may(need.path, need.rights);
        Message what = msg("%1: %2 cannot %3 it", need.path, account.name(), verb(need.rights));
        if (answer == Answer::no) return i.found.fail(check, what, need.remedy);
        if (answer == Answer::unseen)
            return i.found.unseen(check,
                                  msg("%1: user %2 has no permission to look", need.path, Account::self().name()),
                                  "sudo blocklist-tool doctor");
        seen = seen + (seen.empty() ? "" : ", ") + verb(need.rights) + " " + need.path;
    }
    i.found.ok(check, msg("%1 can %2", account.name(), seen.empty() ? msg("do nothing yet") : seen));
}

void check_unbound_user(Installation& i) {
    const auto& c = *i.config;
    auto account = i.unbound_user.empty() ? std::optional(Account::self()) : Account::named(i.unbound_user);
    if (!account)
        return i.found.fail("access.unbound", msg("there is no user \"%1\", which unbound.conf names", i.unbound_user),
                            "adduser --system --group " + i.unbound_user);
    const auto& name = account->name();
    const auto& path = c.database.path;
    const std::string image = c.database.image_folder(), current = image + "/current";
    std::vector<Need> needs{{c.source, R_OK, "chmod o+r " + c.source}};
    if (image.rfind(path + "/", 0) == 0) needs.push_back({path, X_OK, "chmod o+x " + path});
    needs.push_back({image, R_OK | X_OK, "chmod o+rx " + image});
    needs.push_back({current, R_OK, "chmod o+r " + image + "/*"});
    if (!c.hits.path.empty())
        needs.push_back(
            {c.hits.path, R_OK | W_OK | X_OK, "install -d -o " + name + " -g saring -m 2770 " + c.hits.path});
    if (!c.module.status_file.empty()) {
        auto folder = std::filesystem::path(c.module.status_file).parent_path().string();
        needs.push_back({folder, W_OK | X_OK, "install -d -o " + name + " -g saring -m 2755 " + folder});
    }
    check_needs(i, "access.unbound", *account, needs);
    if (name == Account::self().name() || name == "root") return;
    for (const auto& file : {path, path + "/data.mdb", path + "/lock.mdb", image, current})
        if (exists(file) && account->may(file, W_OK) == Answer::yes)
            return i.found.warn("access.blocklist",
                                msg("%1: Unbound's user %2 can write it, but needs only to read the image", file, name),
                                "gpasswd -d " + name + " saring; chown -R saring:saring " + path + "; chmod -R o-w " +
                                    path + "; systemctl restart unbound");
}

void check_tool_user(Installation& i) {
    const auto& path = i.config->database.path;
    auto saring = Account::named("saring");
    if (!saring)
        return i.found.warn(
            "access.saring", msg("there is no user saring: files belong to the user who runs blocklist-tool"),
            "adduser --system --group --no-create-home --home /var/lib/saring saring; chown -R saring:saring " + path);
    std::string own = "chown -R saring:saring " + path;
    const auto image = i.config->database.image_folder();
    check_needs(i, "access.saring", *saring,
                {{i.config->source, R_OK, "chmod o+r " + i.config->source},
                 {path, W_OK | X_OK, own},
                 {path + "/data.mdb", R_OK | W_OK, own},
                 {path + "/lock.mdb", R_OK | W_OK, own},
                 {image, W_OK | X_OK, "chown -R saring:saring " + image}});
}

void check_others(Installation& i) {
    const auto& c = *i.config;
    Message wrong;
    std::string remedy;
    auto look = [&](const std::string& path, mode_t bits, const Message& what, const std::string& mode) {
        if (path.empty() || !others_may(path, bits)) return;
        wrong = wrong + (wrong.empty() ? "" : "; ") + path + ": " + what;
        remedy += (remedy.empty() ? "chmod " : "; chmod ") + mode + " " + path;
    };
    look(c.source, S_IWOTH | S_IWGRP, msg("others than its owner can change what is blocked"), "go-w");
    look(c.database.path, S_IWOTH, msg("everybody can replace the database"), "o-w");
    look(c.database.path + "/data.mdb", S_IWOTH, msg("everybody can write the database"), "o-w");
    look(c.database.path + "/lock.mdb", S_IWOTH | S_IROTH, msg("everybody can block the writer"), "o-rw");
    look(c.database.image_folder(), S_IWOTH, msg("everybody can replace the image that resolvers load"), "o-w");
    if (!c.hits.path.empty()) {
        look(c.hits.path, S_IXOTH, msg("everybody can see what subscribers asked for"), "o-rwx");
    }
    if (wrong.empty())
        return i.found.ok("access.others",
                          msg("nobody else can write the configuration, the database or the image, or read hits"));
    i.found.warn("access.others", wrong, remedy);
}

}  // namespace

void check_permissions(Installation& i) {
    if (!i.config) return;
    if (i.unbound_conf_read) check_unbound_user(i);
    check_tool_user(i);
    check_others(i);
}

}  // namespace saring::tool
