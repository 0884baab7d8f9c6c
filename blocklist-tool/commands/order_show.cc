#include <sys/stat.h>

#include <memory>
#include <sstream>

#include "base/file.h"
#include "base/time_text.h"
#include "ledger/stored_order.h"
#include "output/lift_output.h"
#include "output/order_summary.h"
#include "output/output.h"
#include "program/session.h"
#include "state/order_state.h"

namespace saring::tool {
namespace {

void print_document(ByteView document) {
    std::istringstream lines{std::string(document)};
    for (std::string line; std::getline(lines, line);) print(shown(line));
}

std::string field_text(const Json& value) {
    if (!value.is_string()) return shown(value.dump());
    return in_shown_zone(shown(value.get<std::string>()));
}

void show_stored(Session& session, const std::string& id, bool json) {
    Reading reading(session.database());
    const auto& s = reading.snapshot;
    if (json) return print_json(order_show_json(session, s, id));
    auto index = find_shown_order(s, id);
    auto record = s.order(index);
    Json j = order_json(record, now_unix(), session.config().answer.action);
    auto held = held_targets(s, index, record, now_unix());
    auto document = s.document(index);
    auto lifted = lifted_names(s, index);
    auto idle = idle_lifts(s, index);
    for (const auto& [name, value] : j.items())
        if (!value.is_null())
            print(name + std::string(13 - std::min<std::size_t>(name.size(), 12), ' ') + field_text(value));
    if (held.all) print(tr("held         all targets; see: blocklist-tool quarantine show %1", shown(id)));
    else if (held.count)
        print(trn("held         %1 target; see: blocklist-tool quarantine list --order %2",
                  "held         %1 targets; see: blocklist-tool quarantine list --order %2", held.count, shown(id)));
    for (const auto& l : lifted)
        print(tr("lifted       %1, %2 by order %3", name_for_people(l.name), format_rfc3339(l.lifted), shown(l.by)));
    for (const auto& i : idle) print(tr("lifts nothing: %1", shown(translated(i.why))));
    if (!document) return;
    print("");
    print_document(document->content);
}

void show_file(const std::string& file, bool json) {
    Bytes document = read_file(file);
    order::Order order = order::parse_order(document, file);
    if (!json) return print_order_summary(order);
    policy::OrderRecord r = record_of(order);
    r.names = order.domains.size();
    r.addresses = static_cast<std::uint32_t>(order.addresses.size());
    Json j = order_json(r, now_unix(), policy::Action::nxdomain);
    for (const char* here : {"effective_action", "rehearsal"}) j.erase(here);  // an order file is not in force anywhere
    for (const char* unknown : {"deadline_met", "signers", "applied", "serial"})
        j[unknown] = nullptr;  // only an order in the database has these
    j["file"] = file;
    add_readable(j, order);
    j["document"] = Json::parse(document, nullptr, false);
    print_json(j);
}

bool is_file(const std::string& text) {
    struct stat found {};
    return ::stat(text.c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

}  // namespace

void add_order_show(CLI::App& parent, Session& session) {
    struct OrderShowOptions {
        std::string which;
        bool json = false;
    };
    auto o = std::make_shared<OrderShowOptions>();
    auto* show = add_listing(parent, "show", tr("Show an order from the database or from a file"), [o, &session] {
        if (is_file(o->which)) return show_file(o->which, o->json);
        show_stored(session, o->which, o->json);
    });
    show->add_option("id", o->which, tr("order id, or the path of an order file"))->required()->type_name("ID|PATH");
    show->add_flag("--json", o->json, tr("answer in JSON"));
    show->footer(
        tr("For an order in the database it shows which names were lifted from it, when, and by which order. A file is "
           "shown\n"
           "as `order sign` shows it; its signatures are not checked.\n"
           "Example: blocklist-tool order show B-1/2024"));
}

}  // namespace saring::tool
