#include <unistd.h>

#include <iostream>
#include <memory>

#include "hits/maintenance.h"
#include "hits_view/hits_query.h"
#include "output/output.h"

namespace saring::tool {
namespace {

struct HitsPurgeOptions {
    HitsQuery query;
    bool all = false, yes = false, json = false;
};

constexpr const char* counts_stay = marked("the counts by hour, which name no client, stay as they are");

std::uint64_t count_of(const hits::HitsReader& reader, const hits::HitFilter& filter) {
    std::uint64_t n = 0;
    reader.each_columns(filter, [&](const hits::BlockColumns&, const std::vector<std::uint32_t>& rows) { n += rows.size(); });
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
        throw Error(ErrorKind::usage, "hits purge", msg("no filter says which hits"), msg("give e.g. --client 192.0.2.0/24 or --until 90d; --all removes every record"));
    if (!o.query.empty() && o.all) throw Error(ErrorKind::usage, "hits purge", msg("--all and filters contradict each other"), msg("leave out one of them"));
    auto filter = o.query.filter(hits::now_microseconds());
    if (!o.yes) {
        auto n = count_of(hits::HitsReader(open_hits(session)), filter);
        if (n > 0 && ::isatty(STDIN_FILENO) != 1)
            throw Error(ErrorKind::usage, "hits purge", msg("would remove %1 for good, and nobody was asked", msgn("%1 record", "%1 records", n)), msg("say --yes"));
        if (n > 0 && !agreed_to_purge(n)) {
            session.exit_code = exit_no;
            return print(tr("nothing was removed"));
        }
    }
    auto db = hits::in_hits([&] { return hits::HitsDatabase::open_to_write(session.config().hits); });
    auto removed = hits::purge_hits(*db, filter);
    if (removed == 0) session.exit_code = exit_no;
    if (o.json) return print_json({{"removed", removed}});
    print(removed == 0 ? tr("no such hits: nothing was removed") : tr("removed %1; %2", trn("%1 record", "%1 records", removed), tr(counts_stay)));
}

}  // namespace

void add_hits_purge(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsPurgeOptions>();
    auto* c = add_command(hits, "purge", tr("Remove records for good: a subscriber's, a time's, an order's"), [o, &session] { purge(session, *o); });
    o->query.add_to(*c);
    c->add_flag("--all", o->all, tr("every record"));
    c->add_flag("--yes", o->yes, tr("do not ask"));
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(tr("A network removes what lies in it and what covers it: with hits.client = \"prefix\" an address's\n"
                 "hits are its whole network's. The counts by hour, which name no client, stay. The file's freed\n"
                 "pages are used again as hits come; until then old octets may lie in them.\n"
                 "Exit code 1 says that nothing was removed.\n"
                 "%1Examples: blocklist-tool hits purge --client 192.0.2.0/24 --yes\n"
                 "          blocklist-tool hits purge --until 90d", tr(times_help)));
}

}  // namespace saring::tool
