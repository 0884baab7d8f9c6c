// Client of one ClickHouse server, over its HTTP interface. Supports versions from 18.16 (Debian 12) on: settings that
// a version does not know are left out.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ship/destination.h"
#include "ship/http_post.h"

namespace saring::ship {

class TookTooLong : public TemporaryFailure {
public:
    using TemporaryFailure::TemporaryFailure;
};

class ClickHouse {
public:
    // Reads the password file. Connects at the first request.
    ClickHouse(const config::ShipConfig& config, StopSignal* stop);

    const std::string& database() const { return url_.database; }
    const std::string& address() const { return url_.base; }

    // Finds out which settings the server supports. Call first, and after each failure.
    void greet();
    // Instead of greet(): statements may only read, and end with TookTooLong after `seconds`.
    void read_only(unsigned seconds);
    // All throw TemporaryFailure for temporary failures (including too many parts, memory, a missing table),
    // Error(network) when the server refuses the user or does not know the statement, and what HttpPost throws.
    std::vector<std::string> lines(const std::string& sql);  // rows of tab-separated values
    void run(const std::string& sql) { lines(sql); }
    std::uint64_t number(const std::string& sql);
    std::uint64_t number_in(const std::string& field) const;  // of a row
    // One block, inserted completely or not at all (native_block.h).
    void insert(const std::string& table, ByteView native_block);

private:
    HttpAnswer ask(const std::string& query, ByteView body);
    [[noreturn]] void fail(const HttpAnswer& answer) const;

    const ShipUrl url_;
    HttpPost http_;
    std::string settings_;  // "&name=value..."
};

}  // namespace saring::ship
