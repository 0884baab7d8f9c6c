#include "rpz/record.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <vector>

#include "hostname/host_name.h"

namespace saring::rpz {
namespace {

using Kind = RpzRecord::Kind;

ByteView first_label(const OwnerName& name) {
    auto wire = name.wire();
    return wire.substr(1, static_cast<unsigned char>(wire[0]));
}

// The labels before the apex.
OwnerName cut(const OwnerName& owner, const OwnerName& apex) {
    Bytes wire(owner.wire().substr(0, owner.wire().size() - apex.wire().size()));
    wire.push_back('\0');
    OwnerName out;
    OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), out);
    return out;
}

// The reason why a list cannot name it, or nothing.
Message unfit(const OwnerName& name) {
    auto refusal = hostname::refuse_host(name);
    return refusal ? refusal->reason() + "; " + refusal->remedy() : Message();
}

// The type of a trigger other than qname, from the label before the apex.
const char* other_trigger(const OwnerName& trigger) {
    auto last = trigger.suffix(1);
    auto label = first_label(last);
    if (label == "rpz-client-ip") return marked("has a client trigger; an order only blocks names and addresses");
    if (label == "rpz-nsip" || label == "rpz-nsdname")
        return marked("has a name server trigger; other people's sites share name servers");
    return nullptr;
}

bool about_address(const OwnerName& trigger) { return first_label(trigger.suffix(1)) == "rpz-ip"; }

// Parses "24.0.113.0.203.rpz-ip": the prefix length, then the address backwards; "zz" is IPv6's "::".
std::optional<Prefix> address_of(const OwnerName& trigger) {
    std::vector<std::string> parts;
    auto wire = trigger.wire();
    for (std::size_t at = 0; wire[at] != 0; at += 1u + static_cast<unsigned char>(wire[at]))
        parts.emplace_back(wire.substr(at + 1, static_cast<unsigned char>(wire[at])));
    parts.pop_back();
    if (parts.size() < 2) return std::nullopt;
    bool zeros = std::find(parts.begin(), parts.end(), "zz") != parts.end();
    bool four = parts.size() == 5 && !zeros;
    std::string text;
    for (std::size_t i = parts.size(); i-- > 1;) {
        bool end = i == parts.size() - 1 || i == 1;
        text += parts[i] == "zz" ? (end ? ":" : "") : parts[i];
        if (i > 1) text += four ? "." : ":";
    }
    if (parts.size() == 2 && zeros) text = "::";
    try {
        return Prefix::parse(text + "/" + parts[0]);
    } catch (const Error&) { return std::nullopt; }
}

bool of_signing(ldns_rr_type type) {
    static constexpr std::array types{LDNS_RR_TYPE_RRSIG,      LDNS_RR_TYPE_NSEC,   LDNS_RR_TYPE_NSEC3,
                                      LDNS_RR_TYPE_NSEC3PARAM, LDNS_RR_TYPE_DNSKEY, LDNS_RR_TYPE_CDNSKEY,
                                      LDNS_RR_TYPE_CDS,        LDNS_RR_TYPE_DS};
    return std::find(types.begin(), types.end(), type) != types.end() ||
           static_cast<int>(type) == 65534;  // BIND's private type for signing state
}

RpzRecord with_reason(RpzRecord r, Kind kind, Message why) {
    r.kind = kind;
    r.why = std::move(why);
    return r;
}

RpzRecord read_alias(RpzRecord r, const ldns_rr* rr, const list::Landings& landings) {
    OwnerName target;
    if (!owner_name_of(ldns_rr_rdf(rr, 0), target))
        return with_reason(std::move(r), Kind::bad, msg("has an alias without a target"));
    auto text = target.to_string();
    bool self = r.match == policy::Match::exact && target == r.name;  // the older form of passthru
    r.kind = Kind::block;
    if (target.is_root() || text == "*" || text == "rpz-drop" || landings.holds(target)) return r;
    if (text == "rpz-passthru" || self)
        return with_reason(
            std::move(r), Kind::pass,
            msg("passes the name; a list only blocks: to allow it, issue an order with action passthru"));
    if (text == "rpz-tcp-only")
        return with_reason(std::move(r), Kind::unsupported, msg("asks the client to use TCP, which is not a block"));
    if (target.label_count() == 1 && text.rfind("rpz-", 0) == 0)
        return with_reason(std::move(r), Kind::unsupported, msg("has the unknown action \"%1\"", text));
    // The resolver replaces the "*" with the qname; the landing page is what follows.
    r.landing = first_label(target) == "*" ? target.parent().to_string() : text;
    r.kind = Kind::unsupported;
    return r;
}

RpzRecord read_address(RpzRecord r, const ldns_rr* rr, const list::Landings& landings) {
    const auto* rdf = ldns_rr_rdf(rr, 0);
    auto address = Prefix::of_address(ldns_rr_get_type(rr) == LDNS_RR_TYPE_A ? 4 : 6, ldns_rdf_data(rdf));
    r.kind = Kind::block;
    r.one_of_many = true;
    if (landings.holds(address)) return r;
    char text[INET6_ADDRSTRLEN] = "";
    ::inet_ntop(address.family == 4 ? AF_INET : AF_INET6, ldns_rdf_data(rdf), text, sizeof text);
    r.landing = text;
    r.kind = Kind::unsupported;
    return r;
}

}  // namespace

bool owner_name_of(const ldns_rdf* name, OwnerName& out) {
    return name && ldns_rdf_get_type(name) == LDNS_RDF_TYPE_DNAME &&
           OwnerName::from_wire(ldns_rdf_data(name), ldns_rdf_size(name), out);
}

bool read_rpz_policy(const ldns_rr* rr, const OwnerName& apex, RpzPolicy& out) {
    OwnerName owner;
    auto type = ldns_rr_get_type(rr);
    if (!owner_name_of(ldns_rr_owner(rr), owner) || ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN || owner == apex ||
        of_signing(type) || !owner.is_at_or_below(apex))
        return false;
    out = {cut(owner, apex), false, RpzAction::nodata, {}};  // data of a type other than the qtype means NODATA
    if (out.name.is_root() || other_trigger(out.name) || about_address(out.name) || type == LDNS_RR_TYPE_NS ||
        type == LDNS_RR_TYPE_DNAME || type == LDNS_RR_TYPE_SOA)
        return false;
    out.wildcard = first_label(out.name) == "*";
    if (out.wildcard) out.name = out.name.parent();
    if (type == LDNS_RR_TYPE_A && ldns_rr_rd_count(rr) == 1) {
        char text[INET_ADDRSTRLEN] = "";
        ::inet_ntop(AF_INET, ldns_rdf_data(ldns_rr_rdf(rr, 0)), text, sizeof text);
        out.action = RpzAction::redirect;
        out.target = text;
        return true;
    }
    if (type != LDNS_RR_TYPE_CNAME) return true;
    OwnerName target;
    if (ldns_rr_rd_count(rr) != 1 || !owner_name_of(ldns_rr_rdf(rr, 0), target)) return false;
    auto text = target.to_string();
    if (target.is_root()) out.action = RpzAction::nxdomain;
    else if (text == "*") out.action = RpzAction::nodata;
    else if (text == "rpz-drop") out.action = RpzAction::drop;
    else if (text == "rpz-passthru" || (!out.wildcard && target == out.name)) out.action = RpzAction::passthru;
    else if (target.label_count() == 1 && text.rfind("rpz-", 0) == 0) return false;
    else out.action = RpzAction::redirect, out.target = text;
    return true;
}

RpzRecord read_rpz_record(const ldns_rr* rr, const OwnerName& apex, const list::Landings& landings) {
    RpzRecord r;
    OwnerName owner;
    if (!owner_name_of(ldns_rr_owner(rr), owner)) return with_reason(r, Kind::bad, msg("has no owner name"));
    if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN) return with_reason(r, Kind::bad, msg("is not of class IN"));
    auto type = ldns_rr_get_type(rr);
    if (owner == apex || of_signing(type)) return r;
    if (!owner.is_at_or_below(apex))
        return with_reason(r, Kind::bad, msg("is not in the zone %1; is that its origin?", apex.to_string()));
    r.name = cut(owner, apex);
    if (auto why = other_trigger(r.name)) return with_reason(r, Kind::unsupported, msg(why));
    if (about_address(r.name)) {
        r.address = address_of(r.name);
        if (!r.address)
            return with_reason(
                r, Kind::bad,
                msg("is not a prefix in rpz-ip notation, such as 24.0.113.0.203.rpz-ip for 203.0.113.0/24"));
    } else if (first_label(r.name) == "*") {
        r.match = policy::Match::below;
        r.name = r.name.parent();
    }
    if (type == LDNS_RR_TYPE_NS || type == LDNS_RR_TYPE_DNAME || type == LDNS_RR_TYPE_SOA)
        return with_reason(r, Kind::bad, msg("is a record that a policy zone may have at its apex only"));
    RpzRecord read;
    if (type == LDNS_RR_TYPE_CNAME && ldns_rr_rd_count(rr) == 1) read = read_alias(r, rr, landings);
    else if ((type == LDNS_RR_TYPE_A || type == LDNS_RR_TYPE_AAAA) && ldns_rr_rd_count(rr) == 1)
        read = read_address(r, rr, landings);
    else read = with_reason(r, Kind::unsupported, msg("answers with data of its own, which is not a block"));
    if (read.kind == Kind::block && !read.address)
        if (auto why = unfit(read.name); !why.empty()) return with_reason(read, Kind::bad, why);
    return read;
}

}  // namespace saring::rpz
