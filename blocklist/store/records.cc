#include "store/records.h"

namespace saring {
namespace {

constexpr std::uint8_t no_action = 0xff;

[[noreturn]] void corrupt(const Message& why) {
    throw Error(ErrorKind::database, msg("database"), msg("corrupt: %1", why), msg("restore a backup or sync again into a new database"));
}

// What does not fit would be read back as something else.
void count16(ByteWriter& w, std::size_t n) {
    if (n > 0xffff) throw Error(ErrorKind::usage, msg("order"), msg("has %1 entries in one of its lists", n), msg("an order can store at most 65535"));
    w.integer(static_cast<std::uint16_t>(n));
}

}  // namespace

const char* to_string(OrderState s) {
    switch (s) {
        case OrderState::active: return "active";
        case OrderState::upcoming: return "upcoming";
        case OrderState::expired: return "expired";
        case OrderState::revoked: return "revoked";
    }
    return "?";
}

const char* to_string(OrderKind k) {
    switch (k) {
        case OrderKind::order: return "order";
        case OrderKind::list: return "list";
        case OrderKind::local: return "local";
    }
    return "?";
}

OrderState OrderRecord::state(UnixTime now) const {
    if (now >= lifted) return OrderState::revoked;
    if (now >= expires) return OrderState::expired;
    return now < effective ? OrderState::upcoming : OrderState::active;
}

Bytes encode(const OrderRecord& r) {
    ByteWriter w;
    w.integer(static_cast<std::uint8_t>(r.kind));
    w.integer(r.action ? static_cast<std::uint8_t>(*r.action) : no_action);
    for (UnixTime t : {r.issued, r.effective, r.expires, r.lifted, r.deadline, r.applied}) w.integer(t);
    w.integer(r.applied_serial);
    w.integer(r.names);
    w.integer(r.addresses);
    for (const auto* s : {&r.id, &r.authority, &r.category, &r.signers, &r.lifted_by, &r.digest}) w.bytes(*s);
    count16(w, r.regions.size());
    for (const auto& region : r.regions) w.bytes(region);
    return w.take();
}

OrderRecord decode_order_record(ByteView value) {
    ByteReader in(value, "order record");
    OrderRecord r;
    auto kind = in.integer<std::uint8_t>();
    if (kind > static_cast<std::uint8_t>(OrderKind::local)) corrupt(msg("an order record has the unknown kind %1", kind));
    r.kind = static_cast<OrderKind>(kind);
    auto action = in.integer<std::uint8_t>();
    if (action != no_action) {
        if (action > static_cast<std::uint8_t>(Action::log)) corrupt(msg("an order record has the unknown action %1", action));
        r.action = static_cast<Action>(action);
    }
    for (UnixTime* t : {&r.issued, &r.effective, &r.expires, &r.lifted, &r.deadline, &r.applied}) *t = in.integer<UnixTime>();
    r.applied_serial = in.integer<std::uint64_t>();
    r.names = in.integer<std::uint64_t>();
    r.addresses = in.integer<std::uint32_t>();
    for (auto* s : {&r.id, &r.authority, &r.category, &r.signers, &r.lifted_by, &r.digest}) *s = in.bytes();
    auto regions = in.integer<std::uint16_t>();
    for (unsigned i = 0; i < regions; ++i) r.regions.emplace_back(in.bytes());
    in.finish();
    return r;
}

Match decode_match(std::uint8_t octet, const char* what) {
    if (octet > static_cast<std::uint8_t>(last_match)) corrupt(msg("%1 has the unknown match %2", msg(what), octet));
    return static_cast<Match>(octet);
}

Entries::Entries(ByteView value) : value_(value) {
    if (value.size() % entry_size != 0) corrupt(msg("the entries of a name have an odd length"));
    // A damaged length must not keep a worker busy.
    if (size() > most) corrupt(msg("a name has %1 entries", size()));
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

Bytes encode(const Document& d) {
    ByteWriter w;
    w.bytes(d.content);
    count16(w, d.signatures.size());
    for (const auto& [name, content] : d.signatures) {
        w.bytes(name);
        w.bytes(content);
    }
    return w.take();
}

Document decode_document(ByteView value) {
    ByteReader in(value, "document");
    Document d;
    d.content = in.bytes();
    auto n = in.integer<std::uint16_t>();
    for (unsigned i = 0; i < n; ++i) {
        Bytes name(in.bytes());
        d.signatures.emplace_back(std::move(name), Bytes(in.bytes()));
    }
    in.finish();
    return d;
}

Bytes encode(const OrderTexts& t) {
    ByteWriter w;
    count16(w, t.reason.size());
    for (const auto& [language, text] : t.reason) {
        w.bytes(language);
        w.bytes(text);
    }
    count16(w, t.contact.size());
    for (const auto& c : t.contact) w.bytes(c);
    for (const auto* s : {&t.legal_basis, &t.reference, &t.clarification}) w.bytes(*s);
    return w.take();
}

OrderTexts decode_order_texts(ByteView value) {
    ByteReader in(value, "order texts");
    OrderTexts t;
    for (auto n = in.integer<std::uint16_t>(); n > 0; --n) {
        std::string language(in.bytes());
        t.reason.emplace_back(std::move(language), std::string(in.bytes()));
    }
    for (auto n = in.integer<std::uint16_t>(); n > 0; --n) t.contact.emplace_back(in.bytes());
    for (auto* s : {&t.legal_basis, &t.reference, &t.clarification}) *s = in.bytes();
    in.finish();
    return t;
}

Bytes prefix_key(const Prefix& p) {
    Bytes key(1, static_cast<char>(p.family));
    key.append(reinterpret_cast<const char*>(p.address.data()), p.family == 4 ? 4 : 16);
    key.push_back(static_cast<char>(p.length));
    return key;
}

Prefix prefix_of_key(ByteView key) {
    bool four = key.size() == 6 && key[0] == 4, six = key.size() == 18 && key[0] == 6;
    if (!four && !six) corrupt(msg("an address key has the wrong length"));
    Prefix p;
    p.family = static_cast<std::uint8_t>(key[0]);
    std::memcpy(p.address.data(), key.data() + 1, key.size() - 2);
    p.length = static_cast<std::uint8_t>(key.back());
    if (p.length > (four ? 32 : 128)) corrupt(msg("an address key has too long a prefix"));
    return p;
}

}  // namespace saring
