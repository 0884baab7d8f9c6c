#include "probe/dns_client.h"

#include <cstdlib>
#include <utility>

#include "base/error.h"
#include "dns/ldns.h"

namespace saring::tool {
namespace {

constexpr unsigned ede_option = 15;
constexpr std::uint16_t edns_size = 1232;

std::string text_of(const ldns_rdf* rdf) {
    char* raw = ldns_rdf2str(rdf);
    std::string out = raw ? raw : "";
    std::free(raw);
    if (out.size() > 1 && out.back() == '.') out.pop_back();
    return out;
}

void read_errors(ldns_pkt* packet, DnsAnswer& out) {
    const ldns_rdf* data = ldns_pkt_edns_data(packet);
    if (!data) return;
    const std::uint8_t* at = ldns_rdf_data(data);
    std::size_t left = ldns_rdf_size(data);
    while (left >= 4) {
        unsigned code = ldns_read_uint16(at), size = ldns_read_uint16(at + 2);
        at += 4, left -= 4;
        if (size > left) return;
        if (code == ede_option && size >= 2)
            out.errors.push_back({ldns_read_uint16(at), std::string(reinterpret_cast<const char*>(at) + 2, size - 2)});
        at += size, left -= size;
    }
}

// Adds the EDNS option that marks a probe (base/probe_key.h).
void mark(ldns_pkt* question, const ProbeKey& key, const OwnerName& name, std::uint16_t qtype) {
    Bytes token = key.token(name.wire(), qtype, now_unix());
    Bytes option = be32(std::uint32_t{ProbeKey::edns_option} << 16 | static_cast<std::uint32_t>(token.size())) + token;
    ldns_pkt_set_edns_data(question, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN, option.size(), option.data()));
}

std::vector<std::string> soa_owners(const ldns_rr_list* records) {
    std::vector<std::string> out;
    for (std::size_t i = 0; records && i < ldns_rr_list_rr_count(records); ++i)
        if (const auto* rr = ldns_rr_list_rr(records, i); ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA)
            out.push_back(text_of(ldns_rr_owner(rr)));
    return out;
}

}  // namespace

void DnsClient::Free::operator()(ldns_struct_resolver* r) const { ldns_resolver_deep_free(r); }

std::string said(const std::optional<DnsAnswer>& a) {
    constexpr const char* words[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    if (!a) return "no answer";
    std::string out = a->rcode < std::size(words) ? words[a->rcode] : "RCODE " + std::to_string(a->rcode);
    for (const auto& x : a->aliases) out += ", CNAME " + x;
    for (const auto& x : a->addresses) out += ", " + x;
    for (const auto& e : a->errors)
        out += ", EDE " + std::to_string(e.code) + (e.text.empty() ? "" : " (" + e.text + ")");
    return out;
}

DnsClient::DnsClient(const std::string& resolver, unsigned timeout_seconds, const std::string& option)
    : resolver_(ldns_resolver_new()), address_(resolver) {
    auto refuse = [&] {
        throw Error(ErrorKind::usage, option, msg("\"%1\" is not an address", resolver),
                    msg("write e.g. 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53"));
    };
    std::string host = resolver, port = "53";
    if (!resolver.empty() && resolver[0] == '[') {
        auto end = resolver.find(']');
        if (end == std::string::npos || (end + 1 < resolver.size() && resolver[end + 1] != ':')) refuse();
        host = resolver.substr(1, end - 1);
        if (end + 1 < resolver.size()) port = resolver.substr(end + 2);
    } else if (auto colon = resolver.find(':');
               colon != std::string::npos && resolver.find(':', colon + 1) == std::string::npos) {
        host = resolver.substr(0, colon);
        port = resolver.substr(colon + 1);
    }
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
        std::stoul(port) == 0 || std::stoul(port) > 65535)
        refuse();
    ldns::Rdf address(
        ldns_rdf_new_frm_str(host.find(':') == std::string::npos ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA, host.c_str()));
    if (!address) refuse();
    auto* r = resolver_.get();
    if (ldns_resolver_push_nameserver(r, address.get()) != LDNS_STATUS_OK) refuse();
    ldns_resolver_set_port(r, static_cast<std::uint16_t>(std::stoul(port)));
    ldns_resolver_set_recursive(r, true);
    ldns_resolver_set_edns_udp_size(r, edns_size);
    ldns_resolver_set_timeout(r, {static_cast<time_t>(timeout_seconds), 0});
    ldns_resolver_set_retry(r, 2);
    ldns_resolver_set_retrans(r, 0);
    ldns_resolver_set_fail(r, false);
}

std::optional<DnsAnswer> DnsClient::ask(const OwnerName& name, const std::string& type) const {
    std::string text = name.to_string();
    if (!name.is_root()) text += ".";
    ldns::Rdf owner(ldns_dname_new_frm_str(text.c_str()));
    if (!owner) throw Error(ErrorKind::usage, text, msg("cannot be queried"), msg("name another one"));
    ldns_pkt* raw = nullptr;
    ldns_resolver_set_edns_udp_size(resolver_.get(), edns_size);  // libldns may have cleared it after a failure
    auto qtype = ldns_get_rr_type_by_name(type.c_str());
    auto status = ldns_resolver_prepare_query_pkt(&raw, resolver_.get(), owner.get(), qtype, LDNS_RR_CLASS_IN, LDNS_RD);
    if (status != LDNS_STATUS_OK) return std::nullopt;
    ldns::Packet question(std::exchange(raw, nullptr));
    if (probe_key_) mark(question.get(), *probe_key_, name, static_cast<std::uint16_t>(qtype));
    status = ldns_resolver_send_pkt(&raw, resolver_.get(), question.get());
    ldns::Packet packet(raw);
    // libldns marks a server that did not answer as unreachable and would not query it again.
    for (std::size_t i = 0; i < ldns_resolver_nameserver_count(resolver_.get()); ++i)
        ldns_resolver_set_nameserver_rtt(resolver_.get(), i, LDNS_RESOLV_RTT_MIN);
    if (status != LDNS_STATUS_OK || !packet) return std::nullopt;
    DnsAnswer out;
    out.rcode = ldns_pkt_get_rcode(packet.get());
    out.answers = ldns_pkt_ancount(packet.get());
    const ldns_rr_list* answers = ldns_pkt_answer(packet.get());
    for (std::size_t i = 0; answers && i < ldns_rr_list_rr_count(answers); ++i) {
        const ldns_rr* rr = ldns_rr_list_rr(answers, i);
        auto rr_type = ldns_rr_get_type(rr);
        if (rr_type == LDNS_RR_TYPE_A || rr_type == LDNS_RR_TYPE_AAAA)
            out.addresses.push_back(text_of(ldns_rr_rdf(rr, 0)));
        if (rr_type == LDNS_RR_TYPE_CNAME) out.aliases.push_back(text_of(ldns_rr_rdf(rr, 0)));
    }
    out.authoritative = ldns_pkt_aa(packet.get());
    out.authority_soa = soa_owners(ldns_pkt_authority(packet.get()));
    out.additional_soa = soa_owners(ldns_pkt_additional(packet.get()));
    read_errors(packet.get(), out);
    return out;
}

std::optional<DnsAnswer> DnsClient::ask_localhost() const { return ask(OwnerName::parse("localhost"), "A"); }

}  // namespace saring::tool
