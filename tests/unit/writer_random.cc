// Random transactions against a model without keys, indexes and journals: orders by id, and what each covers of each
// name.
#include <functional>
#include <map>
#include <set>

#include "ledger/check.h"
#include "store_support.h"

namespace saring::test::writer_random_test {
namespace {

// The coverage of a name: the name itself, names below it, or both.
using Cover = unsigned;
constexpr Cover itself = 1, below = 2, both = 3;

policy::Match match_of_cover(Cover c) {
    return c == itself ? policy::Match::exact : c == below ? policy::Match::below : policy::Match::subtree;
}

struct Known {
    policy::OrderKind kind = policy::OrderKind::order;
    bool lifted = false;
    UnixTime expires = 0;
    std::uint64_t applied = 0, written = 0;  // serials of its last application and its last change
    std::map<std::string, Cover> names;
    std::set<std::string> addresses;
    bool operator==(const Known&) const = default;
};

struct State {
    std::map<std::string, Known> orders;
    std::set<std::pair<std::string, std::string>> lifts;  // id, and a name, or "" for the whole order
    bool operator==(const State&) const = default;
};

struct Model {
    State now;
    std::vector<State> at{State{}};  // by serial
    bool changed = false;            // in the current transaction

    std::uint64_t serial() const { return at.size() - 1; }
    std::uint64_t next() const { return at.size(); }
    void commit() {
        if (changed) at.push_back(now);
        changed = false;
    }
    void abort() {
        now = at.back();
        changed = false;
    }
    Known& touch(const std::string& id) {
        changed = true;
        auto& known = now.orders[id];
        known.written = next();
        return known;
    }
    void lift_whole(const std::string& id) {
        auto& known = touch(id);
        known.lifted = true;
        known.names.clear();
        known.addresses.clear();
    }
};

using Names = std::map<std::string, Cover>;

list::NameSet set_of(const Names& names) {
    list::NameSet out;
    for (const auto& [text, cover] : names) out.add(key_of(text), match_of_cover(cover));
    out.sort_unique();
    return out;
}

// One random walk: each step is applied to the Writer and to the model, which must agree on refusals.
class Walk {
public:
    Walk(Store& store, std::uint32_t seed) : store_(store), random_(seed) {}

    void transaction() {
        ledger::Writer writer(store_.db);
        if (random_.one_in(6)) {
            roll_back(writer);
        } else {
            for (auto n = random_.between(1, 4); n > 0; --n) operation(writer);
        }
        CHECK(writer.changed() == model_.changed);
        if (random_.one_in(5)) {
            model_.abort();
            return;
        }
        model_.commit();
        REQUIRE(writer.commit({"test", "tester", "", noon}) == model_.serial());
    }

    void compare() const {
        store_.view([&](const ledger::Snapshot& s) {
            CHECK(s.serial() == model_.serial());
            compare_orders(s);
            compare_entries(s);
            auto findings = check_content(s, {});
            for (const auto& f : findings.list()) FAIL_CHECK(f.where.english() << ": " << f.what.english());
        });
    }

    // Counted, so that a walk without effect fails.
    std::uint64_t serial() const { return model_.serial(); }
    std::size_t refusals() const { return refusals_; }

private:
    void operation(ledger::Writer& writer) {
        switch (random_.below(8)) {
            case 0:
            case 1:
            case 2: return apply(writer, random_.one_in(4));
            case 3: return revoke(writer);
            case 4:
            case 5: return replace(writer);
            case 6: return change(writer);
            default: return apply_again(writer);
        }
    }

    std::string some_name() {
        static const std::vector<std::string> fronts{"", "a.", "b.", "www.a.", "x.y.b."};
        return random_.pick(fronts) + std::string(1, static_cast<char>('p' + random_.below(4))) + ".example";
    }
    std::string some_list() { return "l" + std::to_string(random_.below(3)); }
    // Mostly existing orders, sometimes future ones.
    std::string some_id() {
        if (random_.one_in(5)) return "list:" + some_list();
        return "B-" + std::to_string(random_.below(number_ + 3));
    }
    Names some_names() {
        Names out;
        for (auto n = random_.below(8); n > 0; --n)
            out[some_name()] = static_cast<Cover>(random_.between(itself, both));
        return out;
    }
    void refused(ErrorKind kind, const std::function<void()>& action) {
        require_error(kind, action);
        ++refusals_;
    }

    void apply(ledger::Writer& writer, bool local) {
        std::string id = "B-" + std::to_string(number_++);
        std::vector<std::string> targets;
        Names names;
        std::set<std::string> addresses;
        for (auto n = random_.between(1, 5); n > 0; --n) {
            auto text = some_name();
            bool exact = random_.one_in(3);
            targets.push_back((exact ? "=" : "") + text);
            names[text] |= exact ? itself : both;
        }
        for (auto n = random_.below(3); n > 0; --n)
            addresses.insert("203.0.113." + std::to_string(16 * random_.below(4)) + "/28");
        targets.insert(targets.end(), addresses.begin(), addresses.end());
        order::Order order = make_order(id, targets);
        if (local) order.action = policy::Action::passthru;
        for (auto n = random_.one_in(2) ? random_.between(1, 2) : 0; n > 0; --n) {
            auto whom = some_id();
            if (whom != id)
                order.revokes.push_back({whom, random_.one_in(2) ? std::optional(name(some_name())) : std::nullopt});
        }
        ledger::OrderPolicy terms{local ? policy::OrderKind::local : policy::OrderKind::order, {}};
        bool lifts_others = std::any_of(order.revokes.begin(), order.revokes.end(), [&](const auto& r) {
            auto target = model_.now.orders.find(r.order);
            return target != model_.now.orders.end() && target->second.kind != policy::OrderKind::order;
        });
        bool too_early = !order.revokes.empty() && random_.one_in(6);
        if (too_early) order.effective = noon + day;
        auto put = [&] { return writer.apply(order, document_of(order), "ani", noon, terms); };
        if (too_early || lifts_others) return refused(ErrorKind::refused, put);
        CHECK((put() == ledger::Applied::applied));
        documents_[id] = {order, terms};

        if (local) std::erase_if(model_.now.lifts, [&](const auto& l) { return l.first == id; });
        auto& known = model_.touch(id);
        known.kind = terms.kind;
        known.expires = order.expires;
        known.applied = model_.next();
        known.lifted = model_.now.lifts.count({id, ""}) > 0;
        if (!known.lifted) {
            known.addresses = addresses;
            for (const auto& [text, cover] : names)
                if (!model_.now.lifts.count({id, text})) known.names[text] = cover;
        }
        for (const auto& r : order.revokes) {
            auto text = r.domain ? r.domain->to_string() : "";
            model_.now.lifts.insert({r.order, text});
            auto target = model_.now.orders.find(r.order);
            if (target == model_.now.orders.end()) continue;
            if (text.empty() && !target->second.lifted) model_.lift_whole(r.order);
            if (!text.empty() && target->second.names.count(text)) model_.touch(r.order).names.erase(text);
        }
    }

    // The same document changes nothing; another one with the same id is refused.
    void apply_again(ledger::Writer& writer) {
        if (documents_.empty()) return;
        auto [id, applied] =
            *std::next(documents_.begin(), static_cast<std::ptrdiff_t>(random_.below(documents_.size())));
        if (!model_.now.orders.count(id)) return;  // rolled back, or never committed
        order::Order order = applied.first;
        if (random_.one_in(2)) {
            CHECK((writer.apply(order, document_of(order), "ani", noon, applied.second) == ledger::Applied::already));
            return;
        }
        order.authority += " II";
        refused(ErrorKind::refused, [&] { writer.apply(order, document_of(order), "ani", noon, applied.second); });
    }

    void revoke(ledger::Writer& writer) {
        auto id = some_id();
        auto take = [&] { writer.revoke(id, "tester", noon); };
        auto known = model_.now.orders.find(id);
        if (known == model_.now.orders.end()) return refused(ErrorKind::not_found, take);
        if (known->second.lifted) return refused(ErrorKind::refused, take);
        take();
        model_.lift_whole(id);
    }

    ledger::ListInfo some_info(const std::string& source) {
        return list_info(source, noon + static_cast<UnixTime>(random_.between(30, 31)) * day);
    }

    // The new content of a list, without names that orders have lifted from it.
    void set_list(const ledger::ListInfo& info, Names names, const ledger::ListOutcome& outcome) {
        auto id = "list:" + info.source;
        auto found = model_.now.orders.find(id);
        const Names before = found == model_.now.orders.end() ? Names{} : found->second.names;
        std::size_t added = 0, removed = 0, altered = 0;
        for (const auto& [text, cover] : names) {
            auto was = before.find(text);
            added += was == before.end();
            altered += was != before.end() && was->second != cover;
        }
        for (const auto& [text, cover] : before) removed += names.count(text) == 0;
        bool terms_differ =
            found == model_.now.orders.end() || found->second.lifted || found->second.expires != info.expires;
        CHECK(outcome.names == names.size());
        CHECK(outcome.added == added);
        CHECK(outcome.removed == removed);
        CHECK(outcome.altered == altered);
        CHECK(outcome.changed() == (names != before || terms_differ));
        if (names == before && !terms_differ) return;
        auto& known = model_.touch(id);
        known.kind = policy::OrderKind::list;
        known.lifted = false;
        known.expires = info.expires;
        known.applied = model_.next();
        known.names = std::move(names);
    }

    void replace(ledger::Writer& writer) {
        auto info = some_info(some_list());
        Names names = some_names();
        auto outcome = writer.replace_list(info, set_of(names), noon);
        std::erase_if(names, [&](const auto& n) {
            return model_.now.lifts.count({"list:" + info.source, n.first}) > 0;
        });
        set_list(info, std::move(names), outcome);
    }

    void change(ledger::Writer& writer) {
        auto info = some_info(some_list());
        auto id = "list:" + info.source;
        Names removed = some_names(), added = some_names();
        ledger::ListOutcome outcome;
        auto edit = [&] { outcome = writer.change_list(info, set_of(removed), set_of(added), noon); };
        auto found = model_.now.orders.find(id);
        if (found == model_.now.orders.end()) return refused(ErrorKind::not_found, edit);
        edit();
        Names names = found->second.names;
        for (const auto& [text, cover] : removed)
            if (names.count(text)) names[text] &= ~cover;
        for (const auto& [text, cover] : added)
            if (!model_.now.lifts.count({id, text})) names[text] |= cover;
        std::erase_if(names, [](const auto& n) { return n.second == 0; });
        set_list(info, std::move(names), outcome);
    }

    void roll_back(ledger::Writer& writer) {
        auto serial = random_.below(model_.at.size());
        writer.roll_back(serial);
        model_.changed = model_.at[serial] != model_.now;
        model_.now = model_.at[serial];
    }

    void compare_orders(const ledger::Snapshot& s) const {
        std::set<std::string> ids;
        s.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
            INFO(r.id);
            ids.insert(r.id);
            auto found = model_.now.orders.find(r.id);
            REQUIRE(found != model_.now.orders.end());
            const Known& known = found->second;
            CHECK(s.find_order(r.id) == index);
            CHECK(r.kind == known.kind);
            CHECK((r.lifted != policy::never) == known.lifted);
            CHECK(r.expires == known.expires);
            CHECK(r.applied_serial == known.applied);
            CHECK(r.names == known.names.size());
            CHECK(r.addresses == known.addresses.size());
            CHECK(s.document(index).has_value() == (known.kind != policy::OrderKind::list));
        });
        CHECK(ids.size() == model_.now.orders.size());
    }

    void compare_entries(const ledger::Snapshot& s) const {
        using Table = std::map<std::string, std::map<std::string, policy::Match>>;  // target -> order id -> match
        Table names, addresses;
        for (const auto& [id, known] : model_.now.orders) {
            for (const auto& [text, cover] : known.names) names[text][id] = match_of_cover(cover);
            for (const auto& text : known.addresses) addresses[text][id] = policy::Match::subtree;
        }
        auto read = [&](MDB_dbi table, auto spell) {
            Table out;
            ledger::lmdb::Cursor cursor(s.transaction(), table);
            for (auto item = cursor.first(); item; item = cursor.next()) {
                policy::Entries entries(item->value);
                for (std::size_t i = 0; i < entries.size(); ++i) {
                    bool fresh = out[spell(item->key)].emplace(s.order(entries[i].order).id, entries[i].match).second;
                    CHECK(fresh);
                }
            }
            return out;
        };
        CHECK(s.name_count() == names.size());
        CHECK(s.address_count() == addresses.size());
        CHECK((read(s.tables().names, [](ByteView key) { return name_of_key(key).to_string(); }) == names));
        CHECK((read(s.tables().addresses, [](ByteView key) { return prefix_of_key(key).to_string(); }) == addresses));
    }

    Store& store_;
    Random random_;
    Model model_;
    std::map<std::string, std::pair<order::Order, ledger::OrderPolicy>> documents_;
    std::size_t number_ = 0, refusals_ = 0;
};

}  // namespace

TEST_CASE("After every transaction of a random sequence the database agrees with a simple model") {
    std::size_t refusals = 0;
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        Store store;
        Walk walk(store, seed);
        for (unsigned step = 0; step < 60; ++step) {
            INFO("seed " << seed << ", step " << step << ", serial " << walk.serial());
            walk.transaction();
            walk.compare();
        }
        CHECK(walk.serial() > 30);
        refusals += walk.refusals();
    }
    CHECK(refusals > 100);
}

}  // namespace saring::test::writer_random_test
