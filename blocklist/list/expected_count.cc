#include "list/expected_count.h"

#include <charconv>

namespace saring::list {

ExpectedCount ExpectedCount::parse(const std::string& text, const Message& field) {
    ExpectedCount out;
    const char *at = text.data(), *end = at + text.size();
    auto number = [&](std::uint64_t& n) {
        auto [next, fault] = std::from_chars(at, end, n);
        at = next;
        return fault == std::errc();
    };
    bool sound = number(out.min);
    out.max = out.min;
    if (sound && at != end && *at == '-') {
        ++at;
        sound = number(out.max);
    }
    if (!sound || at != end || out.min > out.max || out.max == 0)
        throw Error(ErrorKind::usage, field, msg("\"%1\" is not a number of names and addresses", text),
                    msg("write e.g. 900 or 90000-110000"));
    return out;
}

void ExpectedCount::require(const std::string& text, std::uint64_t found, const Message& field, const Message& source) {
    auto expected = parse(text, field);
    if (found >= expected.min && found <= expected.max) return;
    throw Error(ErrorKind::refused, source,
                msg("has %1 names and addresses, but %2 are expected (%3)", found, text, field),
                msg("nothing was changed; ask the publisher, or correct the number"));
}

}  // namespace saring::list
