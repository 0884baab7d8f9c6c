// Owner names, in presentation and wire format, as lookup keys, as targets and as table
// cells; prefixes; times.
#include "../fuzz.h"
#include "base/time.h"
#include "hostname/host_name.h"
#include "name/lookup_key.h"
#include "net/prefix.h"
#include "order/site_table.h"
#include "order/target.h"

namespace saring::fuzz {
namespace {

void holds_together(const OwnerName& name) {
    std::string text = name.to_string();
    for (unsigned char c : text) demand(c > 0x20 && c < 0x7f, "a name's text that is not plain ASCII");
    demand(OwnerName::parse(text) == name, "a name's text reads as another name");
    demand(name.wire().size() <= OwnerName::max_wire && name.label_count() <= OwnerName::max_labels,
           "a name beyond its limits");
    LookupKey key(name);
    demand(key.labels() == name.label_count() && key.view().size() <= 504, "a key that does not fit its name");
    demand(name_of_key(key.view()) == name, "a key gives another name");
    for (std::size_t n = 0; n <= key.labels(); ++n) {
        auto above = name.suffix(n);
        demand(LookupKey(above).view() == key.ancestor(n), "an ancestor's key is not a prefix");
        demand(name.is_at_or_below(above), "a name is not below its ancestor");
        demand(key.labels_within(key.ancestor(n).size()) == n, "a prefix of a key with another count of labels");
    }
}

}  // namespace

void one(ByteView input) {
    OwnerName name;
    accepted(ErrorKind::usage, [&] { holds_together(OwnerName::parse(input)); });
    accepted(ErrorKind::usage, [&] { holds_together(hostname::parse_name_input(input)); });
    accepted(ErrorKind::usage, [&] { holds_together(order::parse_domain_target(input, "field")); });
    if (OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(input.data()), input.size(), name)) {
        holds_together(name);
        demand(name.wire().size() == input.size(), "a wire name of another size");
    }
    // A key from the database is a name's key or refused.
    accepted(ErrorKind::database, [&] {
        OwnerName of = name_of_key(input);
        demand(LookupKey(of).view() == input, "a string that is no key passes as one");
    });
    accepted(ErrorKind::usage, [&] {
        auto p = Prefix::parse(input);
        demand(Prefix::parse(p.to_string()) == p && p.contains(p), "a prefix's text reads as another prefix");
    });
    accepted(ErrorKind::usage, [&] {
        auto t = parse_rfc3339(input, "field");
        demand(parse_rfc3339(format_rfc3339(t), "field") == t, "a time's text reads as another time");
    });
    accepted(ErrorKind::usage, [&] {
        auto row = order::read_site(std::string(input));
        demand((row.outcome == order::SiteRow::Outcome::refused) == !row.problem.empty(),
               "a refused row without a reason");
        if (row.domain) holds_together(row.domain->name);
    });
}

}  // namespace saring::fuzz
