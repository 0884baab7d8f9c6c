#include "setup/plan.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "feed/source.h"
#include "fetch/url.h"
#include "hostname/host_name.h"
#include "net/prefix.h"

namespace saring::tool {
namespace {

constexpr std::size_t max_key_file = 4096;

// Splits "NAME=rest" if NAME is a valid feed name; otherwise the name is empty.
std::pair<std::string, std::string> named(const std::string& text) {
    auto equals = text.find('=');
    if (equals == std::string::npos || equals + 1 == text.size() || !config::is_feed_name(text.substr(0, equals)))
        return {"", text};
    return {text.substr(0, equals), text.substr(equals + 1)};
}

bool is_plain_file(const std::string& path) {
    struct stat s {};
    return ::stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode);
}

bool is_address_text(const std::string& text) {
    return text.find(':') != std::string::npos || text.find_first_not_of("0123456789./") == std::string::npos;
}

template <typename T>
std::string unused(const std::vector<T>& all, const std::string& wanted) {
    std::string name = wanted;
    for (int n = 2; std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; }); ++n)
        name = wanted + "-" + std::to_string(n);
    return name;
}

}  // namespace

void SetupPlan::add_key(const std::string& text, trust::KeyRole role) {
    const char* option = role == trust::KeyRole::order ? "--key" : "--feed-key";
    // A bare key ends in =, which does not separate a name.
    bool bare = text.rfind("RW", 0) == 0 && text.size() == 56;
    auto [name, rest] = bare ? std::pair<std::string, std::string>("", text) : named(text);
    trust::minisign::PublicKey key;
    if (rest.rfind("RW", 0) == 0 && !is_plain_file(rest)) {
        key = trust::minisign::PublicKey::parse(rest, option);
    } else {
        if (!is_plain_file(rest))
            throw Error(ErrorKind::usage, option, msg("\"%1\" is neither a public key nor a file", rest),
                        msg("give the line that begins with RW, or the .pub file"));
        key = trust::minisign::PublicKey::parse(read_file(rest, max_key_file), rest);
        if (name.empty() && config::is_feed_name(std::filesystem::path(rest).stem().string()))
            name = std::filesystem::path(rest).stem().string();
    }
    auto known = std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return k.key.key == key.key; });
    if (known == keys.end()) {
        if (name.empty()) name = role == trust::KeyRole::order ? "ministry" : "ministry-feed";
        keys.push_back({unused(keys, name), key, false, false});
        known = keys.end() - 1;
    }
    (role == trust::KeyRole::order ? known->orders : known->feeds) = true;
}

void SetupPlan::add_feed(const std::string& text) {
    auto [name, url] = text.find("://") < text.find('=') ? std::pair<std::string, std::string>("", text) : named(text);
    if (name.empty()) name = unused(feeds, "ministry");
    if (std::any_of(feeds.begin(), feeds.end(), [&, &n = name](const auto& f) { return f.name == n; }))
        throw Error(ErrorKind::usage, "--feed", msg("\"%1\" is given twice", name),
                    msg("give each feed a name of its own"));
    auto kind = feed::feed_kind(url);
    if (kind == feed::FeedKind::list)
        throw Error(ErrorKind::usage, "--feed",
                    msg("\"%1\" is a list, which setup cannot configure: it needs sha256, keys or unsigned", url),
                    msg("write its [[feed]] into the file afterwards: saring.toml(5)"));
    if (kind != feed::FeedKind::zone) {
        config::FeedConfig feed;
        feed.name = name;
        feed.url = url;
        fetch::parse_fetch_url(feed, url, false);
    }
    feeds.push_back({name, url});
}

void SetupPlan::set_action(const std::string& text) {
    if (policy::parse_action(text, "--action") == policy::Action::passthru)
        throw Error(ErrorKind::usage, "--action", msg("cannot be passthru"), msg("write log to rehearse"));
    action = text;
}

void SetupPlan::add_landing(const std::string& text) {
    if (is_address_text(text)) {
        auto p = Prefix::parse(text);
        if (p.length != (p.family == 4 ? 32 : 128))
            throw Error(ErrorKind::usage, "--landing", msg("\"%1\" is a network", text), msg("give one address"));
    } else {
        hostname::parse_name_input(text);
    }
    landings.push_back(text);
}

void SetupPlan::check() const {
    auto order_keys = std::count_if(keys.begin(), keys.end(), [](const auto& k) { return k.orders; });
    if (threshold > std::max<unsigned>(static_cast<unsigned>(order_keys), 1))
        throw Error(ErrorKind::usage, "--threshold",
                    msgn("%1 key must sign, and %2 may", "%1 keys must sign, and %2 may", threshold, order_keys),
                    msg("give --key for each, or a lower threshold"));
    auto hosts = std::count_if(landings.begin(), landings.end(), [](const auto& l) { return !is_address_text(l); });
    if (hosts > 1 || (hosts == 1 && landings.size() > 1))
        throw Error(ErrorKind::usage, "--landing", msg("is a host and something else"),
                    msg("give one host, or addresses alone"));
    bool signed_feed = std::any_of(feeds.begin(), feeds.end(),
                                   [](const auto& f) { return feed::feed_kind(f.url) == feed::FeedKind::orders; });
    bool feed_key = std::any_of(keys.begin(), keys.end(), [](const auto& k) { return k.feeds; });
    if (signed_feed && !feed_key)
        throw Error(ErrorKind::usage, "--feed", msg("no key may sign this feed, so no order of it would be accepted"),
                    msg("give its --feed-key"));
    if (hits == database)
        throw Error(ErrorKind::usage, "--hits", msg("is the database's own folder"),
                    msg("give hits a folder of their own: resolvers write there"));
}

}  // namespace saring::tool
