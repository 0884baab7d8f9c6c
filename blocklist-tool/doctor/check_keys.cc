// Which keys are trusted, for how long, and whether only their owner can read secret files.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "doctor/installation.h"
#include "feed/signed_feed.h"
#include "feed/source.h"

namespace saring::tool {
namespace {

constexpr UnixTime expires_soon = 30 * 86400;

bool counts(const trust::TrustedKey& key, trust::KeyRole role, UnixTime now) {
    return why_not_trusted(key, role, now).empty();
}

bool is_signed(const config::FeedConfig& feed) { return feed::feed_kind(feed.url) == feed::FeedKind::orders; }

Message a_key(const Installation& i, const std::string& role) {
    return msg(
        "in %1: [[trust.key]] name = \"NAME\" public_key = \"RW...\" roles = [\"%2\"], then compare the key with a "
        "second source",
        i.config->source, role);
}

void check_order_keys(Installation& i) {
    const auto& trust = i.config->trust;
    auto good = static_cast<unsigned>(std::count_if(
        trust.keys.begin(), trust.keys.end(), [&](const auto& k) { return counts(k, trust::KeyRole::order, i.now); }));
    Message what = msg("%1 may sign orders now, an order needs %2", msgn("%1 key", "%1 keys", good), trust.threshold);
    bool any_signed = std::any_of(i.config->feeds.begin(), i.config->feeds.end(), is_signed);
    if (good >= trust.threshold) return i.found.ok("keys.orders", what);
    // With lists only, no order key is needed.
    if (!any_signed && !i.config->feeds.empty())
        return i.found.warn("keys.orders", msg("%1: no order can be applied, lists can", what), a_key(i, "order"));
    i.found.fail("keys.orders", msg("%1: no order can be applied", what), a_key(i, "order"));
}

void check_feed_keys(Installation& i) {
    for (const auto& feed : i.config->feeds) {
        if (!is_signed(feed)) continue;
        std::string check = "keys.feed";
        try {
            auto policy = feed::feed_policy(*i.config, feed);
            bool good = std::any_of(policy.keys.begin(), policy.keys.end(),
                                    [&](const auto& k) { return counts(k, trust::KeyRole::feed, i.now); });
            if (good) i.found.ok(check, msg("feed %1: a key may sign it now", feed.name));
            else i.found.fail(check, msg("feed %1: no key may sign it now", feed.name), a_key(i, "feed"));
        } catch (const Error& e) { i.found.fail(check, e.subject() + ": " + e.why(), e.remedy()); }
    }
}

void check_ends(Installation& i) {
    for (const auto& key : i.config->trust.keys) {
        if (!key.valid_until || key.revoked) continue;
        std::string when = format_rfc3339(*key.valid_until);
        if (i.now >= *key.valid_until)
            i.found.warn(
                "keys.end", msg("key %1 expired %2", key.name, when),
                msg("remove it once the orders that it signed are gone: blocklist-tool db check --signatures"));
        else if (i.now + expires_soon >= *key.valid_until)
            i.found.warn("keys.end", msg("key %1 expires %2", key.name, when),
                         msg("ask for its successor, and add that as [[trust.key]] to %1", i.config->source));
    }
}

void check_secret(Installation& i, const std::string& path, mode_t barred, const std::string& mode, std::size_t& good) {
    struct stat s {};
    if (path.empty()) return;
    if (::stat(path.c_str(), &s) != 0) {
        if (errno == EACCES)
            return i.found.unseen("keys.secrets", msg("%1: no permission to look", path), "sudo blocklist-tool doctor");
        return i.found.fail("keys.secrets", msg("%1: does not exist", path),
                            msg("write the secret to it, then: chmod %1 %2", mode, path));
    }
    if ((s.st_mode & barred) == 0) return static_cast<void>(++good);
    i.found.fail("keys.secrets",
                 msg("%1: holds a secret, and %2 can read it", path,
                     barred & S_IRGRP ? msg("others than its owner") : msg("everybody")),
                 "chmod " + mode + " " + path);
}

void check_secrets(Installation& i) {
    std::size_t good = 0;
    check_secret(i, i.config->ship.password_file, S_IRWXG | S_IRWXO, "0600", good);
    for (const auto& feed : i.config->feeds) check_secret(i, feed.list.tsig_file, S_IRWXO, "0640", good);
    // Secret keys are often left beside saring.toml.
    std::error_code ignored;
    auto folder = std::filesystem::path(i.config->source).parent_path();
    for (const auto& entry : std::filesystem::directory_iterator(folder.empty() ? "." : folder, ignored))
        if (entry.path().extension() == ".key") check_secret(i, entry.path().string(), S_IRWXG | S_IRWXO, "0600", good);
    if (good)
        i.found.ok("keys.secrets", msg("%1 not readable by others", msgn("%1 secret file", "%1 secret files", good)));
}

}  // namespace

void check_keys(Installation& i) {
    if (!i.config) return;
    check_order_keys(i);
    check_feed_keys(i);
    check_ends(i);
    check_secrets(i);
}

}  // namespace saring::tool
