// One look at hits for a page: of this host's hit log, or of a fleet in ClickHouse.
#pragma once

#include <functional>
#include <memory>

#include "hits_view/hits_counts.h"

namespace saring::tool::console {

class HitsLook {
public:
    using Direction = hits::HitsReader::Direction;

    virtual ~HitsLook() = default;
    // All but reader() throw hits::LookEnded when the page has looked for long enough.
    virtual void each(const hitlog::HitFilter& filter, Direction direction, std::size_t at_most,
                      const std::function<bool(const hitlog::Hit&)>& visit) const = 0;
    virtual TopCounted top(const TopKind& kind, const hitlog::HitFilter& filter, std::size_t most,
                           bool with_orders) const = 0;
    // The same for several kinds.
    virtual std::vector<TopCounted> tops(const std::vector<const TopKind*>& kinds, const hitlog::HitFilter& filter,
                                         std::size_t most) const {
        std::vector<TopCounted> out;
        for (const auto* kind : kinds) out.push_back(top(*kind, filter, most, false));
        return out;
    }
    virtual hits::Histogram histogram(const hitlog::HitFilter& filter, hitlog::Microseconds width,
                                      std::optional<hits::TallyBy> by) const = 0;
    virtual HitsSource source(const hitlog::HitFilter& filter, bool from_records) const = 0;
    virtual std::uint64_t count(hitlog::Microseconds since, hitlog::Microseconds until) const = 0;
    virtual const hits::HitsReader* reader() const { return nullptr; }  // null: of a fleet
};

// Throws hits::NoHitLog.
std::unique_ptr<HitsLook> look_at_host(std::shared_ptr<hits::HitLog> log, std::function<bool()> is_over);

}  // namespace saring::tool::console
