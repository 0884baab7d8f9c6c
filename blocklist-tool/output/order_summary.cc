#include "output/order_summary.h"

#include "base/time_text.h"
#include "hostname/idn.h"
#include "order/revocation.h"

namespace saring::tool {
namespace {

std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& p : parts) out += (out.empty() ? "" : ", ") + p;
    return out;
}

std::string period(const order::Order& o) {
    auto days = (o.expires - o.effective + day_seconds - 1) / day_seconds;
    return tr("%1 until %2", format_rfc3339(o.effective), format_rfc3339(o.expires)) +
           trn(" (%1 day)", " (%1 days)", static_cast<std::uint64_t>(days));
}

std::string lifted_extent(policy::Match m) {
    return m == policy::Match::exact ? tr("that name only") : tr("and all below it");
}

std::string lift_text(const order::Revocation& r) {
    if (!r.domain) return tr("order %1, whole", shown(r.order));
    return tr("%1 of order %2, %3", name_for_people(*r.domain), shown(r.order),
              r.match == policy::Match::exact ? tr("that target only") : tr("and all below it"));
}

}  // namespace

std::string name_for_people(const OwnerName& name) {
    auto readable = hostname::readable_name(name);
    return name.to_string() + (readable.empty() ? "" : " (" + shown(readable) + ")");
}

void print_order_summary(const order::Order& o) {
    auto line = [](const std::string& label, const std::string& value) {
        if (!value.empty()) print(label + value);
    };
    line(tr("order      "), shown(o.id));
    line(tr("authority  "), shown(o.authority) + (o.category.empty() ? "" : ", " + shown(o.category)));
    line(tr("law        "), shown(o.legal_basis));
    line(tr("issued     "), shown_time(o.issued));
    line(tr("holds      "), period(o));
    if (o.deadline) line(tr("deadline   "), shown_time(*o.deadline));
    line(tr("action     "), o.action ? to_string(*o.action) : tr("the ISP's own (answer.action)"));
    line(tr("regions    "), o.regions.empty() ? tr("everywhere") : shown(joined(o.regions)));
    for (const auto& [language, text] : o.reason) line(tr("reason     "), shown(language) + ": " + shown(text));
    line(tr("contact    "), shown(joined(o.contact)));
    line(tr("reference  "), shown(o.reference));
    line(tr("clarified  "), shown(o.clarification));
    bool passes = o.action == policy::Action::passthru;
    auto names = trn("%1 name", "%1 names", o.domains.size()),
         addresses = trn("%1 address", "%1 addresses", o.addresses.size());
    if (!o.domains.empty() || !o.addresses.empty())
        print(passes ? tr("lets pass  %1, %2:", names, addresses) : tr("targets    %1, %2:", names, addresses));
    for (const auto& d : o.domains) print("  " + name_for_people(d.name) + ", " + lifted_extent(d.match));
    for (const auto& a : o.addresses) print("  " + a.to_string());
    if (!o.revokes.empty()) print(tr("lifts      %1:", o.revokes.size()));
    for (const auto& r : o.revokes) print("  " + lift_text(r));
}

}  // namespace saring::tool
