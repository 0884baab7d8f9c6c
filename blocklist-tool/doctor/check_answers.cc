// Queries the resolver as subscribers do: listed names must be blocked, an unlisted one must resolve.
#include "doctor/installation.h"
#include "fetch/url.h"
#include "input/name_argument.h"
#include "ledger/decide.h"
#include "probe/selftest.h"

namespace saring::tool {
namespace {

constexpr unsigned alive_seconds = 1, timeout_seconds = 5;
constexpr std::size_t sample = 3;

bool is_listed(const ledger::Snapshot& s, const OwnerName& name, const config::Config& config, UnixTime now) {
    policy::Region nowhere;
    return decide(s, name, {now, &nowhere, config.answer.action}).by.has_value();
}

// A feed's host is a good choice, since this machine resolves it anyway.
OwnerName unlisted_name(Installation& i, const ledger::Snapshot& s) {
    if (!i.options.unlisted.empty()) return name_argument(i.options.unlisted, "--unlisted");
    for (const auto& feed : i.config->feeds) {
        if (feed.url.rfind("https://", 0) != 0) continue;
        try {
            auto name = OwnerName::parse(fetch::parse_fetch_url(feed, feed.url, false).host);
            bool is_address = name.to_string().find_first_not_of("0123456789.") == std::string::npos;
            if (!is_address && name.to_string().find('.') != std::string::npos && !is_listed(s, name, *i.config, i.now))
                return name;
        } catch (const Error&) {}
    }
    return OwnerName();
}

void check_blocked(Installation& i, const std::vector<Question>& questions, const DnsClient& resolver) {
    if (questions.empty())
        return i.found.unseen("answer.listed", msg("no order in force blocks a name for everyone"), as_saring("sync"));
    for (const auto& question : questions) {
        auto asked = ask_and_judge(resolver, question, *i.config);
        if (!asked.problem.empty())
            return i.found.fail(
                "answer.listed",
                question.name.to_string() + " " + asked.problem + ": " + asked.json["answer"].get<std::string>(),
                "blocklist-tool explain " + question.name.to_string() + "; blocklist-tool selftest --resolver " +
                    resolver.address());
    }
    i.found.ok("answer.listed",
               msg("%1 blocks %2 as ordered, e.g. %3", resolver.address(),
                   msgn("%1 listed name", "%1 listed names", questions.size()), questions.front().name.to_string()));
}

void check_unblocked(Installation& i, const OwnerName& name, const DnsClient& resolver) {
    auto answer = resolver.ask(name, name.is_root() ? "NS" : "A");
    Message shown_name = name.is_root() ? msg("the root") : Message(name.to_string());
    if (auto wrong = wrong_with_pass(answer, *i.config); !wrong.empty())
        return i.found.fail("answer.unlisted", shown_name + " " + wrong + ": " + said(answer),
                            name.is_root() ? std::string("unbound-control forward; unbound-host -v -t NS .")
                                           : "blocklist-tool explain " + name.to_string());
    i.found.ok("answer.unlisted", msg("%1 resolves %2", resolver.address(), shown_name));
}

}  // namespace

void check_answers(Installation& i) {
    if (!i.config || !i.database) return;
    std::string address = i.options.resolver.empty() ? i.resolver : i.options.resolver;
    if (address.empty())
        return i.found.unseen("answer.listed", msg("the address on which Unbound listens is not known"),
                              "blocklist-tool doctor --resolver ADDR");
    DnsClient resolver(address, timeout_seconds);
    resolver.mark_as_probes(ProbeKey::read(i.config->module.status_file));
    // `localhost` is answered without the internet, so a short timeout suffices.
    if (!DnsClient(address, alive_seconds).alive())
        return i.found.fail("answer.alive", msg("%1 does not answer", address),
                            msg("systemctl status unbound; or name another with --resolver"));
    std::vector<Question> questions;
    OwnerName unlisted;
    {
        Reading reading(i.database);
        Engine engine(static_cast<std::uint32_t>(i.now));
        for (const auto& name : blocked_names(reading.snapshot, *i.config, sample, engine, i.now))
            questions.push_back(question_about(reading.snapshot, name, false, *i.config, i.now));
        unlisted = unlisted_name(i, reading.snapshot);
    }
    check_blocked(i, questions, resolver);
    check_unblocked(i, unlisted, resolver);
}

}  // namespace saring::tool
