#include "hits/columns.h"

#include <zstd.h>

#include "hits/client.h"
#include "hits/counts.h"
#include "ledger/lmdb.h"

namespace saring::hits {
namespace {

constexpr unsigned long long max_plain = 64ull << 20;  // octets of a block unpacked; a full one has far fewer

[[noreturn]] void corrupt(const Message& why) { raise_corrupt_block(why); }

std::vector<ByteView> read_dictionary(ByteReader& in) {
    auto n = in.varint();
    if (n > 2 * BlockBuilder::most) corrupt(msg("has too large a dictionary"));
    std::vector<ByteView> out;
    out.reserve(n);
    for (; n > 0; --n) out.push_back(in.bytes());
    return out;
}

// Of an enumeration or a dictionary: smaller than `size`.
std::uint32_t below(std::uint64_t v, std::size_t size) {
    if (v >= size) corrupt(msg("refers to what it does not hold"));
    return static_cast<std::uint32_t>(v);
}

OwnerName name_at(ByteView wire) {
    OwnerName out;
    if (!OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), out)) corrupt(msg("holds no name where one belongs"));
    return out;
}

Prefix prefix_at(ByteView stored) {
    auto p = client_network(stored);
    if (!p) corrupt(msg("holds no prefix where one belongs"));
    return *p;
}

}  // namespace

BlockColumns::BlockColumns(std::uint64_t first, ByteView block) {
    BlockHead head = decode_block_head(block);
    ByteView packed = block.substr(BlockHead::size);
    unsigned long long octets = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (octets == ZSTD_CONTENTSIZE_ERROR || octets == ZSTD_CONTENTSIZE_UNKNOWN || octets > max_plain) corrupt(msg("has no valid size"));
    plain = std::make_unique<char[]>(octets);
    std::size_t unpacked = ZSTD_decompress(plain.get(), octets, packed.data(), packed.size());
    if (ZSTD_isError(unpacked) || unpacked != octets) corrupt(msg("does not unpack"));

    ByteReader in({plain.get(), octets}, "block of hits");
    for (auto* dictionary : {&instances, &clients, &regions, &orders, &names, &prefixes}) *dictionary = read_dictionary(in);
    std::size_t n = head.count;
    Microseconds last_time = in.zigzag();
    std::uint64_t last_serial = in.varint(), last_sequence = first;
    auto column = [&](auto& out, auto next) {
        out.resize(n);
        for (auto& v : out) v = next();
    };
    auto of = [&](std::size_t entries) { return [&in, entries] { return below(in.varint(), entries); }; };
    column(sequence, [&] { return last_sequence += in.varint(); });
    column(time, [&] { return last_time += in.zigzag(); });
    column(instance, of(instances.size()));
    column(client, of(clients.size()));
    column(region, of(regions.size()));
    column(asn, [&] { return static_cast<std::uint32_t>(in.varint()); });
    column(transport, [&] { return static_cast<Transport>(below(in.varint(), static_cast<std::size_t>(last_transport) + 1)); });
    column(qname, of(names.size()));
    column(qtype, [&] { return static_cast<std::uint16_t>(in.varint()); });
    column(trigger, [&] { return static_cast<policy::Trigger>(below(in.varint(), static_cast<std::size_t>(policy::Trigger::address) + 1)); });
    std::size_t row = 0;
    column(listed, [&] { return below(in.varint(), trigger[row++] == policy::Trigger::address ? prefixes.size() : names.size()); });
    column(action, [&] { return static_cast<policy::Action>(below(in.varint(), static_cast<std::size_t>(policy::Action::log) + 1)); });
    column(order, of(orders.size()));
    column(serial, [&] { return last_serial += static_cast<std::uint64_t>(in.zigzag()); });
    in.finish();
    if (last_sequence != head.last_sequence) corrupt(msg("ends at another sequence than it says"));
}

Hit BlockColumns::hit(std::size_t row) const {
    Hit h;
    h.sequence = sequence[row];
    h.time = time[row];
    h.instance = instances[instance[row]];
    h.client = clients[client[row]];
    h.region = regions[region[row]];
    h.asn = asn[row];
    h.transport = transport[row];
    h.qname = name_at(names[qname[row]]);
    h.qtype = qtype[row];
    h.trigger = trigger[row];
    if (h.trigger == policy::Trigger::address)
        h.prefix = prefix_at(prefixes[listed[row]]);
    else
        h.listed = name_at(names[listed[row]]);
    h.action = action[row];
    h.order = orders[order[row]];
    h.serial = serial[row];
    return h;
}

Bytes BlockColumns::matched(std::size_t row) const {
    if (trigger[row] == policy::Trigger::address) return matched_key(policy::Trigger::address, {}, prefix_at(prefixes[listed[row]]));
    return matched_key(trigger[row], name_at(names[listed[row]]), {});
}

std::vector<std::uint32_t> BlockColumns::accepted(const HitFilter& f) const {
    // A verdict for each entry of a dictionary; none: all of them will do.
    using Verdicts = std::vector<char>;
    auto judge = [](const std::vector<ByteView>& dictionary, bool asked, auto is_wanted) {
        Verdicts out;
        if (asked)
            for (ByteView entry : dictionary) out.push_back(is_wanted(entry));
        return out;
    };
    auto order_ok = judge(orders, f.order.has_value(), [&](ByteView v) { return v == *f.order; });
    auto region_ok = judge(regions, f.region.has_value(), [&](ByteView v) { return v == *f.region; });
    auto instance_ok = judge(instances, f.instance.has_value(), [&](ByteView v) { return v == *f.instance; });
    auto client_ok = judge(clients, f.client.has_value(), [&](ByteView v) { return clients_meet(v, *f.client); });
    auto name_ok = judge(names, f.name.has_value(), [&](ByteView v) { return name_at(v).is_at_or_below(*f.name); });
    auto passes = [](const Verdicts& verdicts, std::uint32_t entry) { return verdicts.empty() || verdicts[entry]; };
    std::vector<std::uint32_t> out;
    for (std::uint32_t row = 0; row < size(); ++row) {
        if (sequence[row] <= f.after || sequence[row] >= f.before || time[row] < f.since || time[row] >= f.until || (f.action && action[row] != *f.action)) continue;
        if (!passes(order_ok, order[row]) || !passes(region_ok, region[row]) || !passes(instance_ok, instance[row]) || !passes(client_ok, client[row])) continue;
        if (f.name && !name_ok[qname[row]] && (trigger[row] == policy::Trigger::address || !name_ok[listed[row]])) continue;
        out.push_back(row);
    }
    return out;
}

}  // namespace saring::hits
