#include "image/order_table.h"

#include "image/refusal.h"

namespace saring::image {
namespace {

constexpr std::uint8_t no_action = 0xff;

void put_list(ByteWriter& w, const std::vector<std::string>& list) {
    w.integer(static_cast<std::uint16_t>(list.size()));
    for (const auto& text : list) w.bytes(text);
}

std::vector<std::string> get_list(ByteReader& in) {
    std::vector<std::string> out;
    for (auto n = in.integer<std::uint16_t>(); n > 0; --n) out.emplace_back(in.bytes());
    return out;
}

// Throws Error for an unknown number, as ByteReader does for missing bytes.
template <typename E>
E get_enum(ByteReader& in, E last) {
    auto v = in.integer<std::uint8_t>();
    if (v > static_cast<std::uint8_t>(last))
        throw Error(ErrorKind::database, msg("order"), msg("has the unknown number %1", v));
    return static_cast<E>(v);
}

void read_fields(ByteReader& in, ImageOrder& o) {
    auto& r = o.record;
    r.kind = get_enum(in, policy::OrderKind::local);
    auto action = in.integer<std::uint8_t>();
    if (action != no_action) {
        if (action > static_cast<std::uint8_t>(policy::Action::log))
            throw Error(ErrorKind::database, msg("order"), msg("has the unknown action %1", action));
        r.action = static_cast<policy::Action>(action);
    }
    for (auto* t : {&r.issued, &r.effective, &r.expires, &r.lifted}) *t = in.integer<UnixTime>();
    for (auto* s : {&r.id, &r.authority, &r.category}) *s = in.bytes();
    r.regions = get_list(in);
    for (auto n = in.integer<std::uint16_t>(); n > 0; --n) {
        std::string language(in.bytes());
        o.texts.reason.emplace_back(std::move(language), in.bytes());
    }
    o.texts.contact = get_list(in);
    for (auto* s : {&o.texts.legal_basis, &o.texts.reference, &o.texts.clarification}) *s = in.bytes();
}

}  // namespace

void OrderTableWriter::add(const ImageOrder& o) {
    ByteWriter w;
    w.integer(o.index);
    w.integer(o.changed);
    w.integer(static_cast<std::uint8_t>(o.present));
    if (o.present) {
        const auto& r = o.record;
        w.integer(static_cast<std::uint8_t>(r.kind));
        w.integer(r.action ? static_cast<std::uint8_t>(*r.action) : no_action);
        for (auto t : {r.issued, r.effective, r.expires, r.lifted}) w.integer(t);
        for (const auto* s : {&r.id, &r.authority, &r.category}) w.bytes(*s);
        put_list(w, r.regions);
        w.integer(static_cast<std::uint16_t>(o.texts.reason.size()));
        for (const auto& [language, text] : o.texts.reason) {
            w.bytes(language);
            w.bytes(text);
        }
        put_list(w, o.texts.contact);
        for (const auto* s : {&o.texts.legal_basis, &o.texts.reference, &o.texts.clarification}) w.bytes(*s);
    }
    rows_ += w.take();
    ++count_;
}

Bytes OrderTableWriter::finish() const {
    ByteWriter w;
    w.integer(count_);
    w.raw(rows_);
    return w.take();
}

std::vector<std::shared_ptr<const ImageOrder>> read_orders(ByteView section) try {
    ByteReader in(section, "orders");
    std::vector<std::shared_ptr<const ImageOrder>> out;
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) {
        auto o = std::make_shared<ImageOrder>();
        o->index = in.integer<policy::OrderIndex>();
        o->changed = in.integer<std::uint64_t>();
        auto present = in.integer<std::uint8_t>();
        if (present > 1 || (!out.empty() && out.back()->index >= o->index))
            throw Error(ErrorKind::database, msg("orders"), msg("out of order"));
        o->present = present != 0;
        if (o->present) read_fields(in, *o);
        out.push_back(std::move(o));
    }
    in.finish();
    return out;
} catch (const Refusal&) { throw; } catch (const Error& e) {
    throw Refusal(Reason::malformed, msg("image file"), msg("has orders that cannot be read: %1", e.why()));
}

}  // namespace saring::image
