// Records of hits as the payload of a frame `hits`: dictionaries of what repeats, then columns of small numbers, each
// part packed by itself. All hits of a frame are of one instance and one hour. Layout: FORMAT.md.
#pragma once

#include <array>
#include <vector>

#include "base/dictionary.h"
#include "base/flat_index.h"
#include "hitlog/counts.h"
#include "hitlog/filter.h"

namespace saring::hitlog {

// A hit on its way into a frame; the views hold for the call.
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
    ByteView matched;  // HitCounts::Key
    Action action = Action::nxdomain;
    ByteView order;
    std::uint64_t serial = 0;

    HitCounts::Key key() const { return {hour_of(time), order, matched, region, action}; }
};

// A Hit as a Record. Keep it while the record is used.
class RecordOf {
public:
    explicit RecordOf(const Hit& hit);
    operator const Record&() const { return record_; }

private:
    Bytes matched_;
    Record record_;
};

namespace column {
// In the order in which they stand in a frame. Persisted.
enum Column : unsigned { sequence, time, client, region, asn, transport, qname, qtype, match, serial, columns };
}  // namespace column

struct CountedPair {
    std::uint32_t match, region, n;
};

// A column of a frame as it is written: one value while all rows have the same, else a varint a row.
class ColumnWriter {
public:
    // The value of the row with this number; rows come one after the other.
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
    static constexpr std::size_t longest = 10;  // bytes of a varint
    void append(std::uint64_t v) {
        if (memory_.size() - size_ < longest) memory_.resize(2 * memory_.size() + 1024);
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

    // The numbers of a client and its region in the dictionaries of one frame, kept where the client is known.
    struct ClientNumbers {
        std::uint64_t frame = 0;  // 0: of none
        std::uint32_t client = 0, region = 0;
    };

    // Only of the hour of those before it. `known` goes with this client and region, and may have the numbers already.
    // May throw bad_alloc: then clear() it.
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

    FrameHeader header() const;  // but for its number
    Bytes payload(Packer& packer, const std::string& instance) const;
    // How many of its hits are of each match and region; add_pairs() counts them once they are written.
    const std::vector<CountedPair>& pairs() const { return pairs_; }

private:
    // What was listed, by which order, and the action: few, and all that is counted by hour but the region.
    struct Match {
        std::uint32_t order, listed;
        Trigger trigger;
        Action action;
        bool operator==(const Match&) const = default;
        std::uint64_t hash() const;
    };
    // What the columns hold the difference to: of the first row, and of the one before.
    struct Base {
        std::uint64_t sequence = 0, serial = 0;
        Microseconds time = 0;
    };
    std::uint32_t match_of(const Record& r, std::uint32_t qname);
    std::uint32_t number_of(const Match& m);
    void count_pair(std::uint32_t match, std::uint32_t region);

    std::uint64_t frame_ = 1;  // raised when the dictionaries begin anew
    std::size_t size_ = 0;
    Base first_, last_;
    Microseconds least_ = 0, greatest_ = 0;
    std::array<ColumnWriter, column::columns> columns_;
    Dictionary clients_, regions_, orders_, names_, prefixes_;
    std::vector<Match> matches_;
    FlatIndex match_index_;
    // Of each name that was asked for: the match that it met last, or none. Most questions for a name meet the same.
    std::vector<std::uint32_t> met_;
    std::vector<CountedPair> pairs_;
    FlatIndex pair_index_;
    std::size_t last_pair_ = 0;  // of pairs_
};

// A frame's records, a column at a time: whoever counts looks at numbers and at each dictionary's entry once.
class RecordColumns {
public:
    // Reads the dictionaries. Throws Error(database) on damage: every number lies within its dictionary. With a filter
    // only as far as they may hold what it asks for; see is_empty().
    RecordColumns(const FrameHeader& header, ByteView payload, Unpacker& unpacker, const HitFilter* filter = nullptr);
    RecordColumns(RecordColumns&&) = default;

    // Whether any hit of it may be wanted, by the dictionaries alone. Before accepted().
    bool may_hold(const HitFilter& filter);
    // Nothing was read: none of its hits can be wanted.
    bool is_empty() const { return skipped_; }
    // Reads the columns; the rest holds afterwards.
    void read_columns(Unpacker& unpacker);

    std::size_t size() const { return count_; }
    Hit hit(std::size_t row) const;
    // The rows that the filter of may_hold() accepts, ascending; its sequences are not looked at.
    std::vector<std::uint32_t> accepted(const HitFilter& filter) const;
    // Adds pairs() of the builder that made this frame. Needs the dictionaries only.
    void add_pairs(const std::vector<CountedPair>& pairs, HitCounts& counts) const;
    // HitCounts::Key::matched of a row.
    Bytes matched(std::size_t row) const;
    HitCounts::Key key(std::size_t row, Bytes& matched_memory) const;

    std::string instance;
    // Views of the payload. Names are wire format.
    std::vector<ByteView> clients, regions, orders, names, prefixes;
    // One number a hit: of a dictionary's entry for client, region, qname, order and listed (a prefix where the
    // trigger is address, else a name).
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
    // A verdict for each entry of a dictionary; none: all of them will do.
    using Verdicts = std::vector<char>;

    FrameHeader header_;
    std::size_t count_;
    bool skipped_ = false;
    ByteView packed_columns_, rest_;  // of the payload; of the dictionaries, what stands behind them
    Unpacker::Plain dictionaries_;
    std::vector<Match> matches_;
    Verdicts order_ok_, region_ok_, client_ok_, name_ok_, name_matches_, prefix_matches_;
};

OwnerName name_at(ByteView wire);   // throws Error(database)
Prefix prefix_at(ByteView stored);  // likewise

}  // namespace saring::hitlog
