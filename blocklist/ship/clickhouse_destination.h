// Hits into ClickHouse, each exactly once, whichever side dies when.
//
// The difficulty is an insert whose answer never came: it may have been done, may be under way, or
// may lie in a buffer and be done in a minute. Asking how far the server has come and going on
// from there doubles hits when the old insert arrives after the question. Hence:
//
//   1. Hits go in through an entrance: a table of the engine Null, with a random name of this
//      run, and a materialized view that passes what is inserted there on to saring_hits.
//   2. begin() opens an entrance and then drops every other one of this hit log. DROP waits
//      for inserts under way, which hold the table; one that arrives later finds no table and
//      does nothing. From then on no older insert can change anything.
//   3. Then it asks for the greatest sequence of each run: all up to there has arrived,
//      nothing above has. It goes on from there.
//   4. A batch is one block within one month, so MergeTree writes it as one part, which
//      appears by one rename: whole or not at all. Native format makes a block cut short
//      an error instead of fewer rows.
//
// So two shippers of one log at once do no harm either: opening comes before closing the
// others, hence of two that begin at once each closes the other's, or the later the earlier's; never
// do both go on. No server-side deduplication is used. It holds for a server that is killed; one whose
// machine loses power may lose parts it had accepted, as ClickHouse does not flush them by
// default: what is not there is sent again, if records are still kept here.
#pragma once

#include "ship/clickhouse.h"

namespace saring::ship {

class ClickHouseDestination : public Destination {
public:
    ClickHouseDestination(const config::ShipConfig& config, StopSignal& stop);
    ~ClickHouseDestination() override;  // closes the entrance, if the server is there

    void begin(const std::string& log_id) override;
    std::uint64_t arrived(const std::string& run, std::uint64_t shipped) override;
    bool together(const hitlog::Hit& first, const hitlog::Hit& next) const override;
    void send(const std::string& run, const std::vector<hitlog::Hit>& batch) override;

private:
    void open_entrance();
    void close_other_entrances();
    void close_entrance();
    std::uint64_t greatest(const std::string& run, std::uint64_t at_least);

    ClickHouse server_;
    std::string log_id_;
    std::string tail_;   // of the names of this run's entrance and passage
    bool open_ = false;  // false also where it is not known
};

}  // namespace saring::ship
