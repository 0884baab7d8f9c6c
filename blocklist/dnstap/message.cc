#include "dnstap/message.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "dnstap.pb-c.h"
#include "hitlog/client.h"

namespace saring::dnstap {

using hitlog::Action;
using hitlog::Transport;

namespace {

ProtobufCBinaryData data_of(ByteView v) {
    return {v.size(), reinterpret_cast<std::uint8_t*>(const_cast<char*>(v.data()))};
}

// RFC 1035 section 4.1: a header with RD and one question.
Bytes query_message(const hitlog::Hit& h) {
    Bytes out("\0\0\1\0\0\1\0\0\0\0\0\0", 12);
    out.append(h.qname.wire());
    for (unsigned octet : {h.qtype >> 8, h.qtype & 0xff, 0, 1}) out.push_back(static_cast<char>(octet));
    return out;
}

SaringDnstap__SocketProtocol protocol_of(Transport t) {
    switch (t) {
        case Transport::tcp: return SARING_DNSTAP__SOCKET_PROTOCOL__TCP;
        case Transport::dot: return SARING_DNSTAP__SOCKET_PROTOCOL__DOT;
        case Transport::doh: return SARING_DNSTAP__SOCKET_PROTOCOL__DOH;
        case Transport::doq: return SARING_DNSTAP__SOCKET_PROTOCOL__DOQ;
        case Transport::udp:
        case Transport::other: break;
    }
    return SARING_DNSTAP__SOCKET_PROTOCOL__UDP;
}

// dnstap has no action for REFUSED; `extra` has it.
std::optional<SaringDnstap__Policy__Action> action_of(Action a) {
    switch (a) {
        case Action::nxdomain: return SARING_DNSTAP__POLICY__ACTION__NXDOMAIN;
        case Action::nodata: return SARING_DNSTAP__POLICY__ACTION__NODATA;
        case Action::redirect: return SARING_DNSTAP__POLICY__ACTION__LOCAL_DATA;
        case Action::drop: return SARING_DNSTAP__POLICY__ACTION__DROP;
        case Action::log:
        case Action::passthru: return SARING_DNSTAP__POLICY__ACTION__PASS;
        case Action::refused: break;
    }
    return std::nullopt;
}

ByteView octets_of(const Prefix& p) {
    return {reinterpret_cast<const char*>(p.address.data()), p.family == 4 ? 4u : 16u};
}

}  // namespace

Bytes message_of(const std::string& database_id, const hitlog::Hit& h) {
    SaringDnstap__Dnstap tap = SARING_DNSTAP__DNSTAP__INIT;
    SaringDnstap__Message message = SARING_DNSTAP__MESSAGE__INIT;
    SaringDnstap__Policy policy = SARING_DNSTAP__POLICY__INIT;

    nlohmann::ordered_json more{{"database_id", database_id},
                                {"sequence", h.sequence},
                                {"client", hitlog::client_text(h.client)},
                                {"region", h.region},
                                {"asn", h.asn},
                                {"action", to_string(h.action)},
                                {"trigger", to_string(h.trigger)},
                                {"serial", h.serial}};
    std::string extra = more.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    std::string type = "saring", question = query_message(h);
    tap.type = SARING_DNSTAP__DNSTAP__TYPE__MESSAGE;
    tap.message = &message;
    tap.has_identity = tap.has_version = tap.has_extra = true;
    tap.identity = data_of(h.instance);
    tap.version = data_of("saring " SARING_VERSION);
    tap.extra = data_of(extra);

    message.type = SARING_DNSTAP__MESSAGE__TYPE__CLIENT_QUERY;
    auto client = hitlog::client_network(h.client);
    if (client) {
        message.has_socket_family = message.has_query_address = true;
        message.socket_family =
            client->family == 4 ? SARING_DNSTAP__SOCKET_FAMILY__INET : SARING_DNSTAP__SOCKET_FAMILY__INET6;
        message.query_address = data_of(octets_of(*client));
    }
    message.has_socket_protocol = h.transport != Transport::other;
    message.socket_protocol = protocol_of(h.transport);
    message.has_query_time_sec = message.has_query_time_nsec = true;
    message.query_time_sec = static_cast<std::uint64_t>(h.time / hitlog::second_us);
    message.query_time_nsec = static_cast<std::uint32_t>(h.time % hitlog::second_us) * 1000;
    message.has_query_message = true;
    message.query_message = data_of(question);
    message.policy = &policy;

    policy.type = type.data();
    policy.has_rule = policy.has_match = policy.has_value = true;
    policy.rule = data_of(h.order);
    if (auto action = action_of(h.action)) {
        policy.has_action = true;
        policy.action = *action;
    }
    bool address = h.trigger == hitlog::Trigger::address;
    policy.match = address ? SARING_DNSTAP__POLICY__MATCH__RESPONSE_IP : SARING_DNSTAP__POLICY__MATCH__QNAME;
    policy.value = data_of(address ? octets_of(h.prefix) : h.listed.wire());

    Bytes out(saring_dnstap__dnstap__get_packed_size(&tap), '\0');
    saring_dnstap__dnstap__pack(&tap, reinterpret_cast<std::uint8_t*>(out.data()));
    return out;
}

}  // namespace saring::dnstap
