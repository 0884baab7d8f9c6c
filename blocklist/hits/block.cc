#include "hits/block.h"

#include <zstd.h>

#include <algorithm>

#include "hits/client.h"
#include "hits/columns.h"
#include "hits/schema.h"
#include "name/lookup_key.h"

namespace saring::hits {
namespace {

constexpr std::uint8_t version = 1;
constexpr int compression_level = 3;

Bytes index_key(char kind, ByteView value) { return Bytes(1, kind).append(value); }

Bytes encoded(const Dictionary& d) {
    ByteWriter w;
    w.varint(d.size());
    for (std::uint32_t n = 0; n < d.size(); ++n) w.bytes(d[n]);
    return w.take();
}

}  // namespace

void raise_corrupt_block(const Message& why) {
    throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, msg("hits database"), msg("corrupt: a block %1", why),
                        msg("move the folder hits.path aside: a new one is made, and hits are recorded on"));
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
    if (is_new && !h.client.empty()) index_keys_.push_back(index_key(index_kind::client, h.client));
    column_[region].varint(regions_.number(h.region, &is_new));
    if (is_new) index_keys_.push_back(index_key(index_kind::region, h.region));
    column_[asn].varint(h.asn);
    column_[transport].varint(static_cast<std::uint64_t>(h.transport));
    auto qname_number = names_.number(h.qname.wire());
    column_[qname].varint(qname_number);
    column_[qtype].varint(h.qtype);
    column_[trigger].varint(static_cast<std::uint64_t>(h.trigger));
    auto index_name = [&](std::uint32_t number, const OwnerName& name) {
        if (indexed_names_.size() <= number) indexed_names_.resize(number + 1);
        if (!indexed_names_[number]) index_keys_.push_back(index_key(index_kind::name, LookupKey(name).view()));
        indexed_names_[number] = true;
    };
    if (h.trigger == policy::Trigger::address) {
        column_[listed].varint(prefixes_.number(stored_client(h.prefix)));
    } else {
        auto number = names_.number(h.listed.wire());
        column_[listed].varint(number);
        index_name(number, h.listed);
    }
    // A qname that matched is found through the listed name at or above it.
    if (h.trigger != policy::Trigger::qname) index_name(qname_number, h.qname);
    column_[action].varint(static_cast<std::uint64_t>(h.action));
    column_[order].varint(orders_.number(h.order, &is_new));
    if (is_new) index_keys_.push_back(index_key(index_kind::order, h.order));
    column_[serial].zigzag(static_cast<std::int64_t>(h.serial - last_serial_));
    last_serial_ = h.serial;
    if (hour_of(h.time) != last_hour_) {
        last_hour_ = hour_of(h.time);
        index_keys_.push_back(index_key(index_kind::hour, hour_key(last_hour_)));
    }
}

std::vector<Bytes> BlockBuilder::index_keys() const {
    std::vector<Bytes> out = index_keys_;
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

Bytes BlockBuilder::encode(std::uint64_t first) const { return pack(first, nullptr); }

Bytes BlockBuilder::encode_kept() const { return pack(sequences_.front(), &sequences_); }

Bytes BlockBuilder::pack(std::uint64_t first, const std::vector<std::uint64_t>* sequences) const {
    Bytes plain;
    for (const Dictionary* d : {&instances_, &clients_, &regions_, &orders_, &names_, &prefixes_}) plain += encoded(*d);
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

BlockHead decode_block_head(ByteView block) {
    ByteReader in(block.substr(0, BlockHead::size), "block of hits");
    if (in.integer<std::uint8_t>() != version) raise_corrupt_block(msg("has an unknown version"));
    BlockHead head;
    head.count = in.integer<std::uint32_t>();
    head.least = in.integer<Microseconds>();
    head.greatest = in.integer<Microseconds>();
    head.last_sequence = in.integer<std::uint64_t>();
    if (head.count == 0 || head.count > BlockBuilder::most) raise_corrupt_block(msg("has an impossible number of hits"));
    return head;
}

std::vector<Hit> decode_block(std::uint64_t first, ByteView block) {
    BlockColumns columns(first, block);
    std::vector<Hit> hits;
    hits.reserve(columns.size());
    for (std::size_t row = 0; row < columns.size(); ++row) hits.push_back(columns.hit(row));
    return hits;
}

}  // namespace saring::hits
