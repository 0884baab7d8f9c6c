// Orders and their listed names, written past the Writer, and queries over them.
#pragma once

#include "store_support.h"

namespace saring::test {

// An order in force around noon that blocks, unless a test says otherwise. Its targets are written "hoax.example"
// (subtree), "=hoax.example" (exact), "*.hoax.example" (below), or as an address or prefix.
struct Rule : policy::OrderRecord {
    Rule(const std::string& number, std::vector<std::string> what) : lists(std::move(what)) {
        id = number;
        action = policy::Action::nxdomain;
        issued = effective = noon - day;
        expires = noon + day;
    }
    Rule& does(std::optional<policy::Action> what) { return action = what, *this; }
    Rule& issued_at(UnixTime when) { return issued = when, *this; }
    Rule& from(UnixTime when) { return effective = when, *this; }
    Rule& until(UnixTime when) { return expires = when, *this; }
    Rule& lifted_at(UnixTime when, const std::string& by = "tester") { return lifted = when, lifted_by = by, *this; }
    Rule& in(std::vector<std::string> codes) { return regions = std::move(codes), *this; }
    Rule& is(policy::OrderKind what) { return kind = what, *this; }
    // A local passthru.
    Rule& local_pass() { return is(policy::OrderKind::local).does(policy::Action::passthru); }

    std::vector<std::string> lists;
};

inline policy::Circumstances at_noon(const policy::Region* region = nullptr) {
    return {noon, region, policy::Action::nxdomain};
}

class Policy {
public:
    // The orders' indexes are 1, 2, ... in sequence.
    explicit Policy(const std::vector<Rule>& rules) {
        std::map<Bytes, std::vector<policy::Entry>> names, addresses;
        Planter planter(store);
        for (const auto& rule : rules) {
            auto index = planter.order(rule);
            for (const auto& text : rule.lists) {
                if (is_address(text))
                    addresses[prefix_key(Prefix::parse(text))].push_back({index, policy::Match::subtree});
                else if (text[0] == '=') names[key_of(text.substr(1))].push_back({index, policy::Match::exact});
                else if (text[0] == '*') names[key_of(text.substr(2))].push_back({index, policy::Match::below});
                else names[key_of(text)].push_back({index, policy::Match::subtree});
            }
        }
        for (const auto& [key, entries] : names) planter.list(key, entries);
        for (const auto& [key, entries] : addresses) planter.list(key, entries, true);
        planter.done();
    }

    policy::Verdict ask(const std::string& text, const policy::Circumstances& c = at_noon(),
                        std::vector<policy::ConsideredEntry>* trace = nullptr) const {
        return store.view([&](const ledger::Snapshot& s) {
            return is_address(text) ? decide(s, Prefix::parse(text), c, trace) : decide(s, name(text), c, trace);
        });
    }
    // "none", "block B-1 at hoax.example", "pass L-1 at 203.0.113.0/24", each followed by ", logs B-2 at ..." if a log
    // order matches.
    std::string says(const std::string& text, const policy::Circumstances& c = at_noon()) const {
        auto verdict = ask(text, c);
        auto whom = [&](const policy::Deciding& d) {
            return d.order->id + " at " + (is_address(text) ? d.prefix.to_string() : d.listed.to_string());
        };
        std::string out = verdict.outcome == policy::Outcome::none   ? "none"
                          : verdict.outcome == policy::Outcome::pass ? "pass"
                                                                     : "block";
        if (verdict.by) out += " " + whom(*verdict.by);
        if (verdict.logged) out += ", logs " + whom(*verdict.logged);
        return out;
    }

    static bool is_address(const std::string& text) {
        return text.find_first_not_of("0123456789./") == std::string::npos || text.find(':') != std::string::npos;
    }

    Store store;
};

}  // namespace saring::test
