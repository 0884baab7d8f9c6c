// The messages of a zone transfer, each after its length in two bytes, as a policy zone's list
// reads them. The first byte: bit 0 incremental, bit 1 signed.
#include "../fuzz.h"
#include "rpz/collector.h"
#include "rpz/edits.h"
#include "transfer/session.h"

namespace saring::fuzz {
namespace {

class Sink : public transfer::TransferSink {
public:
    explicit Sink(const OwnerName& apex) : apex_(apex) {}
    void begin_whole() override { whole = true; }
    void begin_differences() override { whole = false; }
    void record(const ldns_rr* rr, bool added) override {
        auto read = rpz::read_rpz_record(rr, apex_, landings_);
        if (whole) collector.add(read, 0, {});
        else edits.add(read, added);
    }
    bool whole = false;
    rpz::RpzCollector collector;
    rpz::RpzEdits edits;

private:
    const OwnerName& apex_;
    list::Landings landings_{{"landing.example", "192.0.2.80"}, "landing"};
};

}  // namespace

void one(ByteView input) {
    Input in(input);
    auto how = in.byte();
    transfer::TransferRequest request;
    request.host = "primary.example";
    request.zone = OwnerName::parse("rpz.example");
    if (how & 1) request.local_serial = 7;
    if (how & 2) request.key = transfer::parse_tsig_key("key k { algorithm hmac-sha256; secret \"c2VjcmV0\"; };", "k");
    Sink sink(request.zone);
    transfer::TransferSession session(request, sink);
    Bytes query = session.query();
    try {
        while (!session.done() && !in.empty()) {
            Bytes message(in.long_piece());
            // The id is made to match: guessing it is not the subject here.
            message.replace(0, std::min<std::size_t>(2, message.size()), query, 0,
                            std::min<std::size_t>(2, message.size()));
            session.take(message);
        }
        if (!session.done()) return;
        auto outcome = session.finish();
        demand(!request.key, "a signature that nobody made was believed");
        demand(outcome.result != transfer::TransferSequence::Result::differences || request.local_serial,
               "differences from nothing");
        demand(outcome.result != transfer::TransferSequence::Result::up_to_date || request.local_serial,
               "nothing new after nothing");
        auto content = sink.collector.finish();
        for (std::size_t i = 1; i < content.list.names.size(); ++i)
            demand(content.list.names[i - 1] < content.list.names[i], "a list that is not sorted");
        sink.edits.added();
        sink.edits.removed();
    } catch (const Error& e) {
        demand(e.kind() == ErrorKind::network || (request.key && e.kind() == ErrorKind::trust),
               "an error of another kind than a bad server deserves");
    }
}

}  // namespace saring::fuzz
