#include <unistd.h>

#include <iostream>
#include <memory>

#include "hits/purge.h"
#include "hits_view/hits_query.h"
#include "output/output.h"

namespace saring::tool {
namespace {

struct HitsPurgeOptions {
    HitsQuery query;
    bool all = false, yes = false, json = false;
};

constexpr const char* counts_stay = marked("the counts by hour, which name no client, stay as they are");

std::uint64_t count_of(const hits::HitsReader& reader, const hitlog::HitFilter& filter) {
    std::uint64_t n = 0;
    reader.each_columns(
        filter, [&](const hitlog::RecordColumns&, const std::vector<std::uint32_t>& rows) { n += rows.size(); });
    // Damaged ones go as well.
    for (const auto& d : reader.damage())
        if (d.why.empty()) n += d.hits;
    return n;
}

bool agreed_to_purge(std::uint64_t n) {
    std::cerr << trn("Remove %1 record for good? [y/N] ", "Remove %1 records for good? [y/N] ", n);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes" || answer == tr("y") || answer == tr("yes");
}

void purge(Session& session, const HitsPurgeOptions& o) {
    if (o.query.empty() && !o.all)
        throw Error(ErrorKind::usage, "hits purge", msg("no filter says which hits"),
                    msg("give e.g. --client 192.0.2.0/24 or --until 90d; --all removes every record"));
    if (!o.query.empty() && o.all)
        throw Error(ErrorKind::usage, "hits purge", msg("--all and filters contradict each other"),
                    msg("leave out one of them"));
    auto filter = o.query.filter(session, hitlog::now_microseconds());
    if (!o.yes) {
        auto n = count_of(read_hits(session), filter);
        if (n > 0 && ::isatty(STDIN_FILENO) != 1)
            throw Error(ErrorKind::usage, "hits purge",
                        msg("would remove %1 for good, and nobody was asked", msgn("%1 record", "%1 records", n)),
                        msg("say --yes"));
        if (n > 0 && !agreed_to_purge(n)) {
            session.exit_code = exit_no;
            return print(tr("nothing was removed"));
        }
    }
    auto purged = hits::purge_hits(session.config().hits.path, filter);
    auto removed = purged.hits;
    if (removed == 0 && purged.damage.empty()) session.exit_code = exit_no;
    for (const auto& d : purged.damage)
        complain(
            tr("blocklist-tool: %1: %2; removed as well, as nobody can say whose it was", shown(d.file), d.message()));
    if (o.json) return print_json({{"removed", removed}});
    print(removed == 0 ? purged.damage.empty() ? tr("no such hits: nothing was removed")
                                               : tr("no other hits were such: only the damaged ones were removed")
                       : tr("removed %1; %2", trn("%1 record", "%1 records", removed), tr(counts_stay)));
}

}  // namespace

void add_hits_purge(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsPurgeOptions>();
    auto* c = add_command(hits, "purge", tr("Remove records for good: a subscriber's, a time's, an order's"),
                          [o, &session] { purge(session, *o); });
    o->query.add_to(*c);
    c->add_flag("--all", o->all, tr("every record"));
    c->add_flag("--yes", o->yes, tr("do not ask"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("A network removes what lies in it and what covers it: with hits.client = \"prefix\" an address's\n"
           "hits are its whole network's. The counts by hour, which name no client, stay. Files that hold\n"
           "such hits are written anew and replaced, so a second or more may pass: resolvers are asked to begin\n"
           "new files first. Hits that reached a resolver after the command began are not looked at.\n"
           "Exit code 1 says that nothing was removed.\n"
           "%1Examples: blocklist-tool hits purge --client 192.0.2.0/24 --yes\n"
           "          blocklist-tool hits purge --until 90d",
           tr(times_help)));
}

}  // namespace saring::tool
