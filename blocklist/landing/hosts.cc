#include "landing/hosts.h"

#include <optional>

namespace saring::landing {
namespace {

// The best choice at one name, as its entries are read.
class Best {
public:
    void take(const PageOrder& o, policy::OrderIndex index) {
        policy::OrderPrecedence s{o.rank == PageRank::pass, o.issued, index};
        if (precedence_ && (o.rank < choice_.rank || (o.rank == choice_.rank && !outranks(s, *precedence_)))) return;
        precedence_ = s;
        choice_ = {o.rank, o.rank == PageRank::pass ? 0 : index};
    }
    void take_ended() {
        if (!precedence_) choice_ = {PageRank::ended, 0};
    }
    const PageChoice& choice() const { return choice_; }

private:
    std::optional<policy::OrderPrecedence> precedence_;
    PageChoice choice_;
};

// What holds, of what the name says itself and what is said above it.
PageChoice stronger(const PageChoice& own, const PageChoice& above) {
    switch (own.rank) {
        case PageRank::none: return above;
        case PageRank::ended: return above.rank == PageRank::none ? own : above;
        case PageRank::provider: return above.rank == PageRank::order ? above : own;
        case PageRank::order:
        case PageRank::pass: return own;
    }
    return own;
}

}  // namespace

HostWalk::Own HostWalk::own(const policy::Entries* entries, const policy::Match* ended) const {
    Best itself, below;
    Own out;
    for (std::size_t i = 0; entries && i < entries->size(); ++i) {
        policy::Entry e = (*entries)[i];
        auto known = orders_.find(e.order);
        if (known == orders_.end()) continue;
        if (covers_itself(e.match)) {
            itself.take(known->second, e.order);
            out.passes_itself |= known->second.own_pass;
        }
        if (covers_below(e.match)) {
            below.take(known->second, e.order);
            out.passes_below |= known->second.own_pass;
        }
    }
    if (ended) {
        if (covers_itself(*ended)) itself.take_ended();
        if (covers_below(*ended)) below.take_ended();
    }
    out.itself = itself.choice();
    out.below = below.choice();
    return out;
}

void HostWalk::add(ByteView key, const policy::Entries* entries, const policy::Match* ended) {
    while (!levels_.empty() && key.substr(0, levels_.back().key.size()) != levels_.back().key) levels_.pop_back();
    PageChoice above = levels_.empty() ? PageChoice{} : levels_.back().below;
    if (!levels_.empty() && levels_.back().passes) return;

    Own mine = own(entries, ended);
    PageChoice itself = stronger(mine.itself, above), below = stronger(mine.below, above);
    bool tell_itself = !itself.same_page(above), tell_below = !below.same_page(above);
    if (tell_itself && tell_below && itself.same_page(below)) {
        emit_(key, {true, true, itself});
    } else {
        if (tell_itself) emit_(key, {true, false, itself});
        if (tell_below) emit_(key, {false, true, below});
    }
    if (tell_below || mine.passes_below) levels_.push_back({Bytes(key), below, mine.passes_below});
}

void walk_hosts(const ledger::Snapshot& snapshot, const PageOrders& orders, const EndedNames& ended,
                const HostWalk::Emit& emit) {
    HostWalk walk(orders, emit);
    auto waiting = ended.begin();
    ledger::lmdb::Cursor cursor(snapshot.transaction(), snapshot.tables().names);
    for (auto item = cursor.first(); item; item = cursor.next()) {
        for (; waiting != ended.end() && waiting->first < item->key; ++waiting)
            walk.add(waiting->first, nullptr, &waiting->second);
        policy::Entries entries(item->value);
        bool both = waiting != ended.end() && waiting->first == item->key;
        walk.add(item->key, &entries, both ? &waiting->second : nullptr);
        if (both) ++waiting;
    }
    for (; waiting != ended.end(); ++waiting) walk.add(waiting->first, nullptr, &waiting->second);
}

std::string map_line(ByteView key, const HostLine& line, const std::string& page) {
    auto name = name_of_key(key).to_string();
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") != std::string::npos || name == ".")
        return {};
    const char* before = line.itself && line.below ? "." : line.below ? "*." : "";
    // A single label could be one of nginx's own words ("default", "include").
    if (!line.below && name.find('.') == std::string::npos) before = "\\";
    return before + name + " " + page + ";\n";
}

}  // namespace saring::landing
