#include "rpz/policy_zone.h"

#include <algorithm>

#include "name/lookup_key.h"

namespace saring::rpz {
namespace {

class Sink : public RpzSink {
public:
    explicit Sink(PolicyZoneFile& out) : out_(out) {}
    bool record(const ldns_rr* rr, const OwnerName& apex, std::uint64_t, std::string_view) override {
        RpzPolicy policy;
        if (!read_rpz_policy(rr, apex, policy)) return false;
        out_.zone.add(policy);
        return true;
    }
    void bad(std::uint64_t, std::string_view, const Message&) override { ++out_.unread; }
    void serial(std::uint32_t) override {}

private:
    PolicyZoneFile& out_;
};

}  // namespace

std::uint32_t PolicyZone::interned(ZoneAnswer answer) {
    auto [place, fresh] =
        places_.try_emplace({answer.action, answer.targets}, static_cast<std::uint32_t>(answers_.size()));
    if (fresh) answers_.push_back(std::move(answer));
    return place->second;
}

void PolicyZone::add(const RpzPolicy& policy) {
    LookupKey key(policy.name);
    ZoneAnswer answer{policy.action, {}};
    if (!policy.target.empty()) answer.targets.push_back(policy.target);
    records_.push_back(
        {arena_.size(), interned(std::move(answer)), static_cast<std::uint16_t>(key.view().size()), policy.wildcard});
    arena_.append(key.view());
}

void PolicyZone::finish() {
    std::stable_sort(records_.begin(), records_.end(), [this](const Record& a, const Record& b) {
        auto order = key(a).compare(key(b));
        return order != 0 ? order < 0 : a.wildcard < b.wildcard;
    });
    // Merge several records of one name into one answer: addresses are combined, data of other types is ignored then.
    std::size_t kept = 0;
    for (std::size_t i = 0; i < records_.size(); ++i) {
        if (kept == 0 || key(records_[kept - 1]) != key(records_[i]) ||
            records_[kept - 1].wildcard != records_[i].wildcard) {
            records_[kept++] = records_[i];
            continue;
        }
        ZoneAnswer both = answers_[records_[kept - 1].answer];
        const ZoneAnswer& more = answers_[records_[i].answer];
        if (both.action == RpzAction::nodata) both = more;
        else if (more.action == RpzAction::redirect)
            both.targets.insert(both.targets.end(), more.targets.begin(), more.targets.end());
        std::sort(both.targets.begin(), both.targets.end());
        both.targets.erase(std::unique(both.targets.begin(), both.targets.end()), both.targets.end());
        records_[kept - 1].answer = interned(std::move(both));
    }
    records_.resize(kept);
}

OwnerName PolicyZone::name(std::size_t i) const { return name_of_key(key(records_[i])); }

std::size_t PolicyZone::first_not_below(ByteView wanted, bool wildcard) const {
    auto at = std::lower_bound(records_.begin(), records_.end(), wanted, [&](const Record& r, ByteView k) {
        auto order = key(r).compare(k);
        return order != 0 ? order < 0 : r.wildcard < wildcard;
    });
    return static_cast<std::size_t>(at - records_.begin());
}

const ZoneAnswer* PolicyZone::at(const OwnerName& name, bool wildcard) const {
    LookupKey wanted(name);
    auto i = first_not_below(wanted.view(), wildcard);
    if (i == records_.size() || key(records_[i]) != wanted.view() || records_[i].wildcard != wildcard) return nullptr;
    return &answers_[records_[i].answer];
}

OwnerName PolicyZone::closest_encloser(const OwnerName& name) const {
    LookupKey wanted(name);
    auto i = first_not_below(wanted.view(), false);
    // Keys are sorted in tree order, so the key that shares most labels with the name is a neighbour of its position.
    std::size_t labels = 0;
    if (i < records_.size()) labels = wanted.labels_within(common_size(key(records_[i]), wanted.view()));
    if (i > 0) labels = std::max(labels, wanted.labels_within(common_size(key(records_[i - 1]), wanted.view())));
    return name.suffix(labels);
}

const ZoneAnswer& PolicyZone::ask(const OwnerName& name) const {
    if (const auto* own = at(name, false)) return *own;
    auto encloser = closest_encloser(name);
    if (encloser != name)
        if (const auto* wild = at(encloser, true)) return *wild;
    return answers_[0];
}

PolicyZoneFile read_policy_zone(std::istream& in, const std::string& origin, const std::string& source,
                                Progress& progress) {
    PolicyZoneFile out;
    Sink sink(out);
    read_rpz_records(in, origin, sink, progress);
    out.zone.finish();
    if (out.zone.size() == 0)
        throw Error(
            ErrorKind::usage, source,
            msg("has no record about a name%1", out.unread ? msg("; %1 could not be read", out.unread) : std::string()),
            msg("give the policy zone's file, and --origin where its records are absolute and it has no SOA"));
    return out;
}

}  // namespace saring::rpz
