#include "ship/clickhouse_destination.h"

#include <chrono>
#include <cstdio>
#include <random>

#include "ship/clickhouse_schema.h"
#include "ship/native_block.h"

namespace saring {
namespace {

std::string random_hex() {
    std::random_device random;
    char out[17];
    std::snprintf(out, sizeof out, "%08x%08x", random(), random());
    return out;
}

const std::string entrance_prefix = "saring_entrance_", passage_prefix = "saring_passage_";

}  // namespace

ClickHouseDestination::ClickHouseDestination(const ShipConfig& config, StopSignal& stop) : server_(config, stop) {}

ClickHouseDestination::~ClickHouseDestination() {
    if (entrance_.empty()) return;
    try {
        close_entrances(database_id_);
    } catch (...) {
        // The next begin() closes it.
    }
}

std::uint64_t ClickHouseDestination::begin(const std::string& database_id, std::uint64_t shipped) {
    entrance_.clear();
    database_id_ = database_id;
    server_.greet();
    ensure_schema(server_);
    close_entrances(database_id);
    // Above what had arrived few parts need to be looked at.
    auto arrived = greatest(database_id, shipped);
    if (arrived == 0 && shipped > 0) arrived = greatest(database_id, 0);
    open_entrance(database_id);
    return arrived;
}

void ClickHouseDestination::close_entrances(const std::string& database_id) {
    // The entrance goes first: without its view it would take hits and pass them nowhere.
    for (const auto& prefix : {entrance_prefix, passage_prefix})
        for (const auto& name : server_.lines("SELECT name FROM system.tables WHERE database = '" + server_.database() + "' AND position(name, '" + prefix + database_id + "_') = 1"))
            server_.run("DROP TABLE IF EXISTS " + server_.database() + "." + name);
    entrance_.clear();
}

void ClickHouseDestination::open_entrance(const std::string& database_id) {
    std::string tail = database_id + "_" + random_hex(), columns, names;
    for (const auto& c : hit_columns()) {
        columns += (columns.empty() ? "" : ", ") + std::string(c.name) + " " + c.type;
        names += (names.empty() ? "" : ", ") + std::string(c.name);
    }
    auto in = [&](const std::string& name) { return server_.database() + "." + name; };
    server_.run("CREATE TABLE " + in(entrance_prefix + tail) + " (" + columns + ") ENGINE = Null");
    server_.run("CREATE MATERIALIZED VIEW " + in(passage_prefix + tail) + " TO " + in("saring_hits") + " AS SELECT " + names + " FROM " + in(entrance_prefix + tail));
    entrance_ = entrance_prefix + tail;
}

std::uint64_t ClickHouseDestination::greatest(const std::string& database_id, std::uint64_t at_least) {
    return server_.number("SELECT max(sequence) FROM " + server_.database() + ".saring_hits WHERE database_id = '" + database_id + "' AND sequence >= " + std::to_string(at_least));
}

bool ClickHouseDestination::together(const Hit& first, const Hit& next) const {
    using namespace std::chrono;
    auto month = [](const Hit& h) {
        year_month_day day(floor<days>(sys_seconds(seconds(clickhouse_seconds(h.time)))));
        return std::pair(day.year(), day.month());
    };
    return month(first) == month(next);
}

void ClickHouseDestination::send(const std::vector<Hit>& batch) {
    auto block = native_block(database_id_, batch);
    auto entrance = std::move(entrance_);
    entrance_.clear();  // if this fails it is open whether the server lives
    server_.insert(entrance, block);
    entrance_ = std::move(entrance);
}

}  // namespace saring
