// Standard output of a command, the one place that writes to it: a failure to write is a failure of the
// command, and nobody reads from us while a read transaction is open. A reader may be slow, or a pager that
// waits for a person; an open read transaction keeps LMDB from reusing pages, so that the database grows.
// Not thread-safe: one thread prints.
#pragma once

#include <atomic>
#include <exception>

#include "base/bytes.h"

namespace saring::standard_output {

// While one exists, e.g. in a read transaction, what is written is kept: in memory, beyond 1 MiB in an unnamed
// file in $TMPDIR. Any thread.
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

// Its reader is gone, and SIGPIPE was ignored: nobody is there to be told.
struct ReaderGone : std::exception {
    const char* what() const noexcept override { return "the reader of standard output is gone"; }
};

// Throws Error(usage) when it cannot be written, and ReaderGone.
void write(ByteView content);
// All that was written reaches the reader, unless something still holds it. Throws as write does.
void flush();
// What could not be written is forgotten: before a complaint that says so.
void discard() noexcept;

// Keeps descriptors 0 to 2 from being given to files that are opened later: a database must not become
// standard output. Called once, first.
void reserve_descriptors();

}  // namespace saring::standard_output
