// Order records as last read, decoded, so that a blocked query need not take one apart:
// most blocks of a moment come from a few orders. As much as `places` records, whatever is
// asked; true for one state of the database and cleared by the owner when that changes.
#pragma once

#include <array>
#include <memory>

#include "store/records.h"

namespace saring {

class OrderCache {
public:
    static constexpr std::size_t places = 64;

    // Null when it is not here.
    const std::shared_ptr<const OrderRecord>& find(OrderIndex index) const {
        static const std::shared_ptr<const OrderRecord> none;
        const auto& place = places_[index % places];
        return place.index == index ? place.record : none;
    }
    void keep(OrderIndex index, std::shared_ptr<const OrderRecord> record) { places_[index % places] = {index, std::move(record)}; }
    void clear() {
        for (auto& place : places_) place = {};
    }

private:
    struct Place {
        OrderIndex index = 0;
        std::shared_ptr<const OrderRecord> record;
    };
    std::array<Place, places> places_;
};

}  // namespace saring
