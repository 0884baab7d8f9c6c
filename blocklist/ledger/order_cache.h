// Order records as last read, decoded, so that a blocked query need not take one apart:
// most blocks of a moment come from a few orders. As much as `places` records, whatever is
// asked; true for one state of the database and cleared by the owner when that changes.
#pragma once

#include <array>
#include <memory>

#include "ledger/records.h"

namespace saring::ledger {

class OrderCache {
public:
    static constexpr std::size_t places = 64;

    // Null when it is not here.
    const std::shared_ptr<const policy::OrderRecord>& find(policy::OrderIndex index) const {
        static const std::shared_ptr<const policy::OrderRecord> none;
        const auto& place = places_[index % places];
        return place.index == index ? place.record : none;
    }
    void keep(policy::OrderIndex index, std::shared_ptr<const policy::OrderRecord> record) { places_[index % places] = {index, std::move(record)}; }
    void clear() {
        for (auto& place : places_) place = {};
    }

private:
    struct Place {
        policy::OrderIndex index = 0;
        std::shared_ptr<const policy::OrderRecord> record;
    };
    std::array<Place, places> places_;
};

}  // namespace saring::ledger
