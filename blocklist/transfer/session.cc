#include "transfer/session.h"

#include <sodium.h>

namespace saring::transfer {
namespace {

ldns::Packet make_query(const TransferRequest& request, std::uint16_t id) {
    auto zone = request.zone.to_string() + (request.zone.is_root() ? "" : ".");
    auto type = request.serial_only ? LDNS_RR_TYPE_SOA : request.local_serial ? LDNS_RR_TYPE_IXFR : LDNS_RR_TYPE_AXFR;
    ldns::Packet query(ldns_pkt_query_new(ldns_dname_new_frm_str(zone.c_str()), type, LDNS_RR_CLASS_IN, 0));
    if (!query) throw Error(ErrorKind::usage, msg("zone %1", zone), msg("cannot be asked for"), msg("check its name"));
    ldns_pkt_set_id(query.get(), id);
    if (request.local_serial && !request.serial_only) {
        // RFC 1995 section 3: the authority section has the SOA of the local copy; only its serial matters.
        auto text = zone + " 0 IN SOA . . " + std::to_string(*request.local_serial) + " 0 0 0 0";
        ldns_rr* soa = nullptr;
        if (ldns_rr_new_frm_str(&soa, text.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK)
            throw Error(ErrorKind::usage, msg("zone %1", zone), msg("cannot be asked for"), msg("check its name"));
        ldns_pkt_push_rr(query.get(), LDNS_SECTION_AUTHORITY, soa);
    }
    return query;
}

Bytes wire_of(const ldns_pkt* packet) {
    std::uint8_t* wire = nullptr;
    std::size_t size = 0;
    if (ldns_pkt2wire(&wire, packet, &size) != LDNS_STATUS_OK) throw std::bad_alloc();
    Bytes out(reinterpret_cast<const char*>(wire), size);
    LDNS_FREE(wire);
    return out;
}

std::string rcode_name(ldns_pkt_rcode code) {
    char* text = ldns_pkt_rcode2str(code);
    std::string out = text ? text : std::to_string(static_cast<int>(code));
    LDNS_FREE(text);
    return out;
}

}  // namespace

TransferSession::TransferSession(const TransferRequest& request, TransferSink& sink)
    : request_(request),
      server_(request.host + ":" + request.port),
      sequence_(request.zone, request.local_serial, sink, server_) {
    if (request.key) tsig_.emplace(*request.key, server_);
}

Bytes TransferSession::query() {
    id_ = static_cast<std::uint16_t>(randombytes_uniform(65536));
    auto query = make_query(request_, id_);
    if (tsig_) tsig_->sign(query.get());
    return wire_of(query.get());
}

void TransferSession::fail(const Message& why, const Message& remedy) const {
    throw Error(ErrorKind::network, server_, why, remedy);
}

void TransferSession::take(ByteView wire) {
    ldns_pkt* parsed = nullptr;
    if (ldns_wire2pkt(&parsed, reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size()) != LDNS_STATUS_OK)
        fail(msg("sent data that is not a DNS message"), msg("check that it is a name server"));
    ldns::Packet packet(parsed);
    if (ldns_pkt_id(parsed) != id_ || !ldns_pkt_qr(parsed) || ldns_pkt_get_opcode(parsed) != LDNS_PACKET_QUERY)
        fail(msg("sent a message that does not answer the query"), msg("check that it is a name server"));
    auto rcode = ldns_pkt_get_rcode(parsed);
    // A refusal may be unsigned: a forged one does no more harm than a broken connection.
    if (tsig_ && (rcode == LDNS_RCODE_NOERROR || ldns_pkt_tsig(parsed))) tsig_->check(wire, parsed, now_unix());
    if (rcode != LDNS_RCODE_NOERROR)
        fail(msg("answered %1 to the transfer of %2", rcode_name(rcode), request_.zone.to_string()),
             request_.key ? msg("check that it serves the zone to this address and key")
                          : msg("check that it serves the zone to this address; it may want a TSIG key (tsig_file)"));
    if (ldns_pkt_tc(parsed)) fail(msg("sent a truncated message over TCP"), msg("ask the server's operator"));
    const auto* answer = ldns_pkt_answer(parsed);
    if (ldns_rr_list_rr_count(answer) == 0)
        fail(msg("sent a message without records"), msg("ask the server's operator"));
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(answer); ++i) sequence_.take(ldns_rr_list_rr(answer, i));
    sequence_.end_of_message();
    if (sequence_.records() > request_.max_records)
        fail(msg("sent more than %1 records", request_.max_records), msg("check that it is the right zone"));
}

TransferOutcome TransferSession::finish() const {
    if (tsig_) tsig_->finish();
    return {sequence_.result(), sequence_.serial(), sequence_.records(), 0};
}

}  // namespace saring::transfer
