#include "recording/recorder.h"

#include <algorithm>
#include <utility>

namespace saring {

using hitlog::Record;

namespace {

// The fixed part of an entry. After it: client, qname, the listed name or prefix unless qname ends with it, and serial
// and order id if they differ from those of the entry before.
struct Fixed {
    hitlog::Microseconds time;
    std::uint16_t qtype, order_size;
    std::uint8_t client_family;  // 0: unknown
    hitlog::Transport transport;
    policy::Trigger trigger;
    policy::Action action;
    std::uint8_t qname_size, matched_size;
    bool in_qname;    // `matched` is the last `matched_size` bytes of qname
    bool same_order;  // order and serial are those of the entry before
};
static_assert(sizeof(Fixed) <= 24);

// Not memcpy, which must not get the null pointer of an empty view.
char* put(char* at, ByteView v) { return std::copy(v.begin(), v.end(), at); }

// Eight bytes at once: sets bit 5 of those from A to Z.
std::uint64_t lower(std::uint64_t bytes) {
    constexpr std::uint64_t each = 0x0101010101010101, top = 0x80 * each;
    std::uint64_t low = bytes & ~top;
    std::uint64_t from_a = low + (0x80 - 'A') * each, above_z = low + (0x7f - 'Z') * each;
    return bytes | (from_a & ~above_z & ~bytes & top) >> 2;
}

char* put_eight_lower(char* to, const char* from) {
    std::uint64_t bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    bytes = lower(bytes);
    std::memcpy(to, &bytes, sizeof bytes);
    return to + sizeof bytes;
}

// A name in wire format; the lengths of its labels are below any letter.
char* put_lower(char* at, ByteView wire) {
    constexpr std::size_t step = 8;
    char* const end = at + wire.size();
    if (wire.size() < step) {
        for (char c : wire) *at++ = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        return end;
    }
    for (const char* from = wire.data(); end - at > static_cast<std::ptrdiff_t>(step); from += step)
        at = put_eight_lower(at, from);
    return put_eight_lower(end - step, wire.data() + wire.size() - step);  // over some bytes once more
}

std::size_t address_size(std::uint8_t family) { return family == 0 ? 0 : family == 4 ? 4 : 16; }

}  // namespace

bool HitRecorder::record(const HitEvent& s) {
    if (s.qname.size() > OwnerName::max_wire) return true;  // no name
    Fixed f{};
    f.time = s.time;
    f.qtype = s.qtype;
    f.order_size = static_cast<std::uint16_t>(s.order.size());
    f.client_family = s.client ? s.client->family : 0;
    f.transport = s.transport;
    f.trigger = s.trigger;
    f.action = s.action;
    f.qname_size = static_cast<std::uint8_t>(s.qname.size());
    f.matched_size = static_cast<std::uint8_t>(s.matched.size());
    f.same_order = s.serial == serial_ && s.order == order_;
    std::size_t client_size = address_size(f.client_family);
    char* const entry =
        queue_.reserve(sizeof f + client_size + s.qname.size() + s.matched.size() + sizeof s.serial + s.order.size());
    if (!entry) return false;
    char* at = entry + sizeof f;
    if (client_size) std::memcpy(at, s.client->address.data(), client_size);
    char* const qname = at + client_size;
    at = put_lower(qname, s.qname);
    f.in_qname = s.trigger == policy::Trigger::qname && ByteView(qname, s.qname.size()).ends_with(s.matched);
    if (!f.in_qname) {
        // A local alias in Unbound's configuration was followed from the qname to a listed name.
        if (s.trigger == policy::Trigger::qname) f.trigger = policy::Trigger::cname;
        at = put(at, s.matched);
    }
    if (!f.same_order) {
        std::memcpy(at, &s.serial, sizeof s.serial);
        at = put(at + sizeof s.serial, s.order);
        order_ = s.order;
        serial_ = s.serial;
    }
    std::memcpy(entry, &f, sizeof f);
    queue_.publish(static_cast<std::size_t>(at - entry));
    return true;
}

void HitRecorder::count(const HitEvent& s, ByteView region) {
    overflow_.count([&](hitlog::HitCounts& counts) {
        counts.add_dropped({hitlog::hour_of(s.time), s.order, s.matched, region, s.action});
    });
}

std::size_t HitRecorder::drain(const std::function<void(Record&, const std::optional<Prefix>&)>& visit) {
    return queue_.drain([&](ByteView entry) {
        Fixed f;
        std::memcpy(&f, entry.data(), sizeof f);
        const char* at = entry.data() + sizeof f;
        auto take = [&at](std::size_t n) { return ByteView(std::exchange(at, at + n), n); };
        std::optional<Prefix> client;
        ByteView address = take(address_size(f.client_family));
        if (f.client_family) {
            client = Prefix{f.client_family, static_cast<std::uint8_t>(f.client_family == 4 ? 32 : 128), {}};
            std::memcpy(client->address.data(), address.data(), address.size());
        }
        Record r;
        r.time = f.time;
        r.transport = f.transport;
        r.qtype = f.qtype;
        r.trigger = f.trigger;
        r.action = f.action;
        r.qname = take(f.qname_size);
        r.matched = f.in_qname ? r.qname.substr(r.qname.size() - f.matched_size) : take(f.matched_size);
        if (!f.same_order) {
            std::memcpy(&drained_serial_, take(sizeof drained_serial_).data(), sizeof drained_serial_);
            drained_order_ = take(f.order_size);
        }
        r.serial = drained_serial_;
        r.order = drained_order_;
        visit(r, client);
    });
}

}  // namespace saring
