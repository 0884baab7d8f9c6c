#include "order/revocation.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace saring::order {
namespace {

constexpr std::size_t max_targets_listed = 3;

// Levenshtein distance: number of single-character edits.
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row[b.size()];
}

// The element that `text` is probably a typing error for.
std::optional<std::size_t> closest_match(const std::string& text, const std::vector<std::string>& all) {
    std::optional<std::size_t> best;
    std::size_t best_distance = std::max<std::size_t>(2, text.size() / 5) + 1;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto longer = std::max(text.size(), all[i].size()), shorter = std::min(text.size(), all[i].size());
        if (longer - shorter >= best_distance) continue;
        if (auto d = distance(text, all[i]); d < best_distance) {
            best_distance = d;
            best = i;
        }
    }
    return best;
}

std::string first_of(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), max_targets_listed); ++i) out += (i ? ", " : "") + names[i];
    return out;
}

// For a `name` that is not a target of the order, with `below` also for no target below it.
Message why_not_listed(const std::string& id, const OwnerName& name, bool below, const Order& lifted) {
    std::vector<std::string> all, lower;
    std::string above;
    for (const auto& d : lifted.domains) {
        auto text = d.name.to_string();
        if (d.name.is_at_or_below(name)) lower.push_back(text);
        if (name.is_at_or_below(d.name) && covers_below(d.match) && text.size() > above.size()) above = text;
        all.push_back(std::move(text));
    }
    auto text = name.to_string();
    Message why = below ? msg("order %1 lists neither %2 nor a name below it", id, text)
                        : msg("order %1 does not list %2", id, text);
    if (!lower.empty())
        return why + msg("; it lists %1, which is below: lift that, or %2 with all below it (--revoke-below)",
                         first_of(lower), text);
    if (!above.empty())
        return why + msg("; it lists %1, which covers it: lift that, or let %2 pass by an order of action passthru",
                         above, text);
    if (auto near = closest_match(text, all)) return why + msg("; it lists %1: did you mean that?", all[*near]);
    if (all.empty()) return why + msg("; it lists no names");
    return why + (all.size() > max_targets_listed
                      ? msg("; it lists %1 and %2 more", first_of(all), all.size() - max_targets_listed)
                      : msg("; it lists %1", first_of(all)));
}

}  // namespace

bool lifts(const Revocation& r, const OwnerName& target) {
    if (!r.domain) return true;
    return r.match == policy::Match::exact ? target == *r.domain : target.is_at_or_below(*r.domain);
}

Message why_nothing_is_lifted(const Revocation& r, const Order& lifted) {
    if (!r.domain) {
        if (!lifted.domains.empty() || !lifted.addresses.empty()) return {};
        return msg("order %1 has no targets; what it lifted stays lifted: to block that again, order it anew",
                   lifted.id);
    }
    if (std::any_of(lifted.domains.begin(), lifted.domains.end(), [&](const auto& d) { return lifts(r, d.name); }))
        return {};
    return why_not_listed(lifted.id, *r.domain, r.match != policy::Match::exact, lifted);
}

Message why_unknown(const std::string& id, const Message& where, const std::vector<std::string>& known) {
    Message why = msg("order %1 is not in %2", id, where);
    if (auto near = closest_match(id, known)) return why + msg("; order %1 is: did you mean that?", known[*near]);
    return why;
}

Message in_words(const Revocation& r) {
    if (!r.domain) return msg("order %1", r.order);
    auto name = r.domain->to_string();
    return r.match == policy::Match::exact ? msg("%1 of order %2", name, r.order)
                                           : msg("%1 and all below it of order %2", name, r.order);
}

}  // namespace saring::order
