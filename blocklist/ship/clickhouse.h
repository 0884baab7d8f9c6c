// One ClickHouse server, spoken to over its HTTP interface. From 18.16 (Debian 12) to
// current versions: settings that a version does not know are left out.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ship/destination.h"
#include "ship/http_post.h"

namespace saring::ship {

class ClickHouse {
public:
    // Reads the password file. Connects with the first request.
    ClickHouse(const config::ShipConfig& config, StopSignal& stop);

    const std::string& database() const { return url_.database; }
    const std::string& address() const { return url_.base; }

    // Asks which settings the server has. Before anything else, and after each failure.
    void greet();
    // Both throw Interruption for what may pass (also: too many parts, memory, a table that is
    // gone), Error(network) where the server refuses the user or knows no such statement, and
    // what HttpPost throws.
    std::vector<std::string> lines(const std::string& sql);  // of tab-separated values
    void run(const std::string& sql) { lines(sql); }
    std::uint64_t number(const std::string& sql);
    // One block, taken whole or not at all (native_block.h).
    void insert(const std::string& table, ByteView native_block);

private:
    HttpAnswer ask(const std::string& query, ByteView body);
    [[noreturn]] void fail(const HttpAnswer& answer) const;

    const ShipUrl url_;
    HttpPost http_;
    std::string settings_;  // "&name=value..."
};

}  // namespace saring::ship
