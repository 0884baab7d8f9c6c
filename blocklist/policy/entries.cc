#include "policy/entries.h"

#include "base/error.h"

namespace saring::policy {
namespace {

[[noreturn]] void corrupt(const Message& why) {
    throw Error(ErrorKind::database, msg("database"), msg("corrupt: %1", why),
                msg("restore a backup or sync again into a new database"));
}

}  // namespace

Match decode_match(std::uint8_t octet, const char* what) {
    if (octet > static_cast<std::uint8_t>(last_match)) corrupt(msg("%1 has the unknown match %2", msg(what), octet));
    return static_cast<Match>(octet);
}

Entries::Entries(ByteView value) : value_(value) {
    if (value.size() % entry_size != 0) corrupt(msg("the entries of a name have an odd length"));
    // Bounds a worker's time on a damaged length.
    if (size() > max_orders) corrupt(msg("a name has %1 entries", size()));
}

Entry Entries::operator[](std::size_t i) const {
    ByteReader in(value_.substr(i * entry_size, entry_size), "entry");
    auto order = in.integer<OrderIndex>();
    return {order, decode_match(in.integer<std::uint8_t>(), marked("an entry"))};
}

void append(Bytes& value, Entry e) {
    ByteWriter w;
    w.integer(e.order);
    w.integer(static_cast<std::uint8_t>(e.match));
    value += w.take();
}

Bytes with_entry(ByteView value, Entry e) {
    Entries entries(value);
    std::size_t at = entries.size();
    while (at > 0 && entries[at - 1].order > e.order) --at;
    Bytes out(value.substr(0, at * Entries::entry_size));
    append(out, e);
    out.append(value.substr(at * Entries::entry_size));
    return out;
}

Bytes without_order(ByteView value, OrderIndex order) {
    Bytes out;
    Entries entries(value);
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (entries[i].order != order) append(out, entries[i]);
    return out;
}

std::optional<Match> match_of(ByteView value, OrderIndex order) {
    Entries entries(value);
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (entries[i].order == order) return entries[i].match;
    return std::nullopt;
}

}  // namespace saring::policy
