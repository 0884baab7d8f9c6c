#include "hits/earlier_blocks.h"

#include "hitlog/client.h"
#include "hitlog/records.h"
#include "hitlog/varint.h"

namespace saring::hits {
namespace {

constexpr std::uint8_t block_version = 1;
constexpr std::size_t head_size = 1 + 4 + 8 + 8 + 8, max_block_hits = 65536;

std::vector<ByteView> block_dictionary(ColumnReader& in) {
    std::vector<ByteView> out;
    for (auto n = in.several(); n > 0; --n) {
        auto size = ByteReader(in.raw(4), "block").integer<std::uint32_t>();
        out.push_back(in.raw(size));
    }
    return out;
}

}  // namespace

std::vector<Hit> hits_of_block(std::uint64_t first, ByteView block) {
    ByteReader head(block.substr(0, head_size), "block of hits");
    if (head.integer<std::uint8_t>() != block_version) raise_corrupt(msg("has an unknown version"));
    auto count = head.integer<std::uint32_t>();
    if (count == 0 || count > max_block_hits || block.size() < head_size)
        raise_corrupt(msg("has an impossible number of hits"));
    Unpacker unpacker;
    auto plain = unpacker.unpack(block.substr(head_size));
    ColumnReader in(plain.view());
    auto instances = block_dictionary(in), clients = block_dictionary(in), regions = block_dictionary(in),
         orders = block_dictionary(in), names = block_dictionary(in), prefixes = block_dictionary(in);
    Microseconds time = in.zigzag();
    std::uint64_t serial = in.varint();
    std::vector<Hit> out(count);
    auto each = [&](auto read) {
        for (auto& h : out) read(h);
    };
    each([&](Hit& h) { h.sequence = first += in.varint(); });
    each([&](Hit& h) { h.time = time = moved(time, in.zigzag()); });
    each([&](Hit& h) { h.instance = instances[in.below(instances.size())]; });
    each([&](Hit& h) { h.client = clients[in.below(clients.size())]; });
    each([&](Hit& h) { h.region = regions[in.below(regions.size())]; });
    each([&](Hit& h) { h.asn = static_cast<std::uint32_t>(in.varint()); });
    each([&](Hit& h) { h.transport = static_cast<Transport>(in.below(static_cast<std::size_t>(last_transport) + 1)); });
    each([&](Hit& h) { h.qname = name_at(names[in.below(names.size())]); });
    each([&](Hit& h) { h.qtype = static_cast<std::uint16_t>(in.varint()); });
    each([&](Hit& h) { h.trigger = static_cast<Trigger>(in.below(static_cast<std::size_t>(Trigger::address) + 1)); });
    each([&](Hit& h) {
        if (h.trigger == Trigger::address) h.prefix = prefix_at(prefixes[in.below(prefixes.size())]);
        else h.listed = name_at(names[in.below(names.size())]);
    });
    each([&](Hit& h) { h.action = static_cast<Action>(in.below(static_cast<std::size_t>(Action::log) + 1)); });
    each([&](Hit& h) { h.order = orders[in.below(orders.size())]; });
    each([&](Hit& h) { h.serial = serial += static_cast<std::uint64_t>(in.zigzag()); });
    in.finish();
    return out;
}

}  // namespace saring::hits
