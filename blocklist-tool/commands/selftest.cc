#include "probe/selftest.h"

#include <cstring>
#include <memory>
#include <sstream>

#include "base/file.h"
#include "input/name_argument.h"
#include "input/target_argument.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

struct SelftestOptions {
    std::string resolver;
    std::size_t sample = 20;
    std::optional<std::uint32_t> seed;
    std::vector<std::string> never_block;
    unsigned timeout = 5;
    bool json = false;
};

// Reads files in the format of conf/never-block.txt; names may also be URLs.
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
            while (word.size() > 1 && std::strchr("@!.", word[0])) word.erase(0, 1);
            // Addresses and "*." entries contain no single name to query.
            if (is_prefix_text(word) || word.rfind("*.", 0) == 0) continue;
            try {
                sample.offer(name_argument(word, file));
            } catch (const Error& e) {
                throw Error(ErrorKind::usage, file + ":" + std::to_string(number), e.why(), e.remedy());
            }
        }
    }
    return sample.kept();
}

void selftest(Session& session, const SelftestOptions& o) {
    const config::Config& config = session.config();
    DnsClient resolver(o.resolver, o.timeout);
    resolver.mark_as_probes(ProbeKey::read(config.module.status_file));
    std::uint32_t seed = o.seed.value_or(std::random_device{}());
    Engine engine(seed);
    UnixTime now = now_unix();
    std::vector<Question> questions;
    std::uint64_t serial = 0;
    {
        Reading reading(session.database());
        serial = reading.snapshot.serial();
        for (const auto& name : blocked_names(reading.snapshot, config, o.sample, engine, now))
            questions.push_back(question_about(reading.snapshot, name, false, config, now));
        for (const auto& name : never_block_names(o.never_block, o.sample, engine))
            questions.push_back(question_about(reading.snapshot, name, true, config, now));
    }
    if (questions.empty())
        throw Error(ErrorKind::not_found, "selftest",
                    msg("there is nothing to query: no order in force blocks a name for everyone, and no --never-block "
                        "names were given"),
                    msg("apply an order, or give --never-block"));
    if (!resolver.alive())
        throw Error(ErrorKind::network, msg("resolver %1", o.resolver), msg("does not answer"),
                    msg("check the address, and that the resolver allows this host"));

    Json results = Json::array();
    std::vector<Message> problems;
    std::size_t wrong = 0;
    for (const auto& question : questions) {
        auto judged = ask_and_judge(resolver, question, config);
        if (!judged.problem.empty()) ++wrong;
        results.push_back(std::move(judged.json));
        problems.push_back(std::move(judged.problem));
    }
    if (wrong) session.exit_code = exit_no;
    if (o.json)
        return print_json({{"format", "saring-selftest/1"},
                           {"resolver", o.resolver},
                           {"made", format_rfc3339(now)},
                           {"serial", serial},
                           {"seed", seed},
                           {"passed", wrong == 0},
                           {"asked", results.size()},
                           {"wrong", wrong},
                           {"results", results}});
    for (std::size_t i = 0; i < problems.size(); ++i) {
        bool right = problems[i].empty();
        print((right ? toned(tr("good"), Tone::good) + "  " : toned(tr("WRONG"), Tone::bad) + " ") +
              results[i]["name"].get<std::string>() + ": " + (right ? "" : translated(problems[i]) + ": ") +
              shown(results[i]["answer"].get<std::string>()));
    }
    print(tr("%1: %2 of %3 as they should be; seed %4", shown(o.resolver), results.size() - wrong,
             trn("%1 answer", "%1 answers", results.size()), seed));
}

}  // namespace

void add_selftest(CLI::App& app, Session& session) {
    auto o = std::make_shared<SelftestOptions>();
    auto* c =
        add_command(app, "selftest", tr("Check by queries that a resolver blocks what it should and nothing else"),
                    [o, &session] { selftest(session, *o); });
    c->add_option("--resolver", o->resolver,
                  tr("the resolver as clients reach it, e.g. 192.0.2.53 or [2001:db8::53]:53"))
        ->required()
        ->type_name("ADDR[:PORT]");
    c->add_option("--sample", o->sample, tr("number of blocked names to query, and of names from --never-block"))
        ->capture_default_str()
        ->type_name("N")
        ->check(CLI::Range(1u, 100000u));
    c->add_option("--seed", o->seed, tr("random seed: the same seed picks the same names"))->type_name("N");
    c->add_option("--never-block", o->never_block, tr("file of names that must resolve, one per line (repeatable)"))
        ->type_name("FILE")
        ->allow_extra_args(false);
    c->add_option("--timeout", o->timeout, tr("seconds to wait for an answer"))
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check(CLI::Range(1u, 60u));
    c->add_flag("--json", o->json, tr("answer in JSON, which `receipt make --selftest` takes"));
    c->footer(tr(
        "The answer for a blocked name is right if it has the form that the order asks for and names the order in an\n"
        "extended DNS error. Orders for some regions only are not tested. Exit code 1 if an answer is wrong, 6 if the\n"
        "resolver does not answer at all.\n"
        "Example: blocklist-tool selftest --resolver 192.0.2.53 --never-block /etc/saring/never-block.txt"));
}

}  // namespace saring::tool
