#include "ship/clickhouse_schema.h"

#include <map>

#include "ship/native_block.h"

namespace saring::ship {
namespace {

class Statements {
public:
    Statements(const std::string& database, const SchemaVariant& variant)
        : database_(database),
          variant_(variant),
          on_cluster_(variant.replicated || variant.distributed ? " ON CLUSTER " + variant.cluster : "") {}

    std::string make_database() const { return "CREATE DATABASE IF NOT EXISTS " + database_ + on_cluster_; }

    std::string make_versions() const {
        return create("TABLE", "saring_schema") + "\n(\n    version UInt32,\n    applied DateTime('UTC')\n)\n" +
               engine("saring_schema") + " ORDER BY version";
    }

    std::string note_version(unsigned version) const {
        return "INSERT INTO " + database_ + ".saring_schema (version, applied) VALUES (" + std::to_string(version) +
               ", now())";
    }

    // Statements that upgrade the previous version to this one.
    std::vector<std::string> step(unsigned version) const {
        std::vector<std::string> out;
        if (version != 1) return out;
        out.push_back(make_hits());
        if (variant_.distributed)
            out.push_back(create("TABLE", "saring_all_hits") + " AS " + database_ +
                          ".saring_hits\nENGINE = Distributed(" + variant_.cluster + ", " + database_ +
                          ", saring_hits)");
        out.push_back(
            view("saring_names", "toStartOfHour(time) AS hour, matched AS name, count() AS hits", "hour, name"));
        out.push_back(view("saring_orders", "toStartOfHour(time) AS hour, order_id, action, count() AS hits",
                           "hour, order_id, action"));
        out.push_back(view("saring_regions", "toStartOfHour(time) AS hour, region, count() AS hits", "hour, region"));
        out.push_back(view("saring_clients", "toStartOfHour(time) AS hour, client, count() AS hits", "hour, client"));
        out.push_back(view("saring_hours", "toStartOfHour(time) AS hour, count() AS hits", "hour"));
        out.push_back(view(
            "saring_databases",
            "database_id, groupUniqArray(instance) AS instances, count() AS hits, min(sequence) AS first_sequence,\n"
            "    max(sequence) AS last_sequence, last_sequence - first_sequence + 1 - hits AS absent, max(time) AS "
            "last_time",
            "database_id"));
        return out;
    }

private:
    std::string create(const char* what, const std::string& name) const {
        return std::string("CREATE ") + what + " IF NOT EXISTS " + database_ + "." + name + on_cluster_;
    }
    std::string engine(const std::string& table) const {
        if (!variant_.replicated) return "ENGINE = MergeTree()";
        return "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/" + database_ + "/" + table +
               "', '{replica}')";
    }
    std::string make_hits() const {
        std::string out = create("TABLE", "saring_hits") + "\n(";
        const char* comma = "\n";
        for (const auto& c : hit_columns()) {
            out += comma + ("    " + std::string(c.name) + " " + c.type);
            comma = ",\n";
        }
        // Sorted by sequence: the last sequence is read from the end. Sequences rise with time, and each part has its
        // minimum and maximum time.
        return out + "\n)\n" + engine("saring_hits") +
               "\nPARTITION BY toYYYYMM(time)\nORDER BY (database_id, sequence)";
    }
    std::string view(const std::string& name, const std::string& what, const std::string& by) const {
        return create("VIEW", name) + " AS\nSELECT " + what + "\nFROM " + database_ +
               (variant_.distributed ? ".saring_all_hits" : ".saring_hits") + "\nGROUP BY " + by;
    }

    std::string database_;
    SchemaVariant variant_;
    std::string on_cluster_;
};

void check_columns(ClickHouse& server) {
    std::map<std::string, std::string> types;
    for (const auto& line : server.lines("SELECT name, type FROM system.columns WHERE database = '" +
                                         server.database() + "' AND table = 'saring_hits' FORMAT TabSeparatedRaw")) {
        auto tab = line.find('\t');
        std::string type = line.substr(tab + 1);
        // Equivalent for inserts, and smaller on disk: an administrator may have chosen it.
        if (constexpr std::string_view low = "LowCardinality("; type.rfind(low, 0) == 0)
            type = type.substr(low.size(), type.size() - low.size() - 1);
        types[line.substr(0, tab)] = type;
    }
    std::string subject = server.address() + " database " + server.database();
    for (const auto& c : hit_columns()) {
        auto found = types.find(c.name);
        if (found == types.end())
            throw Error(ErrorKind::refused, subject, msg("table saring_hits lacks the column %1", c.name),
                        msg("see: hits ship --print-schema"));
        if (found->second != c.type)
            throw Error(ErrorKind::refused, subject,
                        msg("column %1 of table saring_hits is %2, not %3", c.name, found->second, c.type),
                        msg("see: hits ship --print-schema"));
    }
}

}  // namespace

std::vector<std::string> schema_statements(const std::string& database, const SchemaVariant& variant) {
    Statements s(database, variant);
    std::vector<std::string> out{s.make_database(), s.make_versions()};
    for (unsigned v = 1; v <= ship_schema_version; ++v) {
        for (auto& one : s.step(v)) out.push_back(std::move(one));
        out.push_back(s.note_version(v));
    }
    return out;
}

void ensure_schema(ClickHouse& server) {
    Statements s(server.database(), {});
    std::string there = "SELECT count() FROM system.tables WHERE database = '" + server.database() + "' AND name = ";
    // In this sequence: another shipper may be creating them now, saring_schema first.
    bool has_hits = server.number(there + "'saring_hits'") != 0;
    if (server.number(there + "'saring_schema'") == 0) {
        if (has_hits)
            throw Error(ErrorKind::refused, msg("%1 database %2", server.address(), server.database()),
                        msg("has a table saring_hits but no saring_schema with its version"),
                        msg("use another database, or create everything as hits ship --print-schema prints it"));
        if (server.number("SELECT count() FROM system.databases WHERE name = '" + server.database() + "'") == 0)
            server.run(s.make_database());
        server.run(s.make_versions());
    }
    auto version = server.number("SELECT max(version) FROM " + server.database() + ".saring_schema");
    if (version > ship_schema_version)
        throw Error(ErrorKind::refused, msg("%1 database %2", server.address(), server.database()),
                    msg("has schema %1, made by a newer program; this one knows %2", version, ship_schema_version),
                    msg("upgrade blocklist-tool here"));
    // The version is stored after its statements: if killed in between, they run again without effect.
    for (auto v = static_cast<unsigned>(version) + 1; v <= ship_schema_version; ++v) {
        for (const auto& one : s.step(v)) server.run(one);
        server.run(s.note_version(v));
    }
    check_columns(server);
}

}  // namespace saring::ship
