// The content of a list after parsing: names, addresses, and each other line with the reason why it was left out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "list/list_format.h"
#include "list/targets.h"

namespace saring::list {

struct BadLine {
    std::uint64_t line;
    std::string text;
    Message reason;     // the same for all lines of its kind
    Message hint = {};  // what was probably meant, or what is accepted

    Message explanation() const { return hint.empty() ? reason : reason + "; " + hint; }
};

constexpr std::size_t max_bad_kept = 1000;
constexpr std::size_t max_reasons = 64;  // further ones are counted together

struct ReasonCount {
    Message reason;
    std::uint64_t count = 0;
};

// How well a text fits a format: lines with content, and how many of them the format accepts.
struct FormatFit {
    std::uint64_t lines = 0, fitting = 0;

    bool most() const { return fitting * 2 >= lines; }
};

struct ListContent : Targets {
    std::uint64_t lines = 0;
    std::uint64_t bad_count = 0, skipped_count = 0;
    std::vector<BadLine> bad;      // invalid lines, the first max_bad_kept
    std::vector<BadLine> skipped;  // valid lines that a list cannot carry, the first max_bad_kept
    std::map<std::string, ReasonCount, std::less<>> bad_reasons, skipped_reasons;  // keyed by the English reason
    ListFormat format = ListFormat::domains;
    FormatFit fit;  // of `format`

    void refuse(std::uint64_t line, std::string_view text, const Message& reason, const Message& hint = {}) {
        keep(bad, bad_count, bad_reasons, line, text, reason, hint);
    }
    void skip(std::uint64_t line, std::string_view text, const Message& reason, const Message& hint = {}) {
        keep(skipped, skipped_count, skipped_reasons, line, text, reason, hint);
    }

private:
    static void keep(std::vector<BadLine>& kept, std::uint64_t& count,
                     std::map<std::string, ReasonCount, std::less<>>& reasons, std::uint64_t line,
                     std::string_view text, const Message& reason, const Message& hint) {
        ++count;
        if (kept.size() < max_bad_kept) kept.push_back({line, std::string(text.substr(0, 200)), reason, hint});
        if (reason.empty()) return;  // the caller sets it later
        auto key = reason.english();
        if (reasons.size() >= max_reasons && reasons.find(key) == reasons.end()) key.clear();
        auto& explanation = reasons[key];
        if (explanation.count++ == 0) explanation.reason = key.empty() ? msg("other reasons") : reason;
    }
};

}  // namespace saring::list
