#include "ship/native_block.h"

#include <algorithm>
#include <limits>

#include "hitlog/client.h"
#include "hits/tally.h"

namespace saring::ship {
namespace {

void text(ByteWriter& out, std::string_view s) {
    out.varint(s.size());
    out.raw(s);
}

using Id = const std::string&;

}  // namespace

std::uint32_t clickhouse_seconds(hitlog::Microseconds t) {
    auto seconds = t / hitlog::second_us - (t % hitlog::second_us < 0);
    return static_cast<std::uint32_t>(
        std::clamp<hitlog::Microseconds>(seconds, 0, std::numeric_limits<std::uint32_t>::max()));
}

const std::vector<HitColumn>& hit_columns() {
    static const std::vector<HitColumn> columns = {
        {"database_id", "String", "of the run, one resolver's life; with sequence it names a hit everywhere",
         [](ByteWriter& o, Id id, const hitlog::Hit&) { text(o, id); }},
        {"sequence", "UInt64", "1, 2, ... within the database",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { o.integer(h.sequence); }},
        {"time", "DateTime('UTC')", "whole seconds",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { o.integer(clickhouse_seconds(h.time)); }},
        {"microsecond", "UInt32", "of the second",
         [](ByteWriter& o, Id, const hitlog::Hit& h) {
             o.integer(
                 static_cast<std::uint32_t>((h.time % hitlog::second_us + hitlog::second_us) % hitlog::second_us));
         }},
        {"instance", "String", "of the resolver", [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, h.instance); }},
        {"client", "String", "as hits.client keeps it: network, ~pseudonym, empty",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, hitlog::client_text(h.client)); }},
        {"region", "String", "ISO 3166-2; empty: not known",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, h.region); }},
        {"asn", "UInt32", "0: not known", [](ByteWriter& o, Id, const hitlog::Hit& h) { o.integer(h.asn); }},
        {"transport", "String", "udp, tcp, dot, doh, doq, other",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, to_string(h.transport)); }},
        {"qname", "String", "", [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, h.qname.to_string()); }},
        {"qtype", "String", "A, AAAA, TYPE64",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, hits::qtype_text(h.qtype)); }},
        {"trigger", "String", "qname, cname, address",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, to_string(h.trigger)); }},
        {"matched", "String", "the listed name or prefix",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, h.matched()); }},
        {"action", "String", "nxdomain, nodata, refused, redirect, drop, log",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, to_string(h.action)); }},
        {"order_id", "String", "", [](ByteWriter& o, Id, const hitlog::Hit& h) { text(o, h.order); }},
        {"serial", "UInt64", "of the blocklist database that decided",
         [](ByteWriter& o, Id, const hitlog::Hit& h) { o.integer(h.serial); }},
    };
    return columns;
}

Bytes native_block(const std::string& database_id, const std::vector<hitlog::Hit>& hits) {
    ByteWriter out;
    out.varint(hit_columns().size());
    out.varint(hits.size());
    for (const auto& column : hit_columns()) {
        text(out, column.name);
        text(out, column.type);
        for (const auto& hit : hits) column.write(out, database_id, hit);
    }
    return out.take();
}

}  // namespace saring::ship
