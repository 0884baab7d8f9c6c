#include "ship/clickhouse_destination.h"

#include <chrono>
#include <cstdio>
#include <random>

#include "ship/clickhouse_schema.h"
#include "ship/native_block.h"

namespace saring::ship {
namespace {

std::string random_hex() {
    std::random_device random;
    char out[17];
    std::snprintf(out, sizeof out, "%08x%08x", random(), random());
    return out;
}

const std::string ingest_table_prefix = "saring_entrance_", ingest_view_prefix = "saring_passage_";

}  // namespace

ClickHouseDestination::ClickHouseDestination(const config::ShipConfig& config, StopSignal& stop)
    : server_(config, &stop) {}

ClickHouseDestination::~ClickHouseDestination() {
    if (!open_) return;
    try {
        drop_ingest_table();
    } catch (...) {
        // The next run's begin() drops it.
    }
}

void ClickHouseDestination::begin(const std::string& log_id) {
    open_ = false;
    log_id_ = log_id;
    server_.greet();
    ensure_schema(server_);
    create_ingest_table();
    drop_other_ingest_tables();
    open_ = true;
}

std::uint64_t ClickHouseDestination::arrived(const std::string& run, std::uint64_t shipped) {
    // Limiting the query to later sequences avoids reading most parts.
    auto found = greatest(run, shipped);
    return found == 0 && shipped > 0 ? greatest(run, 0) : found;
}

void ClickHouseDestination::create_ingest_table() {
    tail_ = log_id_ + "_" + random_hex();
    std::string columns, names;
    for (const auto& c : hit_columns()) {
        columns += (columns.empty() ? "" : ", ") + std::string(c.name) + " " + c.type;
        names += (names.empty() ? "" : ", ") + std::string(c.name);
    }
    auto in = [&](const std::string& name) { return server_.database() + "." + name; };
    server_.run("CREATE TABLE " + in(ingest_table_prefix + tail_) + " (" + columns + ") ENGINE = Null");
    server_.run("CREATE MATERIALIZED VIEW " + in(ingest_view_prefix + tail_) + " TO " + in("saring_hits") +
                " AS SELECT " + names + " FROM " + in(ingest_table_prefix + tail_));
}

void ClickHouseDestination::drop_other_ingest_tables() {
    // The ingest table goes first: without its view it would accept hits and drop them.
    for (const auto& prefix : {ingest_table_prefix, ingest_view_prefix})
        for (const auto& name : server_.lines("SELECT name FROM system.tables WHERE database = '" + server_.database() +
                                              "' AND position(name, '" + prefix + log_id_ + "_') = 1"))
            if (name != prefix + tail_) server_.run("DROP TABLE IF EXISTS " + server_.database() + "." + name);
}

void ClickHouseDestination::drop_ingest_table() {
    open_ = false;
    for (const auto& prefix : {ingest_table_prefix, ingest_view_prefix})
        server_.run("DROP TABLE IF EXISTS " + server_.database() + "." + prefix + tail_);
}

std::uint64_t ClickHouseDestination::greatest(const std::string& run, std::uint64_t at_least) {
    return server_.number("SELECT max(sequence) FROM " + server_.database() + ".saring_hits WHERE database_id = '" +
                          run + "' AND sequence >= " + std::to_string(at_least));
}

bool ClickHouseDestination::together(const hitlog::Hit& first, const hitlog::Hit& next) const {
    using namespace std::chrono;
    auto month = [](const hitlog::Hit& h) {
        year_month_day day(floor<days>(sys_seconds(seconds(clickhouse_seconds(h.time)))));
        return std::pair(day.year(), day.month());
    };
    return month(first) == month(next);
}

void ClickHouseDestination::send(const std::string& run, const std::vector<hitlog::Hit>& batch) {
    auto block = native_block(run, batch);
    open_ = false;  // even if the DROP fails: the server may be down
    server_.insert(ingest_table_prefix + tail_, block);
    open_ = true;
}

}  // namespace saring::ship
