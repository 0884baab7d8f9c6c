// Configuration of Unbound, unbound.conf(5):
//   local-zone: "name" always_nxdomain            and other types without a useful answer: a block of the subtree
//   local-data: "name A 0.0.0.0"                  a null address, as in a hosts file
//   local-data: "name A 192.0.2.80"               data of its own: neither the name nor a zone above it is a block
// Types that let names resolve (transparent, typetransparent, nodefault, inform, ...) are not blocks.
#include <algorithm>
#include <array>

#include "listfile/list_rules.h"

namespace saring::listfile {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<const char*> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

class UnboundRules : public ListRules {
public:
    void line(std::string_view text, ListSink& sink) override {
        text = without_comment(text, "#");
        if (text.empty()) return;
        auto remaining = text;
        do {  // a line may have several settings
            auto key = token(remaining);
            if (key.size() < 2 || key.back() != ':' ||
                key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != key.size() - 1)
                return sink.bad(msg("is not a line of an Unbound configuration"));
            key.remove_suffix(1);
            if (key == "local-zone") {
                auto name = token(remaining);
                zone(name, token(remaining), sink);
            } else if (key == "local-data") {
                data(token(remaining), sink);
            } else {
                if (is_one_of(key, {"server", "remote-control", "python", "dynlib"})) continue;  // a section
                return sink.skip(msg("is another setting"));
            }
        } while (!trimmed(remaining).empty());
    }

private:
    static std::string_view token(std::string_view& remaining) {
        remaining = trimmed(remaining);
        if (remaining.empty() || (remaining.front() != '"' && remaining.front() != '\'')) {
            // `local-zone:"name"` is allowed too.
            auto colon = remaining.find(':');
            if (colon != std::string_view::npos && colon + 1 < remaining.size() &&
                (remaining[colon + 1] == '"' || remaining[colon + 1] == '\'') &&
                remaining.find_first_of(" \t") > colon) {
                auto out = remaining.substr(0, colon + 1);
                remaining.remove_prefix(colon + 1);
                return out;
            }
            return next_word(remaining);
        }
        auto close = remaining.find(remaining.front(), 1);
        auto out = remaining.substr(1, close == std::string_view::npos ? close : close - 1);
        remaining = close == std::string_view::npos ? std::string_view() : remaining.substr(close + 1);
        return out;
    }

    static void zone(std::string_view name, std::string_view type, ListSink& sink) {
        sink.marks_format();
        if (is_one_of(type, {"deny", "refuse", "static", "redirect", "inform_deny", "inform_redirect", "always_deny",
                             "always_refuse", "always_nxdomain", "always_nodata", "always_null"})) {
            sink.name(name);
        } else if (is_one_of(type, {"transparent", "typetransparent", "always_transparent", "nodefault", "inform",
                                    "noview", "block_a", "ipset", "truncate"})) {
            sink.skip(msg("is a zone of a type that lets names resolve"));
        } else {
            sink.bad(msg("is a zone of no known type"));
        }
    }

    // The record: owner, optionally TTL and class, then type and data.
    static void data(std::string_view record, ListSink& sink) {
        sink.marks_format();
        auto remaining = record;
        auto owner = next_word(remaining);
        auto type = next_word(remaining);
        while (!type.empty() &&
               (type == "IN" || type == "in" || type.find_first_not_of("0123456789") == std::string_view::npos))
            type = next_word(remaining);
        Prefix address;
        bool addressed = is_one_of(type, {"A", "a", "AAAA", "aaaa"}) && parse_address(next_word(remaining), address);
        if (addressed && leads_nowhere(address)) return void(sink.name(owner));
        sink.answer(owner);
        sink.skip(addressed ? msg("points to a real address, which is not a block")
                            : msg("answers with data of its own, which is not a block"));
    }
};

}  // namespace

std::unique_ptr<ListRules> make_unbound_rules() { return std::make_unique<UnboundRules>(); }

}  // namespace saring::listfile
