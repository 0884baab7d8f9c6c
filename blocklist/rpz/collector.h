// Gathers a policy zone's records into a list: what blocks goes in, the rest is told.
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
    // A host or address that nobody named as a landing page, and to which the zone sends people.
    struct Landing {
        std::string host;
        std::uint64_t records = 0;
    };
    list::ListContent list;
    std::optional<std::uint32_t> serial;  // of the SOA
    std::vector<Landing> landings;        // most records first
    // Names that the zone passes although it blocks a name above them, a few of them by name.
    std::uint64_t passed_but_covered = 0;
    std::vector<std::string> passed_examples;

    // Throws Error(kind) for a zone that blocks nothing because its records lead to places that nobody named as landing
    // pages.
    void require_landing(ErrorKind kind, const Message& source) const;
};

class RpzCollector {
public:
    // `text` is the record as it stands there, for what is told about it; empty where nothing is, see tells().
    void add(const RpzRecord& record, std::uint64_t line, std::string_view text);
    // Whether add() keeps the record's text.
    bool tells(const RpzRecord& record) const;
    void bad(std::uint64_t line, std::string_view text, const Message& why);
    // Sorts; the collector is empty afterwards.
    RpzContent finish();

    RpzContent content;

private:
    static constexpr std::size_t max_passed_kept = 100000, max_landings = 1000;
    void add_landing(const RpzRecord& record, std::uint64_t line, std::string_view text);

    list::NameSet passed_;
    struct Sent {
        std::uint64_t records = 0;
        std::size_t first = list::max_bad_kept;  // its place in list.skipped; max_bad_kept: not kept
    };
    std::map<std::string, Sent> landings_;
};

}  // namespace saring::rpz
