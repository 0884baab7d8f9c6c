#include "console/hits_look.h"

namespace saring::tool::console {
namespace {

class HostLook : public HitsLook {
public:
    HostLook(std::shared_ptr<hits::HitLog> log, std::function<bool()> is_over)
        : reader_(std::move(log), std::move(is_over)) {}
    void each(const hitlog::HitFilter& filter, Direction direction, std::size_t,
              const std::function<bool(const hitlog::Hit&)>& visit) const override {
        reader_.each(filter, direction, visit);
    }
    TopCounted top(const TopKind& kind, const hitlog::HitFilter& filter, std::size_t most,
                   bool with_orders) const override {
        return count_top(reader_, kind, filter, most, with_orders);
    }
    // Of a name's hits, which are in the records alone, in one pass over them.
    std::vector<TopCounted> tops(const std::vector<const TopKind*>& kinds, const hitlog::HitFilter& filter,
                                 std::size_t most) const override {
        if (!filter.name) return HitsLook::tops(kinds, filter, most);
        std::vector<hits::RecordTally> wanted;
        for (const auto* kind : kinds) wanted.push_back({kind->by, most});
        auto tallies = hits::tally_records(reader_, wanted, filter);
        auto from = source(filter, true);
        std::vector<TopCounted> out;
        for (std::size_t i = 0; i < kinds.size(); ++i) out.push_back({kinds[i], false, std::move(tallies[i]), from});
        return out;
    }
    hits::Histogram histogram(const hitlog::HitFilter& filter, hitlog::Microseconds width,
                              std::optional<hits::TallyBy> by) const override {
        return hits::histogram(reader_, filter, width, by);
    }
    HitsSource source(const hitlog::HitFilter& filter, bool from_records) const override {
        return source_of(reader_, filter, from_records);
    }
    std::uint64_t count(hitlog::Microseconds since, hitlog::Microseconds until) const override {
        return reader_.count(since, until);
    }
    const hits::HitsReader* reader() const override { return &reader_; }

private:
    const hits::HitsReader reader_;
};

}  // namespace

std::unique_ptr<HitsLook> look_at_host(std::shared_ptr<hits::HitLog> log, std::function<bool()> is_over) {
    return std::make_unique<HostLook>(std::move(log), std::move(is_over));
}

}  // namespace saring::tool::console
