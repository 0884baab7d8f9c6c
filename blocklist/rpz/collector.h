// Gathers a policy zone's records into a list: what blocks goes in, the rest is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "import/list_parse.h"
#include "rpz/record.h"

namespace saring {

struct RpzContent {
    ListContent list;
    std::optional<std::uint32_t> serial;  // of the SOA
    // Names that the zone passes although it blocks a name above them, a few of them by name.
    std::uint64_t passed_but_covered = 0;
    std::vector<std::string> passed_examples;
};

class RpzCollector {
public:
    // `text` is the record as it stands there, for what is told about it.
    void add(const RpzRecord& record, std::uint64_t line, std::string_view text);
    void bad(std::uint64_t line, std::string_view text, const Message& why);
    // Sorts; the collector is empty afterwards.
    RpzContent finish();

    RpzContent content;

private:
    static constexpr std::size_t max_passed_kept = 100000;
    NameSet passed_;
};

}  // namespace saring
