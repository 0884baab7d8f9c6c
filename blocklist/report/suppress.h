// Small numbers that nobody is to learn from a table of counts, and what else must go so that
// they cannot be computed.
//
// A table here is a partition: its cells add up to a total that readers know. A cell below
// the threshold is `few`; none at all counts as few, too, so that it stays open whether
// anybody asked. One hidden cell alone is the total less the others, so further ones are
// withheld until every few cell could still be anything from 0 to threshold - 1, given the
// total, the cells shown and what the marks say. Where no choice achieves that, the whole table is
// withheld.
//
// Tables of the same hits share their total. Between them only inequalities hold (an order that
// is for one region, or from one day on), and the sum of the hidden cells, always at least the
// threshold, keeps these from pinning a few cell.
#pragma once

#include <cstdint>
#include <vector>

#include "report/figures.h"

namespace saring::report {

// The cells as they may be shown, in their order. `total`: what readers know of the sum.
std::vector<Figure> suppressed(const std::vector<std::uint64_t>& cells, const Figure& total, std::uint64_t threshold);

// One that stands alone.
Figure suppressed(std::uint64_t count, std::uint64_t threshold);

}  // namespace saring::report
