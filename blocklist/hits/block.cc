#include "hits/block.h"

#include <zstd.h>

#include <algorithm>

#include "hits/client.h"
#include "hits/schema.h"
#include "name/lookup_key.h"

namespace saring {
namespace {

constexpr std::uint8_t version = 1;
constexpr int compression_level = 3;
constexpr unsigned long long max_plain = 64ull << 20;  // octets of a block unpacked; a full one has far fewer

[[noreturn]] void corrupt(const char* why) {
    throw lmdb::Failure(lmdb::Fault::corrupt, "hits database", std::string("corrupt: a block ") + why,
                        "move the folder hits.path aside: a new one is made, and hits are recorded on");
}

Bytes index_key(char kind, ByteView value) { return Bytes(1, kind).append(value); }

}  // namespace

std::uint32_t BlockBuilder::Dictionary::number(ByteView value, bool* is_new) {
    auto [at, added] = numbers_.try_emplace(Bytes(value), static_cast<std::uint32_t>(values_.size()));
    if (added) values_.emplace_back(value);
    if (is_new) *is_new = added;
    return at->second;
}

Bytes BlockBuilder::Dictionary::encode() const {
    ByteWriter w;
    w.varint(values_.size());
    for (const auto& v : values_) w.bytes(v);
    return w.take();
}

void BlockBuilder::add(const Hit& h) {
    if (count_ == 0) {
        least_ = greatest_ = first_time_ = last_time_ = h.time;
        first_serial_ = last_serial_ = h.serial;
    }
    least_ = std::min(least_, h.time);
    greatest_ = std::max(greatest_, h.time);
    ++count_;
    sequences_.push_back(h.sequence);
    column_[time].zigzag(h.time - last_time_);
    last_time_ = h.time;
    column_[instance].varint(instances_.number(h.instance));
    bool is_new = false;
    column_[client].varint(clients_.number(h.client, &is_new));
    if (is_new && !h.client.empty()) index_keys_.insert(index_key(index_kind::client, h.client));
    column_[region].varint(regions_.number(h.region, &is_new));
    if (is_new) index_keys_.insert(index_key(index_kind::region, h.region));
    column_[asn].varint(h.asn);
    column_[transport].varint(static_cast<std::uint64_t>(h.transport));
    auto qname_number = names_.number(h.qname.wire());
    column_[qname].varint(qname_number);
    column_[qtype].varint(h.qtype);
    column_[trigger].varint(static_cast<std::uint64_t>(h.trigger));
    auto index_name = [&](std::uint32_t number, const OwnerName& name) {
        if (indexed_names_.insert(number).second) index_keys_.insert(index_key(index_kind::name, LookupKey(name).view()));
    };
    if (h.trigger == Trigger::address) {
        column_[listed].varint(prefixes_.number(stored_client(h.prefix)));
    } else {
        auto number = names_.number(h.listed.wire());
        column_[listed].varint(number);
        index_name(number, h.listed);
    }
    // A qname that matched is found through the listed name at or above it.
    if (h.trigger != Trigger::qname) index_name(qname_number, h.qname);
    column_[action].varint(static_cast<std::uint64_t>(h.action));
    column_[order].varint(orders_.number(h.order, &is_new));
    if (is_new) index_keys_.insert(index_key(index_kind::order, h.order));
    column_[serial].zigzag(static_cast<std::int64_t>(h.serial - last_serial_));
    last_serial_ = h.serial;
    if (hour_of(h.time) != last_hour_) {
        last_hour_ = hour_of(h.time);
        index_keys_.insert(index_key(index_kind::hour, hour_key(last_hour_)));
    }
}

Bytes BlockBuilder::encode(std::uint64_t first) const { return pack(first, nullptr); }

Bytes BlockBuilder::encode_kept() const { return pack(sequences_.front(), &sequences_); }

Bytes BlockBuilder::pack(std::uint64_t first, const std::vector<std::uint64_t>* sequences) const {
    Bytes plain;
    for (const Dictionary* d : {&instances_, &clients_, &regions_, &orders_, &names_, &prefixes_}) plain += d->encode();
    ByteWriter steps;
    for (std::size_t i = 0; i < count_; ++i) steps.varint(i == 0 ? 0 : sequences ? (*sequences)[i] - (*sequences)[i - 1] : 1);
    ByteWriter starts;
    starts.zigzag(first_time_);
    starts.varint(first_serial_);
    plain += starts.take();
    plain += steps.take();
    for (const auto& c : column_) plain += ByteWriter(c).take();
    Bytes packed(ZSTD_compressBound(plain.size()), '\0');
    std::size_t n = ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), compression_level);
    if (ZSTD_isError(n)) throw std::bad_alloc();
    packed.resize(n);
    ByteWriter head;
    head.integer(version);
    head.integer(static_cast<std::uint32_t>(count_));
    head.integer(least_);
    head.integer(greatest_);
    head.integer(sequences ? sequences->back() : first + count_ - 1);
    return head.take() + packed;
}

namespace {

constexpr std::size_t head_size = 1 + 4 + 8 + 8 + 8;

std::vector<ByteView> read_dictionary(ByteReader& in) {
    auto n = in.varint();
    if (n > 2 * BlockBuilder::most) corrupt("has too large a dictionary");
    std::vector<ByteView> out;
    out.reserve(n);
    for (; n > 0; --n) out.push_back(in.bytes());
    return out;
}

// Of an enumeration or a dictionary: smaller than `size`.
std::size_t below(std::uint64_t v, std::size_t size) {
    if (v >= size) corrupt("refers to what it does not hold");
    return static_cast<std::size_t>(v);
}

}  // namespace

BlockHead decode_block_head(ByteView block) {
    ByteReader in(block.substr(0, head_size), "block of hits");
    if (in.integer<std::uint8_t>() != version) corrupt("has an unknown version");
    BlockHead head;
    head.count = in.integer<std::uint32_t>();
    head.least = in.integer<Microseconds>();
    head.greatest = in.integer<Microseconds>();
    head.last_sequence = in.integer<std::uint64_t>();
    if (head.count == 0 || head.count > BlockBuilder::most) corrupt("has an impossible number of hits");
    return head;
}

std::vector<Hit> decode_block(std::uint64_t first, ByteView block) {
    BlockHead head = decode_block_head(block);
    ByteView packed = block.substr(head_size);
    unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > max_plain) corrupt("has no valid size");
    Bytes plain(static_cast<std::size_t>(size), '\0');
    std::size_t n = ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
    if (ZSTD_isError(n) || n != plain.size()) corrupt("does not unpack");

    ByteReader in(plain, "block of hits");
    auto instances = read_dictionary(in), clients = read_dictionary(in), regions = read_dictionary(in), orders = read_dictionary(in);
    std::vector<OwnerName> names;
    for (ByteView wire : read_dictionary(in))
        if (!OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), names.emplace_back())) corrupt("holds no name where one belongs");
    std::vector<Prefix> prefixes;
    for (ByteView stored : read_dictionary(in)) {
        auto p = client_network(stored);
        if (!p) corrupt("holds no prefix where one belongs");
        prefixes.push_back(*p);
    }
    std::vector<Hit> hits(head.count);
    Microseconds time = in.zigzag();
    std::uint64_t serial = in.varint(), sequence = first;
    for (auto& h : hits) h.sequence = sequence += in.varint();
    for (auto& h : hits) h.time = time += in.zigzag();
    for (auto& h : hits) h.instance = instances[below(in.varint(), instances.size())];
    for (auto& h : hits) h.client = clients[below(in.varint(), clients.size())];
    for (auto& h : hits) h.region = regions[below(in.varint(), regions.size())];
    for (auto& h : hits) h.asn = static_cast<std::uint32_t>(in.varint());
    for (auto& h : hits) h.transport = static_cast<Transport>(below(in.varint(), static_cast<std::size_t>(last_transport) + 1));
    for (auto& h : hits) h.qname = names[below(in.varint(), names.size())];
    for (auto& h : hits) h.qtype = static_cast<std::uint16_t>(in.varint());
    for (auto& h : hits) h.trigger = static_cast<Trigger>(below(in.varint(), static_cast<std::size_t>(Trigger::address) + 1));
    for (auto& h : hits) {
        auto number = in.varint();
        if (h.trigger == Trigger::address)
            h.prefix = prefixes[below(number, prefixes.size())];
        else
            h.listed = names[below(number, names.size())];
    }
    for (auto& h : hits) h.action = static_cast<Action>(below(in.varint(), static_cast<std::size_t>(Action::log) + 1));
    for (auto& h : hits) h.order = orders[below(in.varint(), orders.size())];
    for (auto& h : hits) h.serial = serial += static_cast<std::uint64_t>(in.zigzag());
    in.finish();
    if (sequence != head.last_sequence) corrupt("ends at another sequence than it says");
    return hits;
}

}  // namespace saring
