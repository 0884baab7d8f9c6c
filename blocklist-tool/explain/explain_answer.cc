#include "explain/explain_answer.h"

#include <algorithm>

#include "ledger/stored_order.h"

namespace saring::tool {
namespace {

using Kind = AnswerExplained::Kind;

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The module's extended error reads "Kementerian order B-1/2024". An order of this database is told by its id; else
// what stands behind the word is one.
std::optional<std::string> id_told(const DnsAnswer& a, const ledger::Snapshot& s) {
    for (const auto& e : a.errors) {
        if (e.code != ede_blocked && e.code != ede_censored) continue;
        std::string known;
        for (const std::string word : {" order ", " perintah "}) {
            s.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
                if (r.id.size() > known.size() && ends_with(e.text, word + r.id)) known = r.id;
            });
            if (!known.empty()) return known;
            if (auto at = e.text.rfind(word); at != std::string::npos) return e.text.substr(at + word.size());
        }
    }
    return std::nullopt;
}

bool tells_of_policy(const DnsAnswer& a) {
    return !a.additional_soa.empty() || std::any_of(a.errors.begin(), a.errors.end(), [](const auto& e) {
        return e.code == 4 || (e.code >= ede_blocked && e.code <= ede_filtered);
    });
}

// The only target that the order has of this kind, if it is only one.
std::string only_target(const ledger::Snapshot& s, policy::OrderIndex index, bool address) {
    auto document = s.document(index);
    if (!document) return {};
    order::Order order = ledger::stored_order(*document, s.order(index).id);
    if (address) return order.addresses.size() == 1 ? order.addresses[0].to_string() : "";
    return order.domains.size() == 1 ? order.domains[0].name.to_string() : "";
}

// Not by its name, so by what the answer leads to: an alias is blocked whatever is asked for, an address only where
// addresses are.
void find_lead(AnswerExplained& out, const DnsClient& resolver, const OwnerName& name, const std::string& type,
               const ledger::Snapshot& snapshot) {
    bool addresses = type == "A" || type == "AAAA" || type == "ANY";
    auto other = addresses ? resolver.ask(name, "TXT") : std::nullopt;
    bool alias = !addresses || (other && id_told(*other, snapshot));
    out.trigger = to_string(alias ? policy::Trigger::cname : policy::Trigger::address);
    if (out.index) out.matched = only_target(snapshot, *out.index, !alias);
    if (alias)
        out.why = out.matched.empty()
                      ? msg("an alias or service record leads to a name that order %1 lists", out.order)
                      : msg("an alias or service record leads to %1, which order %2 lists", out.matched, out.order);
    else
        out.why = out.matched.empty()
                      ? msg("an address in the answer is listed by order %1", out.order)
                      : msg("an address in the answer lies in %1, which order %2 lists", out.matched, out.order);
}

void by_order(AnswerExplained& out, const DnsClient& resolver, const OwnerName& name, const std::string& type,
              const policy::Verdict& by_name, const ledger::Snapshot& snapshot) {
    out.kind = Kind::by_order;
    out.index = snapshot.find_order(out.order);
    if (by_name.outcome == policy::Outcome::block && by_name.by->order->id == out.order) {
        out.trigger = to_string(policy::Trigger::qname);
        out.matched = by_name.by->listed.to_string();
        out.why = msg("order %1 lists %2", out.order, out.matched);
        return;
    }
    if (!out.index) {
        out.why = msg("the answer names order %1, which is not in this database: the resolver runs on another one",
                      out.order);
        return;
    }
    if (by_name.by) {
        out.why =
            msg("the answer names order %1, this database says order %2 decides: the resolver runs on another one, or "
                "has not read the last commit",
                out.order, by_name.by->order->id);
        return;
    }
    find_lead(out, resolver, name, type, snapshot);
}

// What the answer leads to and an order lists, although it was given.
Message listed_lead(const DnsAnswer& a, const ledger::Snapshot& snapshot, const policy::Circumstances& c) {
    auto tell = [](const policy::Verdict& v, const std::string& what) -> Message {
        if (v.outcome == policy::Outcome::block)
            return msg(
                "%1 in the answer is listed by order %2, yet the answer passes: the resolver runs without the module "
                "or on another database",
                what, v.by->order->id);
        if (v.logged) return msg("%1 in the answer is listed by order %2, which only logs", what, v.logged->order->id);
        return {};
    };
    for (const auto& text : a.aliases) try {
            if (auto m = tell(decide(snapshot, OwnerName::parse(text), c), text); !m.empty()) return m;
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::database) throw;  // else no name: foreign text
        }
    for (const auto& text : a.addresses)
        if (auto m = tell(decide(snapshot, Prefix::parse(text), c), text); !m.empty()) return m;
    return {};
}

void not_by_order(AnswerExplained& out, const DnsAnswer& a, const policy::Verdict& by_name,
                  const ledger::Snapshot& snapshot, const policy::Circumstances& c) {
    bool listed = by_name.outcome == policy::Outcome::block;
    if (a.rcode == rcode_refused && a.errors.empty()) {
        out.kind = Kind::elsewhere;
        out.why =
            msg("the resolver refuses this host's questions (access-control), or a local-zone does: the module was not "
                "asked");
    } else if (a.authoritative) {
        out.kind = Kind::elsewhere;
        out.why = msg("a local-zone or auth-zone of the resolver answers before the module is asked");
    } else if (tells_of_policy(a)) {
        out.kind = Kind::elsewhere;
        out.why = msg("a policy of the resolver other than Saring answers (rpz)");
    } else if (listed) {
        out.kind = Kind::elsewhere;
        out.why =
            msg("order %1 lists %2, yet the answer does not come from it: the resolver runs without the module or on "
                "another database",
                by_name.by->order->id, by_name.by->listed.to_string());
    } else {
        out.why = listed_lead(a, snapshot, c);
        if (out.why.empty())
            out.why = by_name.outcome == policy::Outcome::pass ? msg("order %1 lets it pass", by_name.by->order->id)
                                                               : msg("nothing that the answer leads to is listed");
    }
}

}  // namespace

const char* to_string(Kind kind) {
    switch (kind) {
        case Kind::by_order: return "blocked";
        case Kind::passed: return "passed";
        case Kind::elsewhere: return "elsewhere";
        case Kind::silent: return "silent";
    }
    return "?";
}

AnswerExplained explain_answer(const DnsClient& resolver, const OwnerName& name, const std::string& type,
                               const policy::Verdict& by_name, const ledger::Snapshot& snapshot,
                               const policy::Circumstances& circumstances) {
    AnswerExplained out;
    auto answer = resolver.ask(name, type);
    out.said = said(answer);
    if (!answer) {
        out.kind = Kind::silent;
        bool drops = by_name.outcome == policy::Outcome::block && by_name.by->action == policy::Action::drop;
        if (drops) out.order = by_name.by->order->id;
        out.why = drops ? msg("no answer came, as action drop of order %1 says", out.order)
                        : msg("no answer came in time: the resolver is down, or does not answer this host");
        return out;
    }
    if (auto id = id_told(*answer, snapshot)) {
        out.order = *id;
        by_order(out, resolver, name, type, by_name, snapshot);
    } else {
        not_by_order(out, *answer, by_name, snapshot, circumstances);
    }
    return out;
}

}  // namespace saring::tool
