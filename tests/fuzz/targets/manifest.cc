// feed.json, and receipts, which are JSON of the same strictness.
#include "feed/manifest.h"
#include "../fuzz.h"
#include "receipt/receipt.h"

namespace saring::fuzz {

void one(ByteView input) {
    accepted(ErrorKind::usage, [&] {
        auto m = feed::parse_manifest(input, "feed.json");
        auto inside = [](const feed::FeedFile& f) {
            demand(!f.path.empty() && f.path[0] != '/' && ("/" + f.path + "/").find("/../") == std::string::npos &&
                       f.path.find('\0') == std::string::npos,
                   "a path that leaves the feed");
        };
        for (const auto& o : m.orders) {
            inside(o.file);
            for (const auto& s : o.signatures) inside(s);
        }
        Bytes written = feed::format_manifest(m);
        demand(feed::parse_manifest(written, "feed.json").orders == m.orders,
               "a manifest that reads otherwise than it was written");
    });
    accepted(ErrorKind::usage, [&] {
        Bytes written = receipt::format_receipt(receipt::parse_receipt(input, "receipt.json"));
        demand(receipt::format_receipt(receipt::parse_receipt(written, "receipt.json")) == written,
               "a receipt that reads otherwise than it was written");
    });
}

}  // namespace saring::fuzz
