#include "rpz/collector.h"

#include <algorithm>

#include "name/lookup_key.h"

namespace saring::rpz {
namespace {

constexpr std::size_t max_examples = 10;

// Whether `names` blocks part of what `passed` covers at this name.
bool covered(const list::NameSet& names, const LookupKey& key, policy::Match passed) {
    for (std::size_t labels = key.labels(); labels > 0; --labels) {
        auto place = names.find(key.ancestor(labels));
        if (!place) continue;
        auto match = names.match(*place);
        if (covers_below(match) && (covers_below(passed) || labels < key.labels())) return true;
        if (covers_itself(match) && covers_itself(passed) && labels == key.labels()) return true;
    }
    return false;
}

}  // namespace

void RpzContent::require_landing(ErrorKind kind, const Message& source) const {
    if (list.size() > 0 || landings.empty()) return;
    const auto& largest = landings.front();
    throw Error(
        kind, source, msg("blocks nothing: %1 of its records redirect to \"%2\"", largest.records, largest.host),
        msg("if that is a landing page, name it: --landing %1, or in a feed landing = [\"%1\"]; nothing was changed",
            largest.host));
}

void RpzCollector::add(const RpzRecord& record, std::uint64_t line, std::string_view text) {
    switch (record.kind) {
        case RpzRecord::Kind::zone: return;
        case RpzRecord::Kind::block:
            if (record.address) return content.list.addresses.push_back(*record.address);
            return content.list.names.add(LookupKey(record.name).view(), record.match);
        case RpzRecord::Kind::pass:
            if (!record.address && passed_.size() < max_passed_kept)
                passed_.add(LookupKey(record.name).view(), record.match);
            return content.list.skip(line, text, record.why);
        case RpzRecord::Kind::unsupported:
            if (!record.landing.empty()) return add_landing(record, line, text);
            return content.list.skip(line, text, record.why);
        case RpzRecord::Kind::bad: return bad(line, text, record.why);
    }
}

bool RpzCollector::keeps_text(const RpzRecord& record) const {
    switch (record.kind) {
        case RpzRecord::Kind::zone:
        case RpzRecord::Kind::block: return false;
        case RpzRecord::Kind::bad: return content.list.bad.size() < list::max_bad_kept;
        case RpzRecord::Kind::pass:
        case RpzRecord::Kind::unsupported: break;
    }
    return content.list.skipped.size() < list::max_bad_kept &&
           (record.landing.empty() || landings_.count(record.landing) == 0);
}

// Records with the same redirect target share one message: a zone may consist of them.
void RpzCollector::add_landing(const RpzRecord& record, std::uint64_t line, std::string_view text) {
    auto& list = content.list;
    auto known = landings_.find(record.landing);
    if (known == landings_.end()) {
        if (landings_.size() == max_landings) return list.skip(line, text, msg("redirects to \"%1\"", record.landing));
        known = landings_.emplace(record.landing, Sent{}).first;
        if (list.skipped.size() < list::max_bad_kept) known->second.first = list.skipped.size();
        list.skip(line, text, {});
    } else {
        ++list.skipped_count;
    }
    ++known->second.records;
}

void RpzCollector::bad(std::uint64_t line, std::string_view text, const Message& why) {
    content.list.refuse(line, text, why);
}

RpzContent RpzCollector::finish() {
    content.list.format = list::ListFormat::rpz;
    content.list.names.sort_unique();
    auto& addresses = content.list.addresses;
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    for (const auto& [host, sent] : landings_) {
        content.landings.push_back({host, sent.records});
        if (sent.first < content.list.skipped.size())
            content.list.skipped[sent.first].reason =
                sent.records == 1 ? msg("redirects to \"%1\"; if that is a landing page, name it: --landing %1, or in "
                                        "a feed landing = [\"%1\"]",
                                        host)
                                  : msg("redirects to \"%1\", as %2 other records do; if that is a landing page, "
                                        "name it: --landing %1, or in a feed landing = [\"%1\"]",
                                        host, sent.records - 1);
    }
    landings_.clear();
    std::stable_sort(content.landings.begin(), content.landings.end(),
                     [](const auto& a, const auto& b) { return a.records > b.records; });
    passed_.sort_unique();
    for (std::size_t i = 0; i < passed_.size(); ++i) {
        OwnerName name = name_of_key(passed_[i]);
        if (!covered(content.list.names, LookupKey(name), passed_.match(i))) continue;
        if (++content.passed_but_covered <= max_examples) content.passed_examples.push_back(name.to_string());
    }
    passed_ = {};
    return std::move(content);
}

}  // namespace saring::rpz
