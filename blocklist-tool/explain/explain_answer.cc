#include "explain/explain_answer.h"

#include <algorithm>

#include "ledger/stored_order.h"

namespace saring::tool {
namespace {

using Kind = AnswerExplained::Kind;

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The order id in the module's extended error, e.g. "Kementerian order B-1/2024": the longest id of this database with
// which the text ends, or else the text after the word.
std::optional<std::string> order_id_in(const DnsAnswer& a, const ledger::Snapshot& s) {
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

bool shows_policy(const DnsAnswer& a) {
    return !a.additional_soa.empty() || std::any_of(a.errors.begin(), a.errors.end(), [](const auto& e) {
        return e.code == 4 || (e.code >= ede_blocked && e.code <= ede_filtered);
    });
}

// The order's target of this kind, if it has exactly one.
std::string only_target(const ledger::Snapshot& s, policy::OrderIndex index, bool address) {
    auto document = s.document(index);
    if (!document) return {};
    order::Order order = ledger::stored_order(*document, s.order(index).id);
    if (address) return order.addresses.size() == 1 ? order.addresses[0].to_string() : "";
    return order.domains.size() == 1 ? order.domains[0].name.to_string() : "";
}

// The block is not for the name itself, so for an alias or an address in the answer. A TXT query distinguishes them: an
// alias is blocked for every type, an address only for types with addresses.
void find_listed_target(AnswerExplained& out, const DnsClient& resolver, const OwnerName& name, const std::string& type,
                        const ledger::Snapshot& snapshot) {
    bool addresses = type == "A" || type == "AAAA" || type == "ANY";
    auto other = addresses ? resolver.ask(name, "TXT") : std::nullopt;
    bool alias = !addresses || (other && order_id_in(*other, snapshot));
    out.trigger = to_string(alias ? policy::Trigger::cname : policy::Trigger::address);
    if (out.index) out.matched = only_target(snapshot, *out.index, !alias);
    if (alias)
        out.why = out.matched.empty()
                      ? msg("an alias or service record points to a name that order %1 lists", out.order)
                      : msg("an alias or service record points to %1, which order %2 lists", out.matched, out.order);
    else
        out.why = out.matched.empty()
                      ? msg("an address in the answer is listed by order %1", out.order)
                      : msg("an address in the answer is in %1, which order %2 lists", out.matched, out.order);
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
        out.why =
            msg("the answer names order %1, which is not in this database: the resolver uses another one", out.order);
        return;
    }
    if (by_name.by) {
        out.why =
            msg("the answer names order %1, but in this database order %2 decides: the resolver uses another one, or "
                "has not loaded the last commit",
                out.order, by_name.by->order->id);
        return;
    }
    find_listed_target(out, resolver, name, type, snapshot);
}

// Why a listed alias or address is in an answer that passed; empty: none is listed.
Message listed_in_answer(const DnsAnswer& a, const ledger::Snapshot& snapshot, const policy::Circumstances& c) {
    auto reason = [](const policy::Verdict& v, const std::string& what) -> Message {
        if (v.outcome == policy::Outcome::block)
            return msg(
                "%1 in the answer is listed by order %2, yet the answer passes: the resolver runs without the module "
                "or with another database",
                what, v.by->order->id);
        if (v.logged) return msg("%1 in the answer is listed by order %2, which only logs", what, v.logged->order->id);
        return {};
    };
    for (const auto& text : a.aliases) try {
            if (auto m = reason(decide(snapshot, OwnerName::parse(text), c), text); !m.empty()) return m;
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::database) throw;  // else: the text is not a name
        }
    for (const auto& text : a.addresses)
        if (auto m = reason(decide(snapshot, Prefix::parse(text), c), text); !m.empty()) return m;
    return {};
}

void not_by_order(AnswerExplained& out, const DnsAnswer& a, const policy::Verdict& by_name,
                  const ledger::Snapshot& snapshot, const policy::Circumstances& c) {
    bool listed = by_name.outcome == policy::Outcome::block;
    if (a.rcode == rcode_refused && a.errors.empty()) {
        out.kind = Kind::elsewhere;
        out.why =
            msg("the resolver refuses queries of this host (access-control), or a local-zone does: the module did not "
                "see the query");
    } else if (a.authoritative) {
        out.kind = Kind::elsewhere;
        out.why = msg("a local-zone or auth-zone of the resolver answers before the module sees the query");
    } else if (shows_policy(a)) {
        out.kind = Kind::elsewhere;
        out.why = msg("another policy of the resolver answers (rpz)");
    } else if (listed) {
        out.kind = Kind::elsewhere;
        out.why =
            msg("order %1 lists %2, yet the answer does not come from it: the resolver runs without the module or with "
                "another database",
                by_name.by->order->id, by_name.by->listed.to_string());
    } else {
        out.why = listed_in_answer(a, snapshot, c);
        if (out.why.empty())
            out.why = by_name.outcome == policy::Outcome::pass
                          ? msg("order %1 lets it pass", by_name.by->order->id)
                          : msg("no alias, service record or address of the answer is listed");
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
        out.why = drops ? msg("no answer came, as action drop of order %1 requires", out.order)
                        : msg("no answer came in time: the resolver is down, or does not answer this host");
        return out;
    }
    if (auto id = order_id_in(*answer, snapshot)) {
        out.order = *id;
        by_order(out, resolver, name, type, by_name, snapshot);
    } else {
        not_by_order(out, *answer, by_name, snapshot, circumstances);
    }
    return out;
}

}  // namespace saring::tool
