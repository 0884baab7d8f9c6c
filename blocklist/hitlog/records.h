// The payload of a frame `hits`: dictionaries of repeated values, then columns of small numbers; the two parts are
// packed separately. All hits of a frame are of one instance and one hour. Layout: FORMAT.md.
#pragma once

#include <array>
#include <vector>

#include "base/dictionary.h"
#include "base/flat_index.h"
#include "hitlog/counts.h"
#include "hitlog/filter.h"

namespace saring::hitlog {

// A hit to be added to a frame. Its views need to be valid only for the call.
struct Record {
    std::uint64_t sequence = 0;
    Microseconds time = 0;
    ByteView client;  // stored form
    ByteView region;
    std::uint32_t asn = 0;
    Transport transport = Transport::udp;
    ByteView qname;  // wire format
    std::uint16_t qtype = 0;
    Trigger trigger = Trigger::qname;
    ByteView matched;  // as in HitCounts::Key
    Action action = Action::nxdomain;
    ByteView order;
    std::uint64_t serial = 0;

    HitCounts::Key key() const { return {hour_of(time), order, matched, region, action}; }
};

// A view of a Hit as a Record. Must outlive the record.
class RecordOf {
public:
    explicit RecordOf(const Hit& hit);
    operator const Record&() const { return record_; }

private:
    Bytes matched_;
    Record record_;
};

namespace column {
// In the order of the columns of a frame. Persisted; do not reorder.
enum Column : unsigned { sequence, time, client, region, asn, transport, qname, qtype, match, serial, columns };
}  // namespace column

struct CountedPair {
    std::uint32_t match, region, n;
};

// Collects one column of a frame: a single value while all rows are equal, else a varint a row.
class ColumnWriter {
public:
    // Sets the value of row number `row`. Call it for each row in turn, from 0.
    void put(std::uint64_t value, std::size_t row) {
        if (size_ == 0) {
            if (row == 0) constant_ = value;
            if (value == constant_) return;
            for (; row > 0; --row) append(constant_);
        }
        append(value);
    }
    bool varies() const { return size_ > 0; }
    std::uint64_t constant() const { return constant_; }
    ByteView varints() const { return {memory_.data(), size_}; }
    void clear() { size_ = 0; }  // keeps memory

private:
    static constexpr std::size_t max_varint = 10;  // bytes
    void append(std::uint64_t v) {
        if (memory_.size() - size_ < max_varint) memory_.resize(2 * memory_.size() + 1024);
        char* at = memory_.data() + size_;
        for (; v >= 0x80; v >>= 7) *at++ = static_cast<char>(v | 0x80);
        *at++ = static_cast<char>(v);
        size_ = static_cast<std::size_t>(at - memory_.data());
    }

    std::uint64_t constant_ = 0;
    std::size_t size_ = 0;  // bytes in use
    std::vector<char> memory_;
};

class FrameBuilder {
public:
    static constexpr std::size_t max_hits = 16384;

    // The indexes of a client and its region in the dictionaries of one frame; a cache that the caller keeps by client.
    struct ClientNumbers {
        std::uint64_t frame = 0;  // 0: not set
        std::uint32_t client = 0, region = 0;
    };

    // The hit must be of the same hour as those before it. `known` is the cache of this client and region. After
    // bad_alloc, call clear().
    void add(const Record& r, ClientNumbers& known);
    void add(const Record& r) {
        ClientNumbers unknown;
        add(r, unknown);
    }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    bool full() const { return size_ >= max_hits; }
    Hour hour() const { return hour_of(first_.time); }
    void clear();  // keeps memory

    FrameHeader header() const;  // without number
    Bytes payload(Packer& packer, const std::string& instance) const;
    // The number of hits of each match and region. RecordColumns::add_pairs() counts them after they are written.
    const std::vector<CountedPair>& pairs() const { return pairs_; }

private:
    // The fields that are counted by hour, without the region. A frame has few different ones.
    struct Match {
        std::uint32_t order, listed;
        Trigger trigger;
        Action action;
        bool operator==(const Match&) const = default;
        std::uint64_t hash() const;
    };
    // Columns hold differences to these values: of the first row, and of the previous row.
    struct Base {
        std::uint64_t sequence = 0, serial = 0;
        Microseconds time = 0;
    };
    std::uint32_t match_of(const Record& r, std::uint32_t qname);
    std::uint32_t number_of(const Match& m);
    void count_pair(std::uint32_t match, std::uint32_t region);

    std::uint64_t frame_ = 1;  // incremented by clear(), which empties the dictionaries
    std::size_t size_ = 0;
    Base first_, last_;
    Microseconds least_ = 0, greatest_ = 0;
    std::array<ColumnWriter, column::columns> columns_;
    Dictionary clients_, regions_, orders_, names_, prefixes_;
    std::vector<Match> matches_;
    FlatIndex match_index_;
    // By index of a qname: its last match, or none. Most queries for a qname have the same match.
    std::vector<std::uint32_t> last_match_;
    std::vector<CountedPair> pairs_;
    FlatIndex pair_index_;
    std::size_t last_pair_ = 0;  // index into pairs_
};

// Reads a frame's records by column. A filter or a count compares numbers, and looks at each dictionary entry once.
class RecordColumns {
public:
    // Reads the dictionaries. Throws Error(database) if an index is outside its dictionary. With a filter whose order
    // or name does not occur in them it reads nothing; see is_empty().
    RecordColumns(const FrameHeader& header, ByteView payload, Unpacker& unpacker, const HitFilter* filter = nullptr);
    RecordColumns(RecordColumns&&) = default;

    // Whether the filter may accept any hit, judged by the dictionaries. Call it before accepted().
    bool may_hold(const HitFilter& filter);
    // Nothing was read: the filter accepts none of its hits.
    bool is_empty() const { return skipped_; }
    // Reads the columns. The members below need it, unless they say otherwise.
    void read_columns(Unpacker& unpacker);

    std::size_t size() const { return count_; }
    Hit hit(std::size_t row) const;
    // The rows that the filter passed to may_hold() accepts, ascending.
    std::vector<std::uint32_t> accepted(const HitFilter& filter) const;
    // Adds pairs() of the builder that made this frame. Needs the dictionaries only.
    void add_pairs(const std::vector<CountedPair>& pairs, HitCounts& counts) const;
    // HitCounts::Key::matched of a row.
    Bytes matched(std::size_t row) const;
    HitCounts::Key key(std::size_t row, Bytes& matched_memory) const;

    std::string instance;
    // The dictionaries: views of the payload. Names are in wire format.
    std::vector<ByteView> clients, regions, orders, names, prefixes;
    // One value a hit. client, region, qname, order and listed are indexes into the dictionaries; listed is a prefix
    // for trigger address, else a name.
    std::vector<std::uint64_t> sequence, serial;
    std::vector<Microseconds> time;
    std::vector<std::uint32_t> client, region, asn, qname, listed, order;
    std::vector<std::uint16_t> qtype;
    std::vector<Transport> transport;
    std::vector<Trigger> trigger;
    std::vector<Action> action;

private:
    struct Match {
        Trigger trigger;
        Action action;
        std::uint32_t order, listed;
    };
    // Whether the filter accepts each entry of a dictionary; empty: it accepts all.
    using Verdicts = std::vector<char>;

    FrameHeader header_;
    std::size_t count_;
    bool skipped_ = false;
    ByteView packed_columns_, rest_;  // columns: of the payload; rest: of dictionaries_, after them
    Unpacker::Plain dictionaries_;
    std::vector<Match> matches_;
    Verdicts order_ok_, region_ok_, client_ok_, name_ok_, name_matches_, prefix_matches_;
};

OwnerName name_at(ByteView wire);   // throws Error(database)
Prefix prefix_at(ByteView stored);  // likewise

}  // namespace saring::hitlog
