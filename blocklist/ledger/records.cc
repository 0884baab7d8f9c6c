#include "ledger/records.h"

#include <sodium.h>

namespace saring::ledger {
namespace {

constexpr std::uint8_t no_action = 0xff;

[[noreturn]] void corrupt(const Message& why) {
    throw Error(ErrorKind::database, msg("database"), msg("corrupt: %1", why),
                msg("restore a backup or sync again into a new database"));
}

// Throws when a count exceeds its field: a truncated count would decode to different data.
void count16(ByteWriter& w, std::size_t n) {
    if (n > 0xffff)
        throw Error(ErrorKind::usage, msg("order"), msg("has %1 entries in one of its lists", n),
                    msg("an order can store at most 65535"));
    w.integer(static_cast<std::uint16_t>(n));
}

}  // namespace

Bytes encode(const policy::OrderRecord& r) {
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

policy::OrderRecord decode_order_record(ByteView value) {
    ByteReader in(value, "order record");
    policy::OrderRecord r;
    auto kind = in.integer<std::uint8_t>();
    if (kind > static_cast<std::uint8_t>(policy::OrderKind::local))
        corrupt(msg("an order record has the unknown kind %1", kind));
    r.kind = static_cast<policy::OrderKind>(kind);
    auto action = in.integer<std::uint8_t>();
    if (action != no_action) {
        if (action > static_cast<std::uint8_t>(policy::Action::log))
            corrupt(msg("an order record has the unknown action %1", action));
        r.action = static_cast<policy::Action>(action);
    }
    for (UnixTime* t : {&r.issued, &r.effective, &r.expires, &r.lifted, &r.deadline, &r.applied})
        *t = in.integer<UnixTime>();
    r.applied_serial = in.integer<std::uint64_t>();
    r.names = in.integer<std::uint64_t>();
    r.addresses = in.integer<std::uint32_t>();
    for (auto* s : {&r.id, &r.authority, &r.category, &r.signers, &r.lifted_by, &r.digest}) *s = in.bytes();
    auto regions = in.integer<std::uint16_t>();
    for (unsigned i = 0; i < regions; ++i) r.regions.emplace_back(in.bytes());
    in.finish();
    return r;
}

Bytes document_digest(ByteView content) {
    Bytes out(32, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<const unsigned char*>(content.data()), content.size(), nullptr, 0);
    return out;
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

Bytes encode(const policy::OrderTexts& t) {
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

policy::OrderTexts decode_order_texts(ByteView value) {
    ByteReader in(value, "order texts");
    policy::OrderTexts t;
    for (auto n = in.integer<std::uint16_t>(); n > 0; --n) {
        std::string language(in.bytes());
        t.reason.emplace_back(std::move(language), std::string(in.bytes()));
    }
    for (auto n = in.integer<std::uint16_t>(); n > 0; --n) t.contact.emplace_back(in.bytes());
    for (auto* s : {&t.legal_basis, &t.reference, &t.clarification}) *s = in.bytes();
    in.finish();
    return t;
}

}  // namespace saring::ledger
