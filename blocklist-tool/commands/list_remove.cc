#include <memory>

#include "output/output.h"
#include "program/session.h"
#include "state/list_states.h"
#include "text/shown_text.h"

namespace saring::tool {
namespace {

struct ListRemoveOptions {
    std::string list, reason;
    bool json = false;
};

void remove_list(Session& session, const ListRemoveOptions& o) {
    require_reason(o.reason);
    auto id = list_id(o.list);
    ledger::Writer writer(session.database_to_write());
    auto record = writer.find(id);
    if (!record || record->kind != policy::OrderKind::list) throw no_such_list(id);
    UnixTime now = now_unix();
    writer.revoke(id, "operator " + operator_name() + ": " + o.reason, now);
    auto serial = writer.commit(session.commit_info("list remove", o.reason, now));
    auto feed = feed_of_list(session.config(), id);
    if (!feed.empty())
        complain(
            tr("note: sync refuses feed %1 from now on (exit code 3), since %2 was removed; take its [[feed]] out "
               "of saring.toml, or import the list by hand to follow it again",
               feed, id));
    if (o.json)
        return print_json({{"list", id},
                           {"names", record->names},
                           {"addresses", record->addresses},
                           {"feed", feed_json_of_list(session.config(), id)},
                           {"serial", serial}});
    print(tr("%1: removed, %2 and %3 unblocked by it; serial %4", shown(id), trn("%1 name", "%1 names", record->names),
             trn("%1 address", "%1 addresses", record->addresses), serial));
}

}  // namespace

void add_list_remove(CLI::App& list, Session& session) {
    auto o = std::make_shared<ListRemoveOptions>();
    auto* c = add_command(list, "remove", tr("Lift a whole list"), [o, &session] { remove_list(session, *o); });
    c->add_option("list", o->list, tr("its name, with or without list: before it"))->required()->type_name("LIST");
    c->add_option("--reason", o->reason, tr("why; kept with the list and in the journal"))->required();
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("Names that another list or an order blocks as well stay blocked. The list can be imported again. If a\n"
           "[[feed]] follows the list, sync refuses that feed from then on; the command says so.\n"
           "Example: blocklist-tool list remove trustpositif --reason 'replaced by signed orders'"));
}

}  // namespace saring::tool
