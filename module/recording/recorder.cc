#include "recording/recorder.h"

#include <algorithm>

namespace saring {

using hitlog::Record;

namespace {

// The fixed part of an entry; client, qname, what was matched (unless qname ends with it) and the order's id follow.
struct Fixed {
    hitlog::Microseconds time;
    std::uint64_t serial;
    std::uint16_t qtype, order_size;
    std::uint8_t client_family;  // 0: not known
    hitlog::Transport transport;
    policy::Trigger trigger;
    policy::Action action;
    std::uint8_t qname_size, matched_size;
    bool in_qname;  // the last `matched_size` octets of qname are what was matched
};

// Not by memcpy, which may not be given the null pointer of an empty view.
char* put(char* at, ByteView v) { return std::copy(v.begin(), v.end(), at); }

// Eight bytes at once: those from A to Z get bit 5.
std::uint64_t lower(std::uint64_t bytes) {
    constexpr std::uint64_t each = 0x0101010101010101, top = 0x80 * each;
    std::uint64_t low = bytes & ~top;
    std::uint64_t from_a = low + (0x80 - 'A') * each, above_z = low + (0x7f - 'Z') * each;
    return bytes | (from_a & ~above_z & ~bytes & top) >> 2;
}

// A name in wire format, whose labels' lengths are less than any letter.
char* put_lower(char* at, ByteView wire) {
    for (std::size_t n; !wire.empty(); wire.remove_prefix(n), at += n) {
        n = std::min<std::size_t>(wire.size(), 8);
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, wire.data(), n);
        bytes = lower(bytes);
        std::memcpy(at, &bytes, n);
    }
    return at;
}

std::size_t address_size(std::uint8_t family) { return family == 0 ? 0 : family == 4 ? 4 : 16; }

}  // namespace

bool HitRecorder::record(const HitEvent& s) {
    Fixed f{};
    f.time = s.time;
    f.serial = s.serial;
    f.qtype = s.qtype;
    f.order_size = static_cast<std::uint16_t>(s.order.size());
    f.client_family = s.client ? s.client->family : 0;
    f.transport = s.transport;
    char qname[OwnerName::max_wire];
    if (s.qname.size() > sizeof qname) return true;  // no name
    put_lower(qname, s.qname);
    f.in_qname = s.trigger == policy::Trigger::qname && ByteView(qname, s.qname.size()).ends_with(s.matched);
    f.trigger = s.trigger == policy::Trigger::qname && !f.in_qname ? policy::Trigger::cname : s.trigger;
    f.action = s.action;
    f.qname_size = static_cast<std::uint8_t>(s.qname.size());
    f.matched_size = static_cast<std::uint8_t>(s.matched.size());
    ByteView client =
        s.client ? ByteView(reinterpret_cast<const char*>(s.client->address.data()), address_size(f.client_family))
                 : ByteView();
    char* at = queue_.reserve(sizeof f + client.size() + s.qname.size() + (f.in_qname ? 0 : s.matched.size()) +
                              s.order.size());
    if (!at) return false;
    std::memcpy(at, &f, sizeof f);
    at = put(put(at + sizeof f, client), {qname, s.qname.size()});
    put(f.in_qname ? at : put(at, s.matched), s.order);
    queue_.publish();
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
        entry.remove_prefix(sizeof f);
        auto take = [&](std::size_t n) {
            ByteView v = entry.substr(0, n);
            entry.remove_prefix(n);
            return v;
        };
        std::optional<Prefix> client;
        ByteView octets = take(address_size(f.client_family));
        if (f.client_family) {
            client = Prefix{f.client_family, static_cast<std::uint8_t>(f.client_family == 4 ? 32 : 128), {}};
            std::memcpy(client->address.data(), octets.data(), octets.size());
        }
        Record r;
        r.time = f.time;
        r.serial = f.serial;
        r.transport = f.transport;
        r.qtype = f.qtype;
        r.trigger = f.trigger;
        r.action = f.action;
        r.qname = take(f.qname_size);
        r.matched = f.in_qname ? r.qname.substr(r.qname.size() - f.matched_size) : take(f.matched_size);
        r.order = take(f.order_size);
        visit(r, client);
    });
}

}  // namespace saring
