#include <algorithm>
#include <memory>

#include "base/file.h"
#include "input/passwords.h"
#include "input/secret_key.h"
#include "output/output.h"
#include "program/session.h"
#include "settings/settings.h"
#include "trust/minisign.h"

namespace saring::tool {

namespace {

struct ShowOptions {
    std::string file, password_file;
    bool json = false;
};

// Reads a public key, or the public half of a secret key.
trust::minisign::PublicKey read_key(const ShowOptions& o, bool& secret) {
    Bytes file = read_file(o.file, 64u << 10);
    try {
        return trust::minisign::PublicKey::parse(file, o.file);
    } catch (const Error&) {
        try {
            trust::minisign::SecretKey::needs_password(file, o.file);
        } catch (const Error&) {
            throw Error(ErrorKind::trust, o.file, msg("is neither a public nor a secret key of minisign"),
                        msg("give a file that `key generate` or minisign made"));
        }
    }
    secret = true;
    return read_secret_key(o.file, o.password_file).public_key();
}

std::vector<std::string> roles_of(const trust::TrustedKey& key) {
    std::vector<std::string> out;
    for (auto role : key.roles) out.emplace_back(role == trust::KeyRole::order ? "order" : "feed");
    return out;
}

// Why the key is not trusted now, judged for its first role; empty: it is trusted.
Message problem_of(const trust::TrustedKey& key, UnixTime now) { return why_not_trusted(key, key.roles.front(), now); }

Json trusted_json(const trust::minisign::PublicKey& key, const trust::TrustedKey* known, UnixTime now) {
    auto time = [](const std::optional<UnixTime>& t) { return t ? Json(format_rfc3339(*t)) : Json(nullptr); };
    Json j{{"key_id", trust::minisign::to_string(key.id)},
           {"public_key", key.base64()},
           {"name", known ? Json(known->name) : Json(nullptr)},
           {"roles", known ? Json(roles_of(*known)) : Json::array()}};
    j["valid_from"] = known ? time(known->valid_from) : Json(nullptr);
    j["valid_until"] = known ? time(known->valid_until) : Json(nullptr);
    j["revoked"] = known ? time(known->revoked) : Json(nullptr);
    j["trusted"] = known && problem_of(*known, now).empty();
    return j;
}

void print_key(const trust::minisign::PublicKey& key, const trust::TrustedKey* known, UnixTime now) {
    print(tr("key id      %1", trust::minisign::to_string(key.id)));
    print(tr("public key  %1", key.base64()));
    if (!known) return print(tr("not trusted: it is not in saring.toml"));
    std::string roles;
    for (const auto& role : roles_of(*known)) roles += (roles.empty() ? "" : ", ") + role;
    print(tr("name        %1", shown(known->name)));
    print(tr("may sign    %1", roles));
    if (known->valid_from) print(tr("valid from  %1", format_rfc3339(*known->valid_from)));
    if (known->valid_until) print(tr("valid until %1", format_rfc3339(*known->valid_until)));
    if (auto why = problem_of(*known, now); !why.empty()) print(tr("not trusted: %1", shown(translated(why))));
}

void show_keys(Session& session, const ShowOptions& o) {
    UnixTime now = now_unix();
    auto config = settings::load_config(config::config_path(session.config_option),
                                        session.config_option.empty() && !o.file.empty());
    if (o.file.empty()) {
        Json all = Json::array();
        for (const auto& key : config.trust.keys) all.push_back(trusted_json(key.key, &key, now));
        if (config.trust.keys.empty()) session.exit_code = exit_no;
        if (o.json) return print_json(all);
        if (all.empty()) return print(tr("the configuration trusts no key"));
        for (std::size_t i = 0; i < config.trust.keys.size(); ++i) {
            if (i) print("");
            print_key(config.trust.keys[i].key, &config.trust.keys[i], now);
        }
        return;
    }
    bool secret = false;
    auto key = read_key(o, secret);
    const auto& keys = config.trust.keys;
    auto at = std::find_if(keys.begin(), keys.end(),
                           [&](const auto& k) { return k.key.id == key.id && k.key.key == key.key; });
    const trust::TrustedKey* known = at == keys.end() ? nullptr : &*at;
    if (!known || !problem_of(*known, now).empty()) session.exit_code = exit_no;
    if (o.json) {
        Json all = Json::array();
        all.push_back(trusted_json(key, known, now));
        return print_json(all);
    }
    if (secret) print(tr("%1: a secret key", shown(o.file)));
    print_key(key, known, now);
}

}  // namespace

void add_key_commands(CLI::App& app, Session& session) {
    auto* key = app.add_subcommand("key", tr("Signing keys, in minisign's format"));
    key->require_subcommand(1);
    key->fallthrough();

    struct KeyOptions {
        std::string secret, public_file, password_file, comment;
        bool no_password = false;
    };
    auto o = std::make_shared<KeyOptions>();
    auto* generate = add_command(*key, "generate", tr("Generate a key pair"), [o] {
        std::string password = o->no_password ? "" : new_password(o->password_file);
        auto pair = trust::minisign::SecretKey::generate();
        auto half = pair.public_key();
        std::string comment =
            o->comment.empty() ? "saring public key " + trust::minisign::to_string(half.id) : o->comment;
        if (comment.find_first_of("\r\n") != std::string::npos)
            throw Error(ErrorKind::usage, "--comment", msg("has a line break"), msg("write one line"));
        write_file(o->secret, pair.format(password), 0600, true);
        try {
            write_file(o->public_file, "untrusted comment: " + comment + "\n" + half.base64() + "\n", 0644, true);
        } catch (...) {
            std::remove(o->secret.c_str());
            throw;
        }
        print(tr("key id      %1", trust::minisign::to_string(half.id)));
        print(tr("public key  %1", half.base64()));
    });
    generate->add_option("--secret-key", o->secret, tr("file for the secret key, created with mode 0600"))
        ->required()
        ->type_name("FILE");
    generate->add_option("--public-key", o->public_file, tr("file for the public key"))->required()->type_name("FILE");
    auto* without = generate->add_flag("--no-password", o->no_password, tr("leave the secret key unencrypted"));
    generate->add_option("--password-file", o->password_file, tr("read the password from this file's first line"))
        ->type_name("FILE")
        ->excludes(without);
    generate->add_option("--comment", o->comment, tr("untrusted comment of the public key"));
    generate->footer(tr("Example: blocklist-tool key generate --secret-key kominfo.key --public-key kominfo.pub"));

    auto s = std::make_shared<ShowOptions>();
    auto* show = add_command(*key, "show", tr("Show whose key it is and what it may sign"),
                             [s, &session] { show_keys(session, *s); });
    show->add_option("file", s->file, tr("file of a public or a secret key; none: all keys in saring.toml"))
        ->type_name("FILE");
    show->add_option("--password-file", s->password_file,
                     tr("read a secret key's password from this file's first line"))
        ->type_name("FILE");
    show->add_flag("--json", s->json, tr("answer in JSON"));
    show->footer(
        tr("Names, roles and times come from saring.toml. Exit code 1 if it does not trust the key.\n"
           "Example: blocklist-tool key show kominfo.pub"));
}

}  // namespace saring::tool
