// Ships hits as dnstap in Frame Streams: to a new file, or to a reader that listens on a Unix socket.
//
// For a socket each batch is a separate stream: the reader's FINISH, which answers the end of the stream, confirms that
// it has read everything; only then the batch counts as arrived. For a file a batch counts when it is on disk; the
// stream, and with it the file, ends with the run.
#pragma once

#include <memory>

#include "ship/destination.h"
#include "ship/stop_signal.h"

struct fstrm_writer;

namespace saring::ship {

// "dnstap+unix:/run/tap.sock", "dnstap+file:/var/tmp/hits.fstrm".
bool is_dnstap_url(const std::string& url);

class DnstapDestination : public Destination {
public:
    // Throws Error(usage) for a URL without a path.
    DnstapDestination(const std::string& url, StopSignal& stop);
    ~DnstapDestination() override;

    void begin(const std::string&) override {}
    std::uint64_t arrived(const std::string&, std::uint64_t shipped) override { return shipped; }
    bool together(const hitlog::Hit&, const hitlog::Hit&) const override { return true; }
    // Throws TemporaryFailure when nobody listens or the reader closed the socket; Error(network) for a file that
    // exists or cannot be written; Stopped.
    void send(const std::string& run, const std::vector<hitlog::Hit>& batch) override;

private:
    void open();
    void close();
    [[noreturn]] void fail(const Message& doing, int error) const;

    struct Stream;
    const bool is_socket_;
    const std::string path_;
    StopSignal& stop_;
    std::unique_ptr<Stream> stream_;
};

}  // namespace saring::ship
