// Ships hits to ClickHouse, each exactly once, whichever side fails at any time.
//
// The difficulty is an insert without a response: it may be done, in progress, or buffered and done a minute later. If
// the shipper asked for the last sequence and continued from there, an old insert that arrives after the question would
// duplicate hits. Therefore:
//
//   1. Hits are inserted through an ingest table: a table of engine Null with a random name for this run, and a
//      materialized view that copies inserted rows to saring_hits.
//   2. begin() creates an ingest table and then drops all others of this hit log. DROP waits for inserts in progress,
//      which hold the table; an insert that arrives later finds no table and fails. From then on no older insert has an
//      effect.
//   3. It then asks for the greatest sequence of each run: everything up to it has arrived, nothing above. It continues
//      from there.
//   4. A batch is one block within one month, so MergeTree writes it as one part, which appears by one rename,
//      completely or not at all. In Native format a truncated block is an error, not fewer rows.
//
// Two shippers of one log are harmless: each creates its table before it drops others, so of two that begin at once at
// least one table is dropped, and never do both continue. Server-side deduplication is not used. The guarantee holds
// when the server is killed; when its machine loses power it may lose accepted parts, which ClickHouse does not flush
// by default. Missing hits are then sent again, if the log still has them.
#pragma once

#include "ship/clickhouse.h"

namespace saring::ship {

class ClickHouseDestination : public Destination {
public:
    ClickHouseDestination(const config::ShipConfig& config, StopSignal& stop);
    ~ClickHouseDestination() override;  // drops the ingest table, if the server responds

    void begin(const std::string& log_id) override;
    std::uint64_t arrived(const std::string& run, std::uint64_t shipped) override;
    bool together(const hitlog::Hit& first, const hitlog::Hit& next) const override;
    void send(const std::string& run, const std::vector<hitlog::Hit>& batch) override;

private:
    void create_ingest_table();
    void drop_other_ingest_tables();
    void drop_ingest_table();
    std::uint64_t greatest(const std::string& run, std::uint64_t at_least);

    ClickHouse server_;
    std::string log_id_;
    std::string tail_;   // suffix of the names of this run's ingest table and view
    bool open_ = false;  // false also when unknown
};

}  // namespace saring::ship
