#include "transfer/client.h"

#include "transfer/session.h"

namespace saring {

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

}  // namespace saring
