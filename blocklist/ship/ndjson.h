// Hits as one JSON object a line, to a pipe: for Vector, Fluent Bit, Kafka's console
// producer and whatever else reads lines.
//
// What a pipe can promise: a batch counts as arrived once the reader has taken all of it out of
// the pipe (a file: once it is on the disk); until then it is sent again by the next run.
// So no record is lost while the reader lives, and doubles are repetitions of the last records: a
// reader that keeps the last sequence of each database_id drops them. What the reader had
// taken and not yet kept when it died only the reader can know: it asks with `after` for what
// follows its own last sequence, and has each record exactly once.
// A line is written whole (PIPE_BUF, pipe(7)): the pipe never holds half of one.
#pragma once

#include "ship/destination.h"
#include "ship/stop_signal.h"

namespace saring::ship {

// Without the line's end.
std::string ndjson_line(const std::string& database_id, const hitlog::Hit& hit);

class NdjsonDestination : public Destination {
public:
    NdjsonDestination(int fd, StopSignal& stop) : fd_(fd), stop_(stop) {}
    void begin(const std::string&) override {}
    std::uint64_t arrived(const std::string&, std::uint64_t shipped) override { return shipped; }
    bool together(const hitlog::Hit&, const hitlog::Hit&) const override { return true; }
    // Throws Error(network) when the reader is gone, Stopped.
    void send(const std::string& run, const std::vector<hitlog::Hit>& batch) override;

private:
    void write_lines(std::string_view lines);
    void settle();
    [[noreturn]] void fail(int error) const;

    int fd_;
    StopSignal& stop_;
};

}  // namespace saring::ship
