#include "receipt/report.h"

#include <memory>

#include "base/file.h"
#include "base/time_text.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {
namespace {

struct ReceiptReportOptions {
    std::vector<std::string> files, orders;
    std::string isps;
    bool json = false;
};

constexpr std::pair<const char*, std::vector<std::string> receipt::ReportLine::*> places[] = {
    {"complied", &receipt::ReportLine::complied},   {"late", &receipt::ReportLine::late},
    {"rehearsed", &receipt::ReportLine::rehearsed}, {"partly", &receipt::ReportLine::partly},
    {"lifted", &receipt::ReportLine::lifted},       {"missing", &receipt::ReportLine::missing},
    {"silent", &receipt::ReportLine::silent}};

std::string joined_names(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& n : names) out += (out.empty() ? "" : ", ") + shown(n);
    return out;
}

std::string lift_text(const receipt::ReportLine& line, const receipt::ReportLift& l, std::size_t isps) {
    auto where = trn("%2 of %1 ISP", "%2 of %1 ISPs", isps, l.isps.size());
    auto when = l.first == l.last ? shown_time(l.first) : tr("%1 to %2", shown_time(l.first), shown_time(l.last));
    return l.name.empty() ? tr("%1 was lifted by order %2 at %3: %4", shown(line.order), shown(l.by), where, when)
                          : tr("%1: %2 was lifted from it by order %3 at %4: %5", shown(line.order), shown(l.name),
                               shown(l.by), where, when);
}

void make_receipt_report(Session& session, const ReceiptReportOptions& o) {
    auto isps = receipt::parse_isps(read_file(o.isps, receipt::max_receipt_bytes), o.isps);
    std::vector<receipt::Receipt> receipts;
    Json problems = Json::array();
    // One ISP's bad receipt must not hide the others.
    for (const auto& file : o.files) {
        try {
            receipts.push_back(receipt::accept_receipt(isps, read_file(file, receipt::max_receipt_bytes),
                                                       read_file(file + ".minisig", 64u << 10), file));
        } catch (const Error& e) {
            problems.push_back({{"file", file}, {"problem", e.why().english()}});
            complain("blocklist-tool: " + translated(e.message()));
        }
    }
    auto r = report(isps, receipts, o.orders);
    bool all = r.silent.empty();
    for (const auto& line : r.orders) all = all && line.all_complied();
    if (!all) session.exit_code = exit_no;
    if (!problems.empty()) session.exit_code = static_cast<int>(ErrorKind::trust);
    if (o.json) {
        Json j{{"isps", isps.size()}, {"reported", r.reported},  {"never_reported", r.silent},
               {"all_complied", all}, {"orders", Json::array()}, {"problems", problems}};
        for (const auto& line : r.orders) {
            Json entry{
                {"order", line.order},
                {"kind", line.kind.empty() ? Json(nullptr) : Json(line.kind)},
                {"deadline", line.deadline == policy::never ? Json(nullptr) : Json(format_rfc3339(line.deadline))}};
            for (const auto& [name, place] : places) entry[name] = line.*place;
            entry["lifts"] = Json::array();
            for (const auto& l : line.lifts)
                entry["lifts"].push_back({{"name", l.name.empty() ? Json(nullptr) : Json(l.name)},
                                          {"by", l.by},
                                          {"isps", l.isps},
                                          {"first", format_rfc3339(l.first)},
                                          {"last", format_rfc3339(l.last)}});
            j["orders"].push_back(std::move(entry));
        }
        return print_json(j);
    }
    print(tr("%1 of %2 reported%3", r.reported.size(), trn("%1 ISP", "%1 ISPs", isps.size()),
             r.silent.empty() ? "" : tr("; never: %1", joined_names(r.silent))));
    if (r.orders.empty()) return;
    std::vector<std::vector<std::string>> rows;
    for (const auto& line : r.orders) {
        rows.push_back({shown(line.order), shown(line.kind.empty() ? "-" : line.kind), time_or(line.deadline, "-")});
        for (const auto& [name, place] : places) rows.back().push_back(std::to_string((line.*place).size()));
    }
    print_table({tr("ORDER"), tr("KIND"), tr("DEADLINE"), tr("COMPLIED"), tr("LATE"), tr("REHEARSED"), tr("PARTLY"),
                 tr("LIFTED"), tr("MISSING"), tr("SILENT")},
                rows);
    for (const auto& line : r.orders)
        for (const auto& l : line.lifts) print(lift_text(line, l, isps.size()));
    for (const auto& line : r.orders)
        for (const auto& [name, place] : places)
            if (place != &receipt::ReportLine::complied && place != &receipt::ReportLine::silent &&
                !(line.*place).empty())
                print(shown(line.order) + " " + name + ": " + joined_names(line.*place));
}

}  // namespace

void add_receipt_report(CLI::App& receipt, Session& session) {
    auto o = std::make_shared<ReceiptReportOptions>();
    auto* c =
        add_listing(receipt, "report", tr("Total many ISPs' receipts: who complied, who did not, who never reported"),
                    [o, &session] { make_receipt_report(session, *o); });
    c->add_option("file", o->files, tr("receipts, each with its .minisig file beside it"))
        ->required()
        ->type_name("FILE...");
    c->add_option("--isps", o->isps, tr("the ISPs that must report: one per line, public key (RW...), then name"))
        ->required()
        ->type_name("FILE");
    c->add_option("--order", o->orders, tr("only this order (repeatable)"))->type_name("ID")->allow_extra_args(false);
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("A receipt counts if the ISP that it names signed it; of several, the latest. Exit code 0 if every ISP "
           "complied\n"
           "with every order, 1 if not, 4 if a receipt was refused (the others are totalled anyway). An ISP complies\n"
           "with an order of KIND lift by lifting. Orders and names that another order lifted are listed with that\n"
           "order, the number of ISPs and the time; they count as complied with. LIFTED are those that the ISP lifted\n"
           "itself.\n"
           "Example: blocklist-tool receipt report --isps isps.txt receipts/*.json"));
}

}  // namespace saring::tool
