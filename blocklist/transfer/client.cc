#include "transfer/client.h"

#include "transfer/session.h"

namespace saring::transfer {

TransferOutcome transfer_zone(const TransferRequest& request, TransferSink& sink, Progress& progress) {
    TransferSession session(request, sink);
    TcpStream stream(request.host, request.port, request.limits);
    stream.send(session.query());
    while (!session.done()) {
        session.take(stream.receive());
        progress.at(session.records());
    }
    auto outcome = session.finish();
    outcome.bytes = stream.received();
    return outcome;
}

std::uint32_t ask_serial(TransferRequest request) {
    struct Nothing : TransferSink {
        void begin_whole() override {}
        void begin_differences() override {}
        void record(const ldns_rr*, bool) override {}
    } nothing;
    request.serial_only = true;
    TransferSession session(request, nothing);
    TcpStream stream(request.host, request.port, request.limits);
    stream.send(session.query());
    session.take(stream.receive());
    return session.finish().serial;
}

}  // namespace saring::transfer
