#include "rpz/collector.h"

#include <algorithm>

#include "name/lookup_key.h"

namespace saring {
namespace {

constexpr std::size_t max_examples = 10;

std::optional<Match> find(const NameSet& names, ByteView key) {
    std::size_t low = 0, high = names.size();
    while (low < high) {
        auto middle = low + (high - low) / 2;
        if (names[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < names.size() && names[low] == key) return names.match(low);
    return std::nullopt;
}

// Whether some of what `passed` covers at this name is blocked.
bool covered(const NameSet& names, const LookupKey& key, Match passed) {
    for (std::size_t labels = key.labels(); labels > 0; --labels) {
        auto match = find(names, key.ancestor(labels));
        if (!match) continue;
        if (covers_below(*match) && (covers_below(passed) || labels < key.labels())) return true;
        if (covers_itself(*match) && covers_itself(passed) && labels == key.labels()) return true;
    }
    return false;
}

}  // namespace

void RpzCollector::add(const RpzRecord& record, std::uint64_t line, std::string_view text) {
    switch (record.kind) {
        case RpzRecord::Kind::zone: return;
        case RpzRecord::Kind::block: return content.list.names.add(LookupKey(record.name).view(), record.match);
        case RpzRecord::Kind::pass:
            if (passed_.size() < max_passed_kept) passed_.add(LookupKey(record.name).view(), record.match);
            return content.list.skip(line, text, record.why);
        case RpzRecord::Kind::unlike: return content.list.skip(line, text, record.why);
        case RpzRecord::Kind::bad: return bad(line, text, record.why);
    }
}

void RpzCollector::bad(std::uint64_t line, std::string_view text, const Message& why) { content.list.refuse(line, text, why); }

RpzContent RpzCollector::finish() {
    content.list.names.sort_unique();
    passed_.sort_unique();
    for (std::size_t i = 0; i < passed_.size(); ++i) {
        OwnerName name = name_of_key(passed_[i]);
        if (!covered(content.list.names, LookupKey(name), passed_.match(i))) continue;
        if (++content.passed_but_covered <= max_examples) content.passed_examples.push_back(name.to_string());
    }
    passed_ = {};
    return std::move(content);
}

}  // namespace saring
