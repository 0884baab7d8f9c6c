#include "output/difference_output.h"

namespace saring::tool {
namespace {

// The change of an order, in one word.
const char* word(const std::optional<policy::OrderRecord>& before, const std::optional<policy::OrderRecord>& after) {
    if (!before) return marked("applied");
    if (!after) return marked("removed");
    if (before->lifted == policy::never && after->lifted != policy::never) return marked("revoked");
    if (before->lifted != policy::never && after->lifted == policy::never) return marked("restored");
    return marked("changed");
}

template <typename F>
void each_order(const ledger::Difference& d, F visit) {
    auto record = [](const std::optional<Bytes>& image) {
        return image ? std::optional(ledger::decode_order_record(*image)) : std::nullopt;
    };
    for (const auto& r : d.records) {
        if (r.table != ledger::RecordTable::orders) continue;
        auto before = record(r.before), after = record(r.after);
        visit(after ? *after : *before, word(before, after));
    }
}

std::string target(const ledger::EntryChange& e) {
    return e.address ? prefix_of_key(e.key).to_string() : name_of_key(e.key).to_string();
}

}  // namespace

DifferenceCounts count(const ledger::Difference& d) {
    DifferenceCounts c;
    for (const auto& e : d.entries)
        ++(e.address ? (e.added ? c.addresses_added : c.addresses_removed)
                     : (e.added ? c.names_added : c.names_removed));
    for (const auto& r : d.records) c.orders += r.table == ledger::RecordTable::orders ? 1 : 0;
    return c;
}

std::string in_words(const DifferenceCounts& c) {
    std::string out = trn("%1 name added", "%1 names added", c.names_added) + ", " +
                      trn("%1 name removed", "%1 names removed", c.names_removed) + ", ";
    if (c.addresses_added || c.addresses_removed)
        out += trn("%1 address added", "%1 addresses added", c.addresses_added) + ", " +
               trn("%1 address removed", "%1 addresses removed", c.addresses_removed) + ", ";
    return out + trn("%1 order changed", "%1 orders changed", c.orders);
}

namespace {

Json entries_json(const std::vector<ledger::EntryChange>& entries,
                  const std::function<void(Json&, const ledger::EntryChange&)>& add) {
    Json j;
    for (const char* kind : {"names", "addresses"}) j[kind] = {{"added", Json::array()}, {"removed", Json::array()}};
    for (const auto& e : entries) {
        Json entry{{e.address ? "address" : "name", target(e)}, {"match", to_string(e.entry.match)}};
        if (add) add(entry, e);
        j[e.address ? "addresses" : "names"][e.added ? "added" : "removed"].push_back(std::move(entry));
    }
    return j;
}

}  // namespace

Json difference_json(const ledger::Difference& d, bool entries) {
    auto c = count(d);
    Json j{{"names_added", c.names_added},
           {"names_removed", c.names_removed},
           {"addresses_added", c.addresses_added},
           {"addresses_removed", c.addresses_removed},
           {"orders", Json::array()}};
    each_order(d, [&](const policy::OrderRecord& r, const char* change) {
        j["orders"].push_back({{"id", r.id}, {"kind", to_string(r.kind)}, {"change", change}});
    });
    if (!entries) return j;
    j.update(entries_json(
        d.entries, [&](Json& entry, const ledger::EntryChange& e) { entry["order"] = d.ids.at(e.entry.order); }));
    return j;
}

void print_orders(const ledger::Difference& d) {
    each_order(d, [](const policy::OrderRecord& r, const char* change) {
        print(tr("order %1: %2", shown(r.id), tr(change)));
    });
}

void print_entries(const ledger::Difference& d) {
    for (const auto& e : d.entries)
        print(tr("%1%2%3, order %4", e.added ? "+ " : "- ", target(e),
                 e.address ? "" : std::string(" (") + to_string(e.entry.match) + ")", shown(d.ids.at(e.entry.order))));
}

Json edition_json(const ledger::EditionChange& c) {
    Json j{{"added", c.added}, {"removed", c.removed}};
    j.update(entries_json(c.entries, nullptr));
    return j;
}

std::vector<std::string> edition_lines(const ledger::EditionChange& c, std::size_t most) {
    std::vector<std::string> out;
    for (bool added : {false, true}) {
        std::size_t printed = 0;
        for (const auto& e : c.entries)
            if (e.added == added && printed++ < most) out.push_back((added ? "+ " : "- ") + target(e));
        auto all = added ? c.added : c.removed;
        if (auto shown = std::min(printed, most); shown < all)
            out.push_back((added ? "+ " : "- ") + tr("%1 more", all - shown));
    }
    return out;
}

}  // namespace saring::tool
