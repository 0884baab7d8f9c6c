// The only place that writes to standard output. A failed write fails the command. Output is held back while a read
// transaction is open: a slow reader, or a pager that waits for a person, would keep the transaction open, and LMDB
// cannot reuse pages meanwhile, so the database would grow. Not thread-safe: one thread prints.
#pragma once

#include <atomic>
#include <exception>

#include "base/bytes.h"

namespace saring::standard_output {

// While one exists, e.g. in a read transaction, output is held: in memory, beyond 1 MiB in an unnamed file in $TMPDIR.
// May be created on any thread.
class DeferredOutput {
public:
    DeferredOutput() { ++holds(); }
    ~DeferredOutput() { --holds(); }
    DeferredOutput(const DeferredOutput&) = delete;
    DeferredOutput& operator=(const DeferredOutput&) = delete;

private:
    friend bool held();
    static std::atomic<int>& holds();
};

bool held();

// The reader closed the pipe and SIGPIPE is ignored: there is nobody to report to.
struct ReaderGone : std::exception {
    const char* what() const noexcept override { return "the reader of standard output is gone"; }
};

// Throws Error(usage) when the write fails, and ReaderGone.
void write(ByteView content);
// Passes all output to the reader, unless a DeferredOutput still holds it. Throws as write does.
void flush();
// Drops output that could not be written, so that an error message can be printed.
void discard() noexcept;

// Occupies descriptors 0 to 2 if they are closed, so that a file opened later, e.g. the database, cannot become
// standard output. Call once, before anything is opened.
void reserve_descriptors();

}  // namespace saring::standard_output
