// The end of a command that has none of its own: a signal, or nobody who reads any more.
#pragma once

namespace saring::tool {

// From its making on SIGINT and SIGTERM do not kill, and neither does a reader of standard
// output that goes away: wait() says that it is time to end. One a process.
class UntilStopped {
public:
    UntilStopped();
    ~UntilStopped();
    UntilStopped(const UntilStopped&) = delete;
    UntilStopped& operator=(const UntilStopped&) = delete;

    // Writes out standard output, then waits. False: end now.
    bool wait(int milliseconds);

private:
    int signals_ = -1;
};

}  // namespace saring::tool
