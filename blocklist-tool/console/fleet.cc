#include "console/fleet.h"

#include <algorithm>
#include <limits>

#include "base/hex.h"
#include "dns/ldns.h"
#include "hitlog/client.h"
#include "hits_view/find_word.h"
#include "ship/clickhouse.h"

namespace saring::tool::console {
namespace {

using hitlog::HitFilter;
using hitlog::Microseconds;
using Row = std::vector<std::string>;

constexpr std::size_t rows_a_question = 800;  // an answer of these is below 1 MiB, which is read of it
const std::string when = "(toInt64(toUInt32(time)) * 1000000 + microsecond)";

// A literal in SQL: of bytes with a meaning, ClickHouse knows these two.
std::string sql_text(std::string_view text) {
    std::string out = "'";
    for (char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

// A pattern of LIKE.
std::string like_of(const NameGlob& glob) {
    std::string out;
    for (char c : glob.text()) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c == '*' ? '%' : c == '?' ? '_' : c;
    }
    return sql_text(out);
}

// As hitlog::clients_meet(): the networks agree in the bits that both have. IPv6 by whole digits of 4 bits.
std::string client_condition(const Bytes& client) {
    auto network = hitlog::client_network(client);
    auto exact = "client = " + sql_text(hitlog::client_text(client));
    if (!network) return exact;
    const auto& p = *network;
    std::string address = "splitByChar('/', client)[1]";
    auto length = [&](unsigned whole) {
        return "least(if(position(client, '/') = 0, " + std::to_string(whole) +
               ", toUInt8OrZero(splitByChar('/', client)[2])), " + std::to_string(p.length) + ")";
    };
    if (p.family == 4) {
        std::uint32_t bits = 0;
        for (unsigned i = 0; i < 4; ++i) bits = bits << 8 | p.address[i];
        auto shift = ", 32 - " + length(32) + ")";
        return "(position(client, '.') > 0 AND bitShiftRight(toUInt64(IPv4StringToNum(" + address + "))" + shift +
               " = bitShiftRight(toUInt64(" + std::to_string(bits) + ")" + shift + ")";
    }
    if (p.length % 4 != 0)
        throw Error(ErrorKind::usage, "--client", msg("\"%1\" cannot be looked for in a fleet", p.to_string()),
                    msg("give a length that is a multiple of 4"));
    auto part = ", 1, intDiv(" + length(128) + ", 4))";
    return "(position(client, ':') > 0 AND substring(lower(hex(IPv6StringToNum(" + address + ")))" + part +
           " = substring(" + sql_text(hex(p.address)) + part + ")";
}

std::string time_condition(Microseconds since, Microseconds until) {
    constexpr Microseconds last = Microseconds{std::numeric_limits<std::uint32_t>::max()} * hitlog::second_us;
    std::string out = "1";
    // By whole seconds, which the server knows of each part, and then exactly.
    auto bound = [&](const char* sign, Microseconds t) {
        out += std::string(" AND time ") + (*sign == '<' ? "<=" : ">=") + " toDateTime(" +
               std::to_string(t / hitlog::second_us) + ") AND " + when + " " + sign + " " + std::to_string(t);
    };
    if (since > 0) bound(">=", std::min(since, last));
    if (until < last) bound("<", std::max<Microseconds>(until, 0));
    return out;
}

std::string condition(const HitFilter& f) {
    std::string out = time_condition(f.since, f.until);
    auto both = [&](const std::string& one) { out += " AND " + one; };
    auto equal = [&](const char* column, const std::string& value) { both(column + (" = " + sql_text(value))); };
    if (f.order) equal("order_id", *f.order);
    if (f.among) {
        std::string ids;
        for (const auto& id : *f.among) ids += (ids.empty() ? "" : ", ") + sql_text(id);
        both(ids.empty() ? "0" : "order_id IN (" + ids + ")");
    }
    if (f.name && !f.name->is_root()) {
        auto name = f.name->to_string();
        auto below = [&](const std::string& column) {
            return "(" + column + " = " + sql_text(name) + " OR endsWith(" + column + ", " + sql_text("." + name) +
                   "))";
        };
        both("(" + below("qname") + " OR (trigger != 'address' AND " + below("matched") + "))");
    }
    if (f.match) both("(qname LIKE " + like_of(*f.match) + " OR matched LIKE " + like_of(*f.match) + ")");
    if (f.client) both(client_condition(*f.client));
    if (f.region) equal("region", *f.region);
    if (f.action) equal("action", to_string(*f.action));
    if (f.qtype) equal("qtype", hits::qtype_text(*f.qtype));
    if (f.transport) equal("transport", to_string(*f.transport));
    if (f.trigger) equal("trigger", to_string(*f.trigger));
    if (f.instance) equal("instance", *f.instance);
    return out;
}

// The counted column as text; empty where it is not known or not kept.
std::string column_of(hits::TallyBy by) {
    switch (by) {
        case hits::TallyBy::name: return "matched";
        case hits::TallyBy::qname: return "qname";
        case hits::TallyBy::order: return "order_id";
        case hits::TallyBy::region: return "region";
        case hits::TallyBy::action: return "action";
        case hits::TallyBy::client: return "client";
        case hits::TallyBy::asn: return "if(asn = 0, '', concat('AS', toString(asn)))";
        case hits::TallyBy::instance: return "instance";
        case hits::TallyBy::qtype: return "qtype";
        case hits::TallyBy::transport: return "transport";
        case hits::TallyBy::trigger: return "trigger";
    }
    return "''";
}

template <typename T>
T word_of(const std::string& text, T last) {
    if (auto value = find_word(text, last)) return *value;
    throw Error(ErrorKind::network, "ClickHouse", msg("\"%1\" is none of them", text));
}

class FleetLook : public HitsLook {
public:
    explicit FleetLook(const config::Config& config) : server_(limited(config), nullptr) {
        server_.read_only(config.console.look_seconds);
    }

    void each(const HitFilter& filter, Direction direction, std::size_t at_most,
              const std::function<bool(const hitlog::Hit&)>& visit) const override {
        bool backwards = direction == Direction::newest_first;
        std::string sign = backwards ? " < " : " > ", end = backwards ? " DESC" : "", after;
        while (at_most > 0) {
            auto limit = std::min(at_most, rows_a_question);
            auto found = ask("SELECT database_id, sequence, " + when +
                             " AS t, instance, client, region, asn, transport, qname, qtype, trigger, matched, action, "
                             "order_id, serial FROM " +
                             table() + " WHERE " + condition(filter) + after + " ORDER BY t" + end + ", database_id" +
                             end + ", sequence" + end + " LIMIT " + std::to_string(limit));
            for (const auto& row : found)
                if (!visit(hit_of(row))) return;
            if (found.size() < limit) return;
            at_most -= limit;
            const auto& last = found.back();
            auto id = sql_text(last.at(0));
            after = " AND (" + when + sign + last.at(2) + " OR (" + when + " = " + last.at(2) + " AND (database_id" +
                    sign + id + " OR (database_id = " + id + " AND sequence" + sign + last.at(1) + "))))";
        }
    }

    TopCounted top(const TopKind& kind, const HitFilter& filter, std::size_t most, bool with_orders) const override {
        hits::Tally out;
        out.from_records = true;
        auto column = column_of(kind.by), from = " FROM " + table() + " WHERE " + condition(filter);
        std::string order = with_orders ? ", order_id" : "";
        auto sums = ask("SELECT count(), uniqExact(" + column + order + ")" + from).at(0);
        out.total = server_.number_in(sums.at(0));
        out.distinct = server_.number_in(sums.at(1));
        for (auto& row : ask("SELECT " + column + " AS k, count() AS n" + order + from + " GROUP BY k" + order +
                             " ORDER BY n DESC, k" + order + " LIMIT " + std::to_string(most ? most : rows_a_question)))
            out.rows.push_back({row.at(0), server_.number_in(row.at(1)), with_orders ? row.at(2) : std::string()});
        return {&kind, with_orders, std::move(out), source(filter, true)};
    }

    hits::Histogram histogram(const HitFilter& filter, Microseconds width,
                              std::optional<hits::TallyBy> by) const override {
        hits::HistogramSums sums(filter, width, by);
        sums.histogram().from_records = true;
        auto begin = std::to_string(sums.histogram().bins.empty() ? 0 : sums.histogram().bins.front().begin);
        auto key = by ? column_of(*by) : "''";
        for (const auto& row :
             ask("SELECT intDiv(" + when + " - " + begin + ", " + std::to_string(width) + ") AS b, " + key +
                 " AS k, count() FROM " + table() + " WHERE " + condition(filter) + " GROUP BY b, k"))
            sums.add(server_.number_in(row.at(0)), server_.number_in(row.at(2)), row.at(1));
        return sums.finish();
    }

    HitsSource source(const HitFilter& filter, bool) const override {
        HitsSource out;
        out.from_records = true;
        out.since = filter.since;
        out.until = filter.until;
        auto oldest = ask("SELECT toUInt32(min(time)) FROM " + table());
        out.records_from = static_cast<Microseconds>(server_.number_in(oldest.at(0).at(0))) * hitlog::second_us;
        return out;
    }

    std::uint64_t count(Microseconds since, Microseconds until) const override {
        return server_.number_in(
            ask("SELECT count() FROM " + table() + " WHERE " + time_condition(since, until)).at(0).at(0));
    }

private:
    static config::ShipConfig limited(const config::Config& config) {
        auto out = config.ship;
        out.timeout_seconds = config.console.look_seconds + 2;
        return out;
    }

    std::vector<Row> ask(const std::string& sql) const {
        try {
            std::vector<Row> out;
            for (const auto& line : server_.lines(sql)) out.push_back(fields_of(line));
            return out;
        } catch (const ship::TookTooLong&) { throw hits::LookEnded(); }
    }

    // Of tab-separated values.
    static Row fields_of(const std::string& line) {
        Row out(1);
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '\t') {
                out.emplace_back();
            } else if (line[i] == '\\' && i + 1 < line.size()) {
                constexpr std::string_view names = "btnrf0", bytes{"\b\t\n\r\f\0", 6};
                auto at = names.find(line[++i]);
                out.back() += at == std::string_view::npos ? line[i] : bytes[at];
            } else {
                out.back() += line[i];
            }
        }
        return out;
    }

    hitlog::Hit hit_of(const Row& r) const {
        hitlog::Hit h;
        h.sequence = server_.number_in(r.at(1));
        h.time = static_cast<Microseconds>(server_.number_in(r.at(2)));
        h.instance = r.at(3);
        if (!r.at(4).empty()) h.client = hitlog::parse_client(r[4]);
        h.region = r.at(5);
        h.asn = static_cast<std::uint32_t>(server_.number_in(r.at(6)));
        h.transport = word_of(r.at(7), hitlog::last_transport);
        h.qname = OwnerName::parse(r.at(8));
        h.qtype = static_cast<std::uint16_t>(ldns_get_rr_type_by_name(r.at(9).c_str()));
        h.trigger = word_of(r.at(10), policy::Trigger::address);
        if (h.trigger == policy::Trigger::address) h.prefix = Prefix::parse(r.at(11));
        else h.listed = OwnerName::parse(r.at(11));
        h.action = policy::parse_action(r.at(12), "action");
        h.order = r.at(13);
        h.serial = server_.number_in(r.at(14));
        return h;
    }

    // Over all shards where there are several.
    const std::string& table() const {
        if (table_.empty()) {
            auto all = server_.number("SELECT count() FROM system.tables WHERE database = '" + server_.database() +
                                      "' AND name = 'saring_all_hits'");
            table_ = server_.database() + (all ? ".saring_all_hits" : ".saring_hits");
        }
        return table_;
    }

    mutable ship::ClickHouse server_;
    mutable std::string table_;
};

}  // namespace

std::unique_ptr<HitsLook> look_at_fleet(const config::Config& config) {
    if (config.ship.url.rfind("http", 0) != 0)
        throw Error(ErrorKind::usage, "console.fleet", msg("ship.url names no ClickHouse server"),
                    msg("set it in [ship] to that which resolvers ship to"));
    return std::make_unique<FleetLook>(config);
}

}  // namespace saring::tool::console
