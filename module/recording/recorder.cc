#include "recording/recorder.h"

namespace saring {
namespace {

// The fixed part of an entry; qname, what was listed and the order's id follow.
struct Fixed {
    hits::Microseconds time;
    std::uint64_t serial;
    std::array<std::uint8_t, 16> client;
    std::uint16_t qtype, order_size;
    std::uint8_t client_family;  // 0: not known
    hits::Transport transport;
    policy::Trigger trigger;
    policy::Action action;
    std::uint8_t qname_size, listed_size;  // listed_size 0: the prefix follows instead
};

char* put(char* at, ByteView v) {
    std::memcpy(at, v.data(), v.size());
    return at + v.size();
}

OwnerName name_in(ByteView wire) {
    OwnerName out;
    OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), out);
    return out;
}

}  // namespace

bool HitRecorder::record(const HitSight& s) {
    bool address = s.trigger == policy::Trigger::address;
    ByteView qname = s.qname->wire(), order = s.by->order->id;
    ByteView listed = address ? ByteView(reinterpret_cast<const char*>(&s.by->prefix), sizeof(Prefix)) : s.by->listed.wire();
    char* at = queue_.reserve(sizeof(Fixed) + qname.size() + listed.size() + order.size());
    if (!at) return false;
    Fixed f{};
    f.time = s.time;
    f.serial = s.serial;
    if (s.client) {
        f.client = s.client->address;
        f.client_family = s.client->family;
    }
    f.qtype = s.qtype;
    f.order_size = static_cast<std::uint16_t>(order.size());
    f.transport = s.transport;
    f.trigger = s.trigger;
    f.action = s.action;
    f.qname_size = static_cast<std::uint8_t>(qname.size());
    f.listed_size = static_cast<std::uint8_t>(address ? 0 : listed.size());
    std::memcpy(at, &f, sizeof f);
    put(put(put(at + sizeof f, qname), listed), order);
    queue_.publish();
    return true;
}

void HitRecorder::count(const HitSight& s, ByteView region) {
    overflow_.count([&](hits::HitCounts& counts) {
        counts.add(hits::hour_of(s.time), s.by->order->id, {s.trigger, s.by->listed, s.by->prefix}, region, s.action, true);
    });
}

std::size_t HitRecorder::drain(const std::function<void(hits::Hit&, const std::optional<Prefix>&)>& visit) {
    static_assert(std::is_trivially_copyable_v<Prefix>);
    hits::Hit h;  // of every entry: its texts keep their memory
    return queue_.drain([&](ByteView entry) {
        Fixed f;
        std::memcpy(&f, entry.data(), sizeof f);
        entry.remove_prefix(sizeof f);
        auto take = [&](std::size_t n) {
            ByteView v = entry.substr(0, n);
            entry.remove_prefix(n);
            return v;
        };
        h.time = f.time;
        h.serial = f.serial;
        h.transport = f.transport;
        h.qtype = f.qtype;
        h.trigger = f.trigger;
        h.action = f.action;
        h.qname = name_in(take(f.qname_size));
        h.listed = OwnerName();
        h.prefix = Prefix();
        h.client.clear();
        h.region.clear();
        h.asn = 0;
        if (f.trigger == policy::Trigger::address) {
            ByteView prefix = take(sizeof(Prefix));
            std::memcpy(static_cast<void*>(&h.prefix), prefix.data(), sizeof(Prefix));
        } else {
            h.listed = name_in(take(f.listed_size));
        }
        h.order = take(f.order_size);
        std::optional<Prefix> client;
        if (f.client_family) client = Prefix{f.client_family, static_cast<std::uint8_t>(f.client_family == 4 ? 32 : 128), f.client};
        visit(h, client);
    });
}

}  // namespace saring
