#include "feed/publish.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "admission/admit.h"
#include "base/acting_owner.h"
#include "base/file.h"
#include "base/process_lock.h"
#include "base/sha256.h"
#include "feed/feed_lifts.h"
#include "order/check_new.h"
#include "order/order_limits.h"
#include "order/parse_stored_order.h"
#include "trust/signature_files.h"
#include "trust/trust.h"

namespace saring::feed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept_signatures = 100;  // of earlier manifests, for clients with a cached copy

struct NewOrder {
    FeedOrder entry;
    std::vector<std::pair<std::string, Bytes>> files;  // path in the feed, content
    order::Order order;
};

void make_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
        throw Error(ErrorKind::usage, path, msg("cannot create: %1", std::strerror(errno)),
                    msg("check the path and its permissions"));
}

trust::TrustPolicy any_feed_key(const config::Config& config) {
    trust::TrustPolicy policy = config.trust;
    policy.threshold = 1;
    return policy;
}

// Refuses a key that no client would accept.
void check_key(const config::Config& config, const trust::minisign::SecretKey& key, UnixTime now) {
    Bytes probe = "probe";
    auto report = check_signatures(any_feed_key(config), trust::KeyRole::feed, probe,
                                   {{"", key.sign(probe, "probe").format()}}, now);
    if (!report.met())
        throw Error(ErrorKind::trust, msg("key %1", trust::minisign::to_string(key.public_key().id)),
                    report.signatures.at(0).problem,
                    msg("put its public half under [[trust.key]] with roles = [\"feed\"] into %1, as every client must",
                        config.source));
}

std::optional<Manifest> current_manifest(const config::Config& config, const std::string& directory, UnixTime now) {
    std::string path = directory + "/" + manifest_name;
    if (!fs::exists(path)) return std::nullopt;
    Bytes content = read_file(path, 256u << 20);
    // The manifest on disk may have been written by anybody with access to the web server's directory: do not re-sign
    // it.
    std::string addressed = directory + "/" + manifest_signature_path(content);
    auto signatures = trust::read_signatures({fs::exists(addressed) ? addressed : path + ".minisig"});
    trust::require_trust(check_signatures(any_feed_key(config), trust::KeyRole::feed, content, signatures, now), path);
    return parse_manifest(content, path);
}

// A publisher's remedies, not a reader's.
std::optional<Manifest> published_manifest(const config::Config& config, const std::string& directory, UnixTime now) {
    try {
        return current_manifest(config, directory, now);
    } catch (const Error& e) {
        throw Error(
            e.kind(), e.subject(), e.why(),
            msg("restore %1 and %1.minisig from a backup; or move both away and publish every order again, with "
                "--serial above the last; nothing was published",
                manifest_name));
    }
}

// A feed that lost its manifest would begin again at serial 1, which readers refuse, and without its orders.
void require_empty(const std::string& directory) {
    auto count = [&](const char* folder) {
        std::error_code none;
        auto n = std::distance(fs::directory_iterator(directory + "/" + folder, none), fs::directory_iterator());
        return static_cast<std::uint64_t>(n);
    };
    auto orders = count("orders"), signatures = count("signatures");
    if (signatures == 0) return;  // a first publication that was killed leaves orders
    throw Error(
        ErrorKind::refused, directory,
        msg("has no %1, but files of a feed: %2 in orders/, %3 in signatures/", manifest_name, orders, signatures),
        msg("restore %1 from a backup; or publish every order again, with --serial above the last", manifest_name));
}

NewOrder read_order(const config::Config& config, const std::string& file, UnixTime now) {
    NewOrder out;
    Bytes content = read_file(file);
    auto signatures = trust::find_signatures(file);
    auto report = check_signatures(config.trust, trust::KeyRole::order, content, signatures, now);
    trust::require_trust(report, file);
    out.order = order::parse_order(content, file);
    check_new_order(out.order, file);
    out.entry.id = out.order.id;
    admission::require_issued(out.order, now);
    std::string hash = sha256_hex(content);
    out.entry.file = {"orders/" + hash + ".json", hash, content.size()};
    out.files.emplace_back(out.entry.file.path, content);
    for (std::size_t i = 0; i < signatures.size(); ++i) {
        if (!report.signatures[i].trusted) continue;  // e.g. by a replaced key
        std::string path = out.entry.file.path + "." + report.signatures[i].key_id + ".minisig";
        const auto& s = out.entry.signatures;
        if (std::any_of(s.begin(), s.end(), [&](const auto& f) { return f.path == path; })) continue;
        out.entry.signatures.push_back({path, sha256_hex(signatures[i].content), signatures[i].content.size()});
        out.files.emplace_back(path, signatures[i].content);
    }
    return out;
}

// Adds it to the feed's orders; false when the same order is there already.
bool merge(std::vector<FeedOrder>& orders, NewOrder& fresh) {
    auto at = std::find_if(orders.begin(), orders.end(), [&](const auto& o) { return o.id == fresh.entry.id; });
    if (at == orders.end()) {
        orders.push_back(fresh.entry);
        return true;
    }
    if (at->file.sha256 != fresh.entry.file.sha256)
        throw Error(ErrorKind::refused, msg("order %1", fresh.entry.id), msg("is in the feed with other content"),
                    msg("an order is immutable: issue the change under a new number, revoking this one"));
    bool grown = false;
    for (const auto& s : fresh.entry.signatures) {
        // An earlier signature by the same key is as good, and published files do not change.
        bool there =
            std::any_of(at->signatures.begin(), at->signatures.end(), [&](const auto& f) { return f.path == s.path; });
        if (there) {
            fresh.files.erase(
                std::find_if(fresh.files.begin(), fresh.files.end(), [&](const auto& f) { return f.first == s.path; }));
        } else {
            at->signatures.push_back(s);
            grown = true;
        }
    }
    return grown;
}

// An order that stays: throws unless its files match the manifest.
order::Order check_present(const std::string& directory, const FeedOrder& order) {
    auto check = [&](const FeedFile& f) {
        Bytes content = read_file(directory + "/" + f.path, f.size);
        if (content.size() != f.size || sha256_hex(content) != f.sha256)
            throw Error(ErrorKind::trust, directory + "/" + f.path, msg("differs from the manifest"),
                        msg("restore it, or withdraw the order %1", order.id));
        return content;
    };
    for (const auto& s : order.signatures) check(s);
    return order::parse_stored_order(check(order.file), order.file.path);
}

// An order to be withdrawn: its file may be damaged, which is a reason to withdraw it.
std::optional<order::Order> read_present(const std::string& directory, const FeedOrder& order) {
    try {
        Bytes content = read_file(directory + "/" + order.file.path, order.file.size);
        if (sha256_hex(content) == order.file.sha256) return order::parse_stored_order(content, order.file.path);
    } catch (const Error&) {}
    return std::nullopt;
}

void withdraw(const PublishRequest& request, FeedLifts& lifts, PublishOutcome& out) {
    auto& orders = out.manifest.orders;
    for (const auto& id : request.withdraw) {
        auto at = std::find_if(orders.begin(), orders.end(), [&](const auto& o) { return o.id == id; });
        if (at == orders.end())
            throw Error(ErrorKind::not_found, msg("order %1", id), msg("is not in the feed %1", out.manifest.name),
                        msg("see: blocklist-tool feed verify %1", request.directory));
        if (auto order = read_present(request.directory, *at))
            if (const order::Order* lifted = lifts.lasting(*order))
                throw Error(ErrorKind::refused, msg("order %1", id),
                            msg("lifts order %1, which holds until %2", lifted->id, format_rfc3339(lifted->expires)),
                            msg("resolvers that have not seen the lift would continue to block; to block again, issue "
                                "a new order; this one leaves the feed automatically"));
        orders.erase(at);
        out.withdrawn.push_back(id);
    }
}

// Removes expired orders, except lifts of orders that have not ended.
void drop_expired(const std::vector<order::Order>& present, FeedLifts& lifts, PublishOutcome& out, UnixTime now) {
    auto& orders = out.manifest.orders;
    for (const auto& order : present) {
        if (order.expires > now) continue;
        if (const order::Order* lifted = lifts.lasting(order)) {
            out.kept.emplace_back(order.id, lifted->id);
            continue;
        }
        out.expired.push_back(order.id);
        orders.erase(std::find_if(orders.begin(), orders.end(), [&](const auto& o) { return o.id == order.id; }));
    }
}

void check_new(const order::Order& order, FeedLifts& lifts, UnixTime now) {
    if (order.expires <= now && !lifts.lasting(order))
        throw Error(ErrorKind::refused, msg("order %1", order.id), msg("expired %1", format_rfc3339(order.expires)),
                    msg("leave it out; nothing was published"));
    if (auto idle = lifts.idle(order); !idle.empty())
        throw Error(ErrorKind::refused, msg("order %1", order.id), msg("lifts nothing: %1", idle.front()),
                    msg("correct \"revokes\" and sign the order again; nothing was published"));
    lifts.count(order);
}

void prune_signatures(const std::string& directory) {
    std::vector<std::pair<fs::file_time_type, fs::path>> all;
    std::error_code ignored;
    for (const auto& e : fs::directory_iterator(directory + "/signatures", ignored))
        all.emplace_back(e.last_write_time(ignored), e.path());
    std::sort(all.rbegin(), all.rend());
    for (std::size_t i = kept_signatures; i < all.size(); ++i) fs::remove(all[i].second, ignored);
}

void write_feed(const std::string& directory, const Manifest& manifest, const trust::minisign::SecretKey& key,
                const std::vector<std::pair<std::string, Bytes>>& files) {
    make_directory(directory + "/orders");
    make_directory(directory + "/signatures");
    for (const auto& [path, content] : files)
        if (!fs::exists(directory + "/" + path) || sha256_hex(read_file(directory + "/" + path)) != sha256_hex(content))
            write_file_unflushed(directory + "/" + path, content);
    flush_file_system(directory);  // one flush for all files, before the manifest names them
    Bytes document = format_manifest(manifest);
    auto signature = key.sign(document, "feed " + manifest.name + ", serial " + std::to_string(manifest.serial) +
                                            ", valid until " + format_rfc3339(manifest.valid_until))
                         .format();
    write_file(directory + "/" + manifest_signature_path(document), signature);
    write_file(directory + "/" + manifest_name, document);
    write_file(directory + "/" + manifest_name + ".minisig", signature);
    prune_signatures(directory);
}

std::uint64_t next_serial(const PublishRequest& request, const std::optional<Manifest>& before) {
    std::uint64_t last = before ? before->serial : 0;
    std::uint64_t serial = request.serial.value_or(last + 1);
    if (serial <= last || serial > max_feed_serial)
        throw Error(ErrorKind::refused, "--serial", msg("%1 is not higher than %2", serial, last),
                    msg("clients refuse a serial that does not rise: give a higher one, at most %1", max_feed_serial));
    return serial;
}

}  // namespace

PublishOutcome publish_feed(const config::Config& config, const trust::minisign::SecretKey& key,
                            const PublishRequest& request, UnixTime now) {
    check_key(config, key, now);
    std::vector<NewOrder> fresh;
    for (const auto& file : request.add) fresh.push_back(read_order(config, file, now));

    ActingOwner as(request.directory);
    make_directory(request.directory);
    ProcessLock lock(request.directory + "/.publish-lock", msg("feed publish"), "(feed publish)", now,
                     msg("check the directory's permissions"),
                     {std::chrono::seconds(config.database.lock_wait), request.on_wait});
    auto before = published_manifest(config, request.directory, now);
    if (!before && !request.serial) require_empty(request.directory);
    PublishOutcome out;
    Manifest& m = out.manifest;
    if (before) m.orders = before->orders;
    m.name = before ? before->name : request.name;
    if (m.name.empty())
        throw Error(ErrorKind::usage, request.directory, msg("has no feed yet"), msg("name the new one with --name"));
    if (!config::is_feed_name(m.name))
        throw Error(ErrorKind::usage, "--name", msg("\"%1\" is not a valid feed name", m.name),
                    msg("use letters, digits, '.', '_' and '-', a letter or digit first"));
    if (!request.name.empty() && request.name != m.name)
        throw Error(ErrorKind::refused, request.directory, msg("has the feed \"%1\", not \"%2\"", m.name, request.name),
                    msg("clients know it by its name: publish another feed elsewhere"));
    m.serial = next_serial(request, before);
    m.generated = now;
    m.valid_until = now + request.valid_for;

    FeedLifts lifts(config, request.directory, now);
    withdraw(request, lifts, out);
    std::vector<order::Order> present;
    for (const auto& order : m.orders) {
        present.push_back(check_present(request.directory, order));
        lifts.add(present.back());
        lifts.count(present.back());
    }
    for (const auto& order : fresh) lifts.add(order.order);
    drop_expired(present, lifts, out, now);
    std::vector<std::pair<std::string, Bytes>> files;
    admission::OrderIds ids;
    for (const auto& order : m.orders) ids.add(order.id);
    for (auto& order : fresh) {
        auto same = [&](const auto& o) { return o.id == order.entry.id; };
        if (std::none_of(m.orders.begin(), m.orders.end(), same)) check_new(order.order, lifts, now);
        if (auto note = ids.mistakable(order.entry.id)) out.notes.push_back(*note);
        ids.add(order.entry.id);
        (merge(m.orders, order) ? out.added : out.already).push_back(order.entry.id);
        for (auto& f : order.files) files.push_back(std::move(f));
    }
    if (m.orders.size() > max_feed_orders)
        throw Error(ErrorKind::refused, msg("feed %1", m.name), msg("would have %1 orders", m.orders.size()),
                    msg("a feed may have at most %1 orders", max_feed_orders));
    write_feed(request.directory, m, key, files);
    return out;
}

std::vector<Message> lifting_nothing(const config::Config& config, const std::string& directory,
                                     const order::Order& draft, UnixTime now) {
    auto feed = current_manifest(config, directory, now);
    if (!feed)
        throw Error(ErrorKind::usage, directory, msg("has no feed"),
                    msg("name the directory that `feed publish` writes to"));
    FeedLifts lifts(config, directory, now);
    for (const auto& entry : feed->orders) {
        auto order = check_present(directory, entry);
        lifts.add(order);
        if (order.id != draft.id) lifts.count(order);
    }
    return lifts.idle(draft);
}

}  // namespace saring::feed
