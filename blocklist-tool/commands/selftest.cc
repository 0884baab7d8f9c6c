#include <algorithm>
#include <memory>
#include <random>
#include <sstream>
#include <unordered_set>

#include "base/file.h"
#include "dns_client.h"
#include "name/idn.h"
#include "output.h"
#include "policy/decide.h"
#include "reservoir.h"
#include "session.h"

namespace saring::tool {
namespace {

constexpr unsigned ede_blocked = 15, ede_censored = 16, ede_filtered = 17;

struct Options {
    std::string resolver;
    std::size_t sample = 20;
    std::optional<std::uint32_t> seed;
    std::vector<std::string> never_block;
    unsigned timeout = 5;
    bool json = false;
};

// Names that an order in force blocks for everyone; below a subtree now and then one nobody listed.
std::vector<OwnerName> blocked_names(const Snapshot& s, const Config& config, std::size_t size, Engine& engine, UnixTime now) {
    std::unordered_set<OrderIndex> blocking;
    s.each_order([&](OrderIndex index, const OrderRecord& r) {
        auto action = r.action.value_or(config.answer.action);
        if (r.in_force(now) && r.regions.empty() && action != Action::passthru && action != Action::log) blocking.insert(index);
    });
    struct Candidate {
        Bytes key;
        bool subtree;
    };
    Reservoir<Candidate> sample(size, engine);
    lmdb::Cursor cursor(s.transaction(), s.tables().names);
    for (auto item = cursor.first(); item; item = cursor.next()) {
        Entries entries(item->value);
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (blocking.count(entries[i].order)) {
                sample.offer({Bytes(item->key), entries[i].match == Match::subtree});
                break;
            }
    }
    std::vector<OwnerName> out;
    for (const auto& c : sample.kept()) {
        auto name = name_of_key(c.key);
        if (c.subtree && name.wire().size() < 200 && engine() % 2) name = OwnerName::parse("selftest-" + std::to_string(engine() % 100000) + "." + name.to_string());
        out.push_back(name);
    }
    return out;
}

// One a line; `#` begins a comment, a dot in front stands for the names below.
std::vector<OwnerName> never_block_names(const std::vector<std::string>& files, std::size_t size, Engine& engine) {
    Reservoir<OwnerName> sample(size, engine);
    for (const auto& file : files) {
        std::istringstream lines(read_file(file));
        std::size_t number = 0;
        for (std::string line; std::getline(lines, line);) {
            ++number;
            std::istringstream words(line.substr(0, line.find('#')));
            std::string word;
            if (!(words >> word)) continue;
            if (word.size() > 1 && word[0] == '.') word.erase(0, 1);
            try {
                sample.offer(parse_name_input(word));
            } catch (const Error& e) {
                throw Error(ErrorKind::usage, file + ":" + std::to_string(number), e.why(), e.remedy());
            }
        }
    }
    return sample.kept();
}

bool lands(const DnsAnswer& a, const Config& config) {
    const auto& landing = config.answer.redirect_cname;
    if (!landing.empty()) return std::find(a.aliases.begin(), a.aliases.end(), landing) != a.aliases.end();
    return std::any_of(config.answer.redirect_a.begin(), config.answer.redirect_a.end(), [&](const Prefix& p) {
        std::string text = p.to_string();
        text = text.substr(0, text.find('/'));
        return std::find(a.addresses.begin(), a.addresses.end(), text) != a.addresses.end();
    });
}

bool has_form(const DnsAnswer& a, Action action, const Config& config) {
    switch (action) {
        case Action::nxdomain: return a.rcode == 3;
        case Action::nodata: return a.rcode == 0 && a.answers == 0;
        case Action::refused: return a.rcode == 5;
        case Action::redirect:
            if (config.answer.redirect_cname.empty() && config.answer.redirect_a.empty()) return a.rcode == 0 && a.answers == 0;
            return a.rcode == 0 && lands(a, config);
        default: return false;
    }
}

// Empty when the answer is as the order says, else what is wrong with it.
std::string wrong_with_block(const std::optional<DnsAnswer>& a, const Deciding& by, const Config& config) {
    if (by.action == Action::drop) return a ? "was answered, and should have been dropped" : "";
    if (!a) return "was not answered";
    if (!has_form(*a, by.action, config)) return std::string("is not answered as action ") + to_string(by.action) + " does";
    unsigned code = by.order->kind == OrderKind::local ? ede_blocked : ede_censored;
    auto error = std::find_if(a->errors.begin(), a->errors.end(), [&](const auto& e) { return e.code == code; });
    if (error == a->errors.end())
        return by.action == Action::redirect ? "" : "has no extended error " + std::to_string(code) + ": another than Saring may have answered, or the resolver has ede off";
    if (error->text.find(by.order->id) == std::string::npos) return "names another order";
    return "";
}

std::string wrong_with_pass(const std::optional<DnsAnswer>& a, const Config& config) {
    if (!a) return "was not answered";
    for (const auto& e : a->errors)
        if (e.code >= ede_blocked && e.code <= ede_filtered) return "is blocked, and must not be";
    if (lands(*a, config)) return "leads to the landing page, and must not";
    if (a->rcode != 0) return "does not resolve";
    return "";
}

void selftest(Session& session, const Options& o) {
    const Config& config = session.config();
    DnsClient resolver(o.resolver, o.timeout);
    std::uint32_t seed = o.seed.value_or(std::random_device{}());
    Engine engine(seed);
    Reading reading(session.database());
    UnixTime now = now_unix();
    auto blocked = blocked_names(reading.snapshot, config, o.sample, engine, now);
    auto never_blocked = never_block_names(o.never_block, o.sample, engine);
    if (blocked.empty() && never_blocked.empty())
        throw Error(ErrorKind::not_found, "selftest", "there is nothing to ask: no order in force blocks a name for everyone, and no --never-block names were given", "apply an order, or give --never-block");
    if (!resolver.alive())
        throw Error(ErrorKind::network, "resolver " + o.resolver, "does not answer", "check the address and that it serves this host");

    Json results = Json::array();
    std::size_t wrong = 0;
    auto ask = [&](const OwnerName& name, bool never_block) {
        Region nowhere;
        auto verdict = decide(reading.snapshot, name, {now, &nowhere, config.answer.action});
        bool expect_block = !never_block && verdict.outcome == Outcome::block;
        auto answer = resolver.ask(name, "A");
        std::string why = expect_block ? wrong_with_block(answer, *verdict.by, config) : wrong_with_pass(answer, config);
        if (!why.empty()) ++wrong;
        results.push_back({{"name", name.to_string()}, {"expected", expect_block ? "blocked" : "not blocked"}, {"action", expect_block ? Json(to_string(verdict.by->action)) : Json(nullptr)},
                           {"order", expect_block ? Json(verdict.by->order->id) : Json(nullptr)}, {"answer", said(answer)}, {"right", why.empty()},
                           {"problem", why.empty() ? Json(nullptr) : Json(why)}});
    };
    for (const auto& name : blocked) ask(name, false);
    for (const auto& name : never_blocked) ask(name, true);
    if (wrong) session.exit_code = exit_no;
    if (o.json)
        return print_json({{"format", "saring-selftest/1"}, {"resolver", o.resolver}, {"made", format_rfc3339(now)}, {"serial", reading.snapshot.serial()}, {"seed", seed},
                           {"passed", wrong == 0}, {"asked", results.size()}, {"wrong", wrong}, {"results", results}});
    for (const auto& r : results)
        print((r["right"].get<bool>() ? "good  " : "WRONG ") + r["name"].get<std::string>() + ": " + (r["problem"].is_null() ? "" : r["problem"].get<std::string>() + ": ") +
              shown(r["answer"].get<std::string>()));
    print(shown(o.resolver) + ": " + std::to_string(results.size() - wrong) + " of " + counted(results.size(), "answer") + " as they should be; seed " + std::to_string(seed));
}

}  // namespace

void add_selftest(CLI::App& app, Session& session) {
    auto o = std::make_shared<Options>();
    auto* c = add_command(app, "selftest", "Ask a resolver whether it blocks what it should, and nothing else", [o, &session] { selftest(session, *o); });
    c->add_option("--resolver", o->resolver, "the resolver as clients reach it, e.g. 192.0.2.53 or [2001:db8::53]:53")->required()->type_name("ADDR[:PORT]");
    c->add_option("--sample", o->sample, "how many blocked names to ask for, and how many of --never-block")->capture_default_str()->type_name("N")->check(CLI::Range(1u, 100000u));
    c->add_option("--seed", o->seed, "the same seed asks for the same names; default: by chance")->type_name("N");
    c->add_option("--never-block", o->never_block, "names that must resolve, one a line (repeatable)")->type_name("FILE")->allow_extra_args(false);
    c->add_option("--timeout", o->timeout, "seconds to wait for an answer")->capture_default_str()->type_name("SECONDS")->check(CLI::Range(1u, 60u));
    c->add_flag("--json", o->json, "answer in JSON, which `receipt make --selftest` takes");
    c->footer("A blocked name is right when the answer has the form its order asks for and names the order\n"
              "in an extended DNS error. Orders for some regions only are not asked about. Exit code 1 when\n"
              "an answer is wrong, 6 when the resolver does not answer at all.\n"
              "Example: blocklist-tool selftest --resolver 192.0.2.53 --never-block /etc/saring/never-block.txt");
}

}  // namespace saring::tool
