#include "hitlog/records.h"

#include <algorithm>

#include "hitlog/client.h"
#include "hitlog/varint.h"

namespace saring::hitlog {

RecordOf::RecordOf(const Hit& h) : matched_(matched_octets(h.trigger, h.listed, h.prefix)) {
    record_ = {h.sequence, h.time,    h.client, h.region, h.asn,   h.transport, h.qname.wire(),
               h.qtype,    h.trigger, matched_, h.action, h.order, h.serial};
}

std::uint64_t FrameBuilder::Match::hash() const {
    std::uint64_t h = (std::uint64_t{order} << 32 | listed) ^ static_cast<std::uint64_t>(trigger) << 8 ^
                      static_cast<std::uint64_t>(action);
    h *= 0x9e3779b97f4a7c15;
    return h ^ h >> 29;
}

std::uint32_t FrameBuilder::number_of(const Match& m) {
    auto hash = m.hash();
    auto known = match_index_.find(hash, [&](std::uint32_t n) { return matches_[n] == m; });
    if (known != FlatIndex::none) return known;
    match_index_.make_room(matches_.size(), [this](std::uint32_t n) { return matches_[n].hash(); });
    auto number = static_cast<std::uint32_t>(matches_.size());
    matches_.push_back(m);
    match_index_.put(hash, number);
    return number;
}

std::uint32_t FrameBuilder::match_of(const Record& r, std::uint32_t qname) {
    Match m{orders_.number(r.order), 0, r.trigger, r.action};
    if (qname >= last_match_.size()) last_match_.resize(qname + 1, FlatIndex::none);
    if (auto last = last_match_[qname]; r.trigger == Trigger::qname && last != FlatIndex::none) {
        m.listed = matches_[last].listed;
        if (matches_[last] == m && names_[m.listed] == r.matched) return last;
    }
    m.listed = r.trigger == Trigger::address
                   ? prefixes_.number(r.matched.substr(std::min<std::size_t>(1, r.matched.size())))
                   : names_.number(r.matched);
    auto number = number_of(m);
    if (r.trigger == Trigger::qname) last_match_[qname] = number;
    return number;
}

namespace {

std::uint64_t zigzag(std::int64_t v) {
    return static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63);
}

}  // namespace

void FrameBuilder::count_pair(std::uint32_t match, std::uint32_t region) {
    auto hash_of = [](std::uint32_t m, std::uint32_t r) {
        std::uint64_t h = (std::uint64_t{m} << 32 | r) * 0x9e3779b97f4a7c15;
        return h ^ h >> 29;
    };
    auto is_it = [&](std::size_t n) { return pairs_[n].match == match && pairs_[n].region == region; };
    if (!pairs_.empty() && is_it(last_pair_)) {
        ++pairs_[last_pair_].n;
        return;
    }
    auto hash = hash_of(match, region);
    auto known = pair_index_.find(hash, is_it);
    if (known == FlatIndex::none) {
        pair_index_.make_room(pairs_.size(),
                              [&](std::uint32_t n) { return hash_of(pairs_[n].match, pairs_[n].region); });
        known = static_cast<std::uint32_t>(pairs_.size());
        pairs_.push_back({match, region, 0});
        pair_index_.put(hash, known);
    }
    ++pairs_[known].n;
    last_pair_ = known;
}

void FrameBuilder::add(const Record& r, ClientNumbers& known) {
    if (empty()) {
        // The first hit's values are stored before the columns. Its differences are the usual ones, so that columns
        // stay constant.
        first_ = {r.sequence, r.serial, r.time};
        last_ = {r.sequence - 1, r.serial, r.time};
        least_ = greatest_ = r.time;
    }
    least_ = std::min(least_, r.time);
    greatest_ = std::max(greatest_, r.time);
    auto qname = names_.number(r.qname), match = match_of(r, qname);
    if (known.frame != frame_) known = {frame_, clients_.number(r.client), regions_.number(r.region)};
    auto put = [this](column::Column which, std::uint64_t value) { columns_[which].put(value, size_); };
    put(column::sequence, r.sequence - last_.sequence);
    put(column::time, zigzag(distance(last_.time, r.time)));
    put(column::client, known.client);
    put(column::region, known.region);
    put(column::asn, r.asn);
    put(column::transport, static_cast<std::uint64_t>(r.transport));
    put(column::qname, qname);
    put(column::qtype, r.qtype);
    put(column::match, match);
    put(column::serial, zigzag(static_cast<std::int64_t>(r.serial - last_.serial)));
    count_pair(match, known.region);
    last_ = {r.sequence, r.serial, r.time};
    ++size_;
}

void FrameBuilder::clear() {
    ++frame_;
    size_ = 0;
    for (auto& c : columns_) c.clear();
    for (auto* d : {&clients_, &regions_, &orders_, &names_, &prefixes_}) d->clear();
    matches_.clear();
    match_index_.clear();
    last_match_.clear();
    pairs_.clear();
    pair_index_.clear();
}

FrameHeader FrameBuilder::header() const {
    FrameHeader h;
    h.type = FrameType::hits;
    h.count = static_cast<std::uint32_t>(size_);
    h.first = least_;
    h.last = greatest_;
    h.a = first_.sequence;
    h.b = last_.sequence;
    return h;
}

Bytes FrameBuilder::payload(Packer& packer, const std::string& instance) const {
    ByteWriter dictionaries;
    put_octets(dictionaries, instance);
    for (const Dictionary* d : {&clients_, &regions_, &orders_, &names_, &prefixes_}) put_dictionary(dictionaries, *d);
    dictionaries.varint(matches_.size());
    for (const auto& m : matches_) {
        dictionaries.varint(static_cast<std::uint64_t>(m.trigger));
        dictionaries.varint(static_cast<std::uint64_t>(m.action));
        dictionaries.varint(m.order);
        dictionaries.varint(m.listed);
    }
    dictionaries.zigzag(first_.time);
    dictionaries.varint(first_.serial);
    std::uint64_t varying = 0;
    Bytes varints;
    for (unsigned c = 0; c < column::columns; ++c) {
        if (!columns_[c].varies()) continue;
        varying |= std::uint64_t{1} << c;
        varints += columns_[c].varints();
    }
    dictionaries.varint(varying);
    for (const auto& c : columns_)
        if (!c.varies()) dictionaries.varint(c.constant());
    return two_parts(packer, dictionaries.take(), varints);
}

namespace {

// Compares names in wire format by label. A malformed name is below no apex.
bool is_at_or_below(ByteView name, ByteView apex) {
    for (std::size_t at = 0; at < name.size() && name.size() - at >= apex.size();
         at += 1 + static_cast<unsigned char>(name[at])) {
        if (name.substr(at) == apex) return true;
        if (name[at] == '\0') break;
    }
    return false;
}

}  // namespace

OwnerName name_at(ByteView wire) {
    OwnerName out;
    if (!OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), out))
        raise_corrupt(msg("holds no name where one belongs"));
    return out;
}

Prefix prefix_at(ByteView stored) {
    auto p = client_network(stored);
    if (!p) raise_corrupt(msg("holds no prefix where one belongs"));
    return *p;
}

RecordColumns::RecordColumns(const FrameHeader& h, ByteView payload, Unpacker& unpacker, const HitFilter* filter)
    : header_(h), count_(h.count) {
    if (h.type != FrameType::hits || count_ == 0 || count_ > FrameBuilder::max_hits)
        raise_corrupt(msg("has an impossible number of hits"));
    auto parts = split_parts(payload);
    packed_columns_ = parts.second;
    dictionaries_ = unpacker.unpack(parts.first);
    // A value that does not occur in the bytes of the dictionaries is not an entry of them.
    auto occurs = [plain = dictionaries_.view()](ByteView v) { return plain.find(v) != ByteView::npos; };
    if (filter && ((filter->name && !occurs(filter->name->wire())) || (filter->order && !occurs(*filter->order)) ||
                   (filter->match && !occurs(filter->match->letters())))) {
        skipped_ = true;
        return;
    }
    ColumnReader in(dictionaries_.view());
    instance = in.octets();
    for (auto* d : {&clients, &regions, &orders, &names, &prefixes}) in.dictionary(*d);
    for (auto n = in.several(); n > 0; --n) {
        Match m{};
        m.trigger = static_cast<Trigger>(in.below(static_cast<std::size_t>(Trigger::address) + 1));
        m.action = static_cast<Action>(in.below(static_cast<std::size_t>(Action::log) + 1));
        m.order = in.below(orders.size());
        m.listed = in.below(m.trigger == Trigger::address ? prefixes.size() : names.size());
        matches_.push_back(m);
    }
    // read_columns() reads the remaining bytes.
    rest_ = in.rest();
}

bool RecordColumns::may_hold(const HitFilter& f) {
    if (skipped_) return false;
    if (header_.last < f.since || header_.first >= f.until) return false;
    if (f.instance && instance != *f.instance) return false;
    bool any = true;
    auto judge = [&any](const std::vector<ByteView>& dictionary, bool asked, auto is_wanted) {
        Verdicts out;
        if (!asked || !any) return out;
        any = false;
        out.reserve(dictionary.size());
        for (ByteView entry : dictionary) {
            out.push_back(is_wanted(entry));
            any |= out.back() != 0;
        }
        return out;
    };
    order_ok_ =
        judge(orders, f.order.has_value() || f.among.has_value(), [&](ByteView v) { return f.accepts_order(v); });
    region_ok_ = judge(regions, f.region.has_value(), [&](ByteView v) { return v == *f.region; });
    client_ok_ = judge(clients, f.client.has_value(), [&](ByteView v) { return clients_meet(v, *f.client); });
    name_ok_ = judge(names, f.name.has_value(), [&](ByteView v) { return is_at_or_below(v, f.name->wire()); });
    if (any && f.match) {
        prefix_matches_ = judge(prefixes, true, [&](ByteView v) { return f.match->matches(prefix_at(v).to_string()); });
        bool any_prefix = std::exchange(any, true);
        name_matches_ = judge(names, true, [&](ByteView v) { return f.match->matches(name_at(v).to_string()); });
        any |= any_prefix;
    }
    if (any && (f.action || f.trigger))
        any = std::any_of(matches_.begin(), matches_.end(), [&](const Match& m) {
            return (!f.action || m.action == *f.action) && (!f.trigger || m.trigger == *f.trigger);
        });
    return any;
}

void RecordColumns::read_columns(Unpacker& unpacker) {
    ColumnReader head(rest_);
    Microseconds last_time = head.zigzag();
    std::uint64_t last_serial = head.varint(), varying = head.varint(), constant[column::columns] = {};
    for (unsigned c = 0; c < column::columns; ++c)
        if (!(varying >> c & 1)) constant[c] = head.varint();
    head.finish();
    auto plain = unpacker.unpack(packed_columns_);
    ColumnReader in(plain.view());
    auto each = [&](column::Column which, auto store) {
        if (varying >> which & 1)
            for (std::size_t i = 0; i < count_; ++i) store(i, in.varint());
        else
            for (std::size_t i = 0; i < count_; ++i) store(i, constant[which]);
    };
    auto below = [](std::uint64_t v, std::size_t size) {
        if (v >= size) raise_corrupt(msg("refers to a dictionary entry that does not exist"));
        return static_cast<std::uint32_t>(v);
    };
    auto numbers = [&](column::Column which, std::vector<std::uint32_t>& out, std::size_t entries) {
        out.resize(count_);
        each(which, [&](std::size_t i, std::uint64_t v) { out[i] = below(v, entries); });
    };
    auto difference = [](std::uint64_t v) { return static_cast<std::int64_t>(v >> 1 ^ (~(v & 1) + 1)); };
    sequence.resize(count_);
    std::uint64_t last_sequence = header_.a - 1;
    each(column::sequence, [&](std::size_t i, std::uint64_t v) { sequence[i] = last_sequence += v; });
    if (last_sequence != header_.b) raise_corrupt(msg("does not end at the sequence in its header"));
    time.resize(count_);
    each(column::time, [&](std::size_t i, std::uint64_t v) { time[i] = last_time = moved(last_time, difference(v)); });
    if (std::any_of(time.begin(), time.end(), [&](Microseconds t) { return t < header_.first || t > header_.last; }))
        raise_corrupt(msg("holds times outside the range in its header"));
    numbers(column::client, client, clients.size());
    numbers(column::region, region, regions.size());
    asn.resize(count_);
    each(column::asn, [&](std::size_t i, std::uint64_t v) { asn[i] = static_cast<std::uint32_t>(v); });
    transport.resize(count_);
    each(column::transport, [&](std::size_t i, std::uint64_t v) {
        transport[i] = static_cast<Transport>(below(v, static_cast<std::size_t>(last_transport) + 1));
    });
    numbers(column::qname, qname, names.size());
    qtype.resize(count_);
    each(column::qtype, [&](std::size_t i, std::uint64_t v) { qtype[i] = static_cast<std::uint16_t>(v); });
    for (auto* out : {&listed, &order}) out->resize(count_);
    trigger.resize(count_);
    action.resize(count_);
    each(column::match, [&](std::size_t i, std::uint64_t v) {
        const auto& m = matches_[below(v, matches_.size())];
        trigger[i] = m.trigger;
        action[i] = m.action;
        listed[i] = m.listed;
        order[i] = m.order;
    });
    serial.resize(count_);
    each(column::serial,
         [&](std::size_t i, std::uint64_t v) { serial[i] = last_serial += static_cast<std::uint64_t>(difference(v)); });
    in.finish();
}

Hit RecordColumns::hit(std::size_t row) const {
    Hit h;
    h.sequence = sequence[row];
    h.time = time[row];
    h.instance = instance;
    h.client = clients[client[row]];
    h.region = regions[region[row]];
    h.asn = asn[row];
    h.transport = transport[row];
    h.qname = name_at(names[qname[row]]);
    h.qtype = qtype[row];
    h.trigger = trigger[row];
    if (h.trigger == Trigger::address) h.prefix = prefix_at(prefixes[listed[row]]);
    else h.listed = name_at(names[listed[row]]);
    h.action = action[row];
    h.order = orders[order[row]];
    h.serial = serial[row];
    return h;
}

Bytes RecordColumns::matched(std::size_t row) const {
    if (trigger[row] == Trigger::address) return Bytes(1, '\0').append(prefixes[listed[row]]);
    return Bytes(names[listed[row]]);
}

void RecordColumns::add_pairs(const std::vector<CountedPair>& pairs, HitCounts& counts) const {
    Bytes prefix;
    for (const auto& p : pairs) {
        const auto& m = matches_[p.match];
        if (m.trigger == Trigger::address) prefix = Bytes(1, '\0').append(prefixes[m.listed]);
        counts.add_recorded(
            {hour_of(header_.first), orders[m.order],
             m.trigger == Trigger::address ? ByteView(prefix) : names[m.listed], regions[p.region], m.action},
            p.n);
    }
}

HitCounts::Key RecordColumns::key(std::size_t row, Bytes& memory) const {
    memory = matched(row);
    return {hour_of(time[row]), orders[order[row]], memory, regions[region[row]], action[row]};
}

std::vector<std::uint32_t> RecordColumns::accepted(const HitFilter& f) const {
    auto passes = [](const Verdicts& verdicts, std::uint32_t entry) { return verdicts.empty() || verdicts[entry]; };
    bool all_times = header_.first >= f.since && header_.last < f.until;
    std::vector<std::uint32_t> out;
    for (std::uint32_t row = 0; row < count_; ++row) {
        if (!all_times && (time[row] < f.since || time[row] >= f.until)) continue;
        if (f.action && action[row] != *f.action) continue;
        if (!passes(order_ok_, order[row]) || !passes(region_ok_, region[row]) || !passes(client_ok_, client[row]))
            continue;
        if ((f.trigger && trigger[row] != *f.trigger) || (f.qtype && qtype[row] != *f.qtype) ||
            (f.transport && transport[row] != *f.transport))
            continue;
        if (f.match && !name_matches_[qname[row]] &&
            !(trigger[row] == Trigger::address ? prefix_matches_ : name_matches_)[listed[row]])
            continue;
        if (f.name && !name_ok_[qname[row]] && (trigger[row] == Trigger::address || !name_ok_[listed[row]])) continue;
        out.push_back(row);
    }
    return out;
}

}  // namespace saring::hitlog
