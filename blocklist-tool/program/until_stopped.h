// Ends a command that would run forever: on a signal, or when the reader of standard output is gone.
#pragma once

namespace saring::tool {

// While it exists, SIGINT, SIGTERM and SIGPIPE do not kill the process; wait() returns false instead. At most one per
// process.
class UntilStopped {
public:
    UntilStopped();
    ~UntilStopped();
    UntilStopped(const UntilStopped&) = delete;
    UntilStopped& operator=(const UntilStopped&) = delete;

    // Flushes standard output, then waits. False: end now.
    bool wait(int milliseconds);

private:
    int signals_ = -1;
};

}  // namespace saring::tool
