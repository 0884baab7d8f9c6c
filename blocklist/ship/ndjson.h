// Ships hits as one JSON object a line (NDJSON) to a pipe: for Vector, Fluent Bit, Kafka's console producer and other
// readers of lines.
//
// A batch counts as arrived when the reader has read all of it from the pipe (for a file: when it is on disk); until
// then the next run sends it again. So no hit is lost while the reader runs, and duplicates are repetitions of the last
// hits: a reader that stores the last sequence of each database_id can drop them. If the reader itself dies, only it
// knows what it had read but not stored: it asks with `after` for the hits after its last sequence, and gets each
// exactly once. A line is written atomically (PIPE_BUF, pipe(7)): the pipe never contains part of one.
#pragma once

#include "ship/destination.h"
#include "ship/stop_signal.h"

namespace saring::ship {

// Without a line end.
std::string ndjson_line(const std::string& database_id, const hitlog::Hit& hit);

class NdjsonDestination : public Destination {
public:
    NdjsonDestination(int fd, StopSignal& stop) : fd_(fd), stop_(stop) {}
    void begin(const std::string&) override {}
    std::uint64_t arrived(const std::string&, std::uint64_t shipped) override { return shipped; }
    bool together(const hitlog::Hit&, const hitlog::Hit&) const override { return true; }
    // Throws Error(network) when the reader has closed the pipe; Stopped.
    void send(const std::string& run, const std::vector<hitlog::Hit>& batch) override;

private:
    void write_lines(std::string_view lines);
    void settle();
    [[noreturn]] void fail(int error) const;

    int fd_;
    StopSignal& stop_;
};

}  // namespace saring::ship
