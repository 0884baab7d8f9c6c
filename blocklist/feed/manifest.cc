#include "feed/manifest.h"

#include <set>

#include "base/file.h"
#include "base/json_field.h"
#include "base/sha256.h"
#include "config/feeds_config.h"
#include "order/order.h"
#include "trust/signature_files.h"

namespace saring::feed {
namespace {

// Accepts only paths that every web server, CDN and file system carries unchanged and that stay below the feed's
// directory.
std::string feed_path(const JsonField& f) {
    auto s = f.text(255);
    constexpr const char* allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
    if (s.find_first_not_of(allowed) != std::string::npos)
        f.fail(msg("\"%1\" has a character that is not allowed in a path", s),
               msg("use letters, digits, '.', '_', '-' and '/'"));
    for (std::size_t at = 0; at <= s.size();) {
        std::size_t end = std::min(s.find('/', at), s.size());
        if (end == at || s[at] == '.')
            f.fail(msg("\"%1\" leaves the feed's directory or is not a plain path", s),
                   msg("write it relative to feed.json, without empty parts or parts that begin with '.'"));
        at = end + 1;
    }
    return s;
}

JsonField::Handlers file_handlers(FeedFile& file, std::uint64_t max_size) {
    return {
        {"path", [&file](const JsonField& f) { file.path = feed_path(f); }},
        {"sha256",
         [&file](const JsonField& f) {
             file.sha256 = f.text(64);
             if (!is_sha256_hex(file.sha256))
                 f.fail(msg("\"%1\" is not a SHA-256", file.sha256),
                        msg("write 64 digits of 0-9 and a-f, as sha256sum does"));
         }},
        {"size", [&file, max_size](const JsonField& f) { file.size = f.number(1, max_size); }},
    };
}

FeedFile parse_signature(const JsonField& field) {
    FeedFile out;
    field.object(file_handlers(out, trust::max_signature_bytes));
    field.require({"path", "sha256", "size"});
    return out;
}

FeedOrder parse_feed_order(const JsonField& field) {
    FeedOrder out;
    auto handlers = file_handlers(out.file, max_document_bytes);
    handlers["id"] = [&](const JsonField& f) {
        out.id = f.text(order::max_order_id);
        for (char c : out.id)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
                f.fail(msg("has a control character"), msg("write the number as issued"));
    };
    handlers["signatures"] = [&](const JsonField& f) {
        f.each([&](const JsonField& s) { out.signatures.push_back(parse_signature(s)); });
        if (out.signatures.empty()) f.fail(msg("is empty"), msg("an order needs at least one signature"));
        if (out.signatures.size() > trust::max_signatures)
            f.fail(msg("has %1 entries", out.signatures.size()), msg("keep at most %1", trust::max_signatures));
    };
    field.object(handlers);
    field.require({"id", "path", "sha256", "size", "signatures"});
    return out;
}

void check_unique(const JsonField& root, const std::vector<FeedOrder>& orders) {
    std::set<std::string> ids, paths;
    for (const auto& o : orders) {
        if (!ids.insert(o.id).second) root.fail(msg("order %1 appears twice", o.id), msg("keep one of them"));
        bool fresh = paths.insert(o.file.path).second;
        for (const auto& s : o.signatures) fresh = paths.insert(s.path).second && fresh;
        if (!fresh) root.fail(msg("a path of order %1 appears twice", o.id), msg("give each file its own path"));
    }
}

}  // namespace

Manifest parse_manifest(ByteView document, const std::string& source) {
    auto json = parse_strict_json(document, source);
    if (!json.is_object())
        throw Error(ErrorKind::usage, source, msg("is not a JSON object"), msg("a manifest is one { ... }"));
    JsonField root(json, "", source);
    root.require({"format", "name", "serial", "generated", "valid_until", "orders"});
    Manifest m;
    root.object({
        {"format",
         [](const JsonField& f) {
             if (auto s = f.text(); s != "saring-feed/1")
                 f.fail(msg("\"%1\" is not a format this version reads", s), "saring-feed/1");
         }},
        {"name",
         [&](const JsonField& f) {
             m.name = f.text(64);
             if (!config::is_feed_name(m.name))
                 f.fail(msg("\"%1\" is not a valid feed name", m.name),
                        msg("use letters, digits, '.', '_' and '-', a letter or digit first"));
         }},
        {"serial", [&](const JsonField& f) { m.serial = f.number(1, max_feed_serial); }},
        {"generated", [&](const JsonField& f) { m.generated = f.time(); }},
        {"valid_until", [&](const JsonField& f) { m.valid_until = f.time(); }},
        {"orders",
         [&](const JsonField& f) {
             if (f.json().size() > max_feed_orders)
                 f.fail(msg("has %1 entries", f.json().size()),
                        msg("a feed may have at most %1 orders", max_feed_orders));
             f.each([&](const JsonField& o) { m.orders.push_back(parse_feed_order(o)); });
             check_unique(f, m.orders);
         }},
    });
    if (m.valid_until <= m.generated)
        JsonField(json, "valid_until", source)
            .fail(msg("%1 is not after generated %2", format_rfc3339(m.valid_until), format_rfc3339(m.generated)),
                  msg("a feed must be valid for some time"));
    return m;
}

Bytes format_manifest(const Manifest& m) {
    using Json = JsonField::Json;
    auto file = [](const FeedFile& f) { return Json{{"path", f.path}, {"sha256", f.sha256}, {"size", f.size}}; };
    Json j{{"format", "saring-feed/1"},
           {"name", m.name},
           {"serial", m.serial},
           {"generated", format_rfc3339(m.generated)},
           {"valid_until", format_rfc3339(m.valid_until)},
           {"orders", Json::array()}};
    for (const auto& o : m.orders) {
        Json one{{"id", o.id}};
        one.update(file(o.file));
        for (const auto& s : o.signatures) one["signatures"].push_back(file(s));
        j["orders"].push_back(std::move(one));
    }
    return j.dump(1) + "\n";
}

std::string manifest_signature_path(ByteView manifest) { return "signatures/" + sha256_hex(manifest) + ".minisig"; }

}  // namespace saring::feed
