// Collects a policy zone's records into a list: blocks become targets, other records are reported.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "list/list_content.h"
#include "rpz/record.h"

namespace saring::rpz {

struct RpzContent {
    // A redirect target that is not configured as a landing page.
    struct Landing {
        std::string host;
        std::uint64_t records = 0;
    };
    list::ListContent list;
    std::optional<std::uint32_t> serial;  // of the SOA
    std::vector<Landing> landings;        // most records first
    // Names that the zone passes below a name that it blocks, with some examples.
    std::uint64_t passed_but_covered = 0;
    std::vector<std::string> passed_examples;

    // Throws Error(kind) when the zone blocks nothing because its redirect targets are not configured as landing pages.
    void require_landing(ErrorKind kind, const Message& source) const;
};

class RpzCollector {
public:
    // `text` is the record's text, for messages; empty if keeps_text() is false.
    void add(const RpzRecord& record, std::uint64_t line, std::string_view text);
    // Whether add() stores the record's text.
    bool keeps_text(const RpzRecord& record) const;
    void bad(std::uint64_t line, std::string_view text, const Message& why);
    // Sorts and returns the content; the collector is empty afterwards.
    RpzContent finish();

    RpzContent content;

private:
    static constexpr std::size_t max_passed_kept = 100000, max_landings = 1000;
    void add_landing(const RpzRecord& record, std::uint64_t line, std::string_view text);

    list::NameSet passed_;
    struct Sent {
        std::uint64_t records = 0;
        std::size_t first = list::max_bad_kept;  // its index in list.skipped; max_bad_kept: none
    };
    std::map<std::string, Sent> landings_;
};

}  // namespace saring::rpz
