#include "answer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace saring {
namespace {

constexpr std::uint16_t type_a = 1, type_cname = 5, type_soa = 6, type_aaaa = 28, type_any = 255;
constexpr std::uint16_t rcode_noerror = 0, rcode_nxdomain = 3, rcode_refused = 5;

const std::uint8_t* octets(ByteView v) { return reinterpret_cast<const std::uint8_t*>(v.data()); }

void put32(Bytes& out, std::uint32_t v) { out += be32(v); }

// RFC 2308 section 3: the SOA's TTL and MINIMUM bound how long "no" is believed.
Bytes soa_rdata(const Config& config, std::uint64_t serial, std::uint32_t ttl) {
    Bytes out(OwnerName::parse(config.answer.soa_mname).wire());
    out += OwnerName::parse(config.answer.soa_rname).wire();
    put32(out, static_cast<std::uint32_t>(serial));
    for (std::uint32_t v : {3600u, 600u, 86400u}) put32(out, v);  // refresh, retry, expire: nobody transfers it
    put32(out, ttl);
    return out;
}

// RRsets over storage of their own, for the length of one glue_answer call.
class Sections {
public:
    void add(ByteView owner, std::uint16_t type, std::uint32_t ttl, std::vector<ByteView> rdata) {
        auto& s = sets_.emplace_back();
        for (ByteView r : rdata) {
            s.rdata.push_back(octets(r));
            s.lengths.push_back(static_cast<std::uint16_t>(r.size()));
        }
        s.owner = owner;
        s.type = type;
        s.ttl = ttl;
    }
    std::vector<saring_rrset> view() const {
        std::vector<saring_rrset> out;
        for (const auto& s : sets_)
            out.push_back({octets(s.owner), s.owner.size(), s.type, s.ttl, s.rdata.size(), s.rdata.data(), s.lengths.data()});
        return out;
    }
    std::size_t size() const { return sets_.size(); }

private:
    struct Set {
        ByteView owner;
        std::uint16_t type;
        std::uint32_t ttl;
        std::vector<const std::uint8_t*> rdata;
        std::vector<std::uint16_t> lengths;
    };
    std::vector<Set> sets_;
};

void add_addresses(Sections& sections, ByteView owner, std::uint16_t type, std::uint32_t ttl, const std::vector<Prefix>& addresses) {
    if (addresses.empty()) return;
    std::vector<ByteView> rdata;
    for (const auto& a : addresses) rdata.emplace_back(reinterpret_cast<const char*>(a.address.data()), type == type_a ? 4 : 16);
    sections.add(owner, type, ttl, rdata);
}

}  // namespace

std::string extra_text(const OrderRecord& order, const std::string& language) {
    std::string id = (language == "id" ? " perintah " : " order ") + order.id;
    if (order.authority.size() + id.size() <= max_extra_text) return order.authority + id;
    // The id is what the reader needs; the authority gives way.
    std::size_t room = max_extra_text - std::min(max_extra_text, id.size());
    while (room > 0 && (static_cast<unsigned char>(order.authority[room]) & 0xc0) == 0x80) --room;
    return order.authority.substr(0, room) + id;
}

std::string structured_text(const OrderRecord& order, const OrderTexts& texts, const std::string& language) {
    auto j = nlohmann::ordered_json::object();
    for (const auto& c : texts.contact) j["c"].push_back(c);
    auto wanted = std::find_if(texts.reason.begin(), texts.reason.end(), [&](const auto& r) { return r.first == language; });
    j["j"] = extra_text(order, language) + (wanted == texts.reason.end() ? "" : ": " + wanted->second);
    j["o"] = order.authority;
    j["l"] = language;
    auto text = [&] { return j.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace); };
    auto too_long = [&] { return text().size() > max_extra_text; };
    if (too_long()) j["j"] = extra_text(order, language);
    if (too_long()) j.erase("j");
    if (too_long()) {
        j.erase("o");
        j.erase("l");  // the language of j and o
    }
    while (too_long() && j.contains("c")) {
        j["c"].erase(j["c"].size() - 1);
        if (j["c"].empty()) j.erase("c");
    }
    return text();
}

namespace {

bool say_why(const saring_query& query, const Deciding& by, const Snapshot& snapshot, const Config& config) {
    std::uint16_t code = by.order.kind == OrderKind::local ? ede_blocked : ede_censored;
    Bytes option{static_cast<char>(code >> 8), static_cast<char>(code)};
    std::size_t ignored = 0;
    auto structured = static_cast<std::uint16_t>(config.answer.structured_error_option);
    if (structured && glue_client_option(query.qstate, structured, &ignored))
        option += structured_text(by.order, snapshot.texts(by.index), config.answer.language);
    else
        option += extra_text(by.order, config.answer.language);
    return glue_add_edns_option(query.qstate, edns_option_ede, octets(option), option.size()) != 0;
}

}  // namespace

bool answer_blocked(const saring_query& query, const Deciding& by, Trigger trigger, const Snapshot& snapshot, const Config& config) {
    if (by.action == Action::drop) {
        glue_drop(query.qstate);
        return true;
    }
    auto left = std::max<UnixTime>(std::min(by.order.expires, by.order.lifted) - query.now, 0);
    auto ttl = static_cast<std::uint32_t>(std::min<UnixTime>(config.answer.ttl, left));
    ByteView qname(reinterpret_cast<const char*>(query.qname), query.qname_len);
    Sections sections;
    OwnerName landing;
    bool alias = false;
    if (by.action == Action::redirect && !config.answer.redirect_cname.empty()) {
        landing = OwnerName::parse(config.answer.redirect_cname);
        OwnerName asked;
        // The landing host itself, listed, would point at itself.
        alias = (query.qtype == type_a || query.qtype == type_aaaa || query.qtype == type_cname || query.qtype == type_any) &&
                OwnerName::from_wire(query.qname, query.qname_len, asked) && asked != landing;
        if (alias) sections.add(qname, type_cname, ttl, {landing.wire()});
    } else if (by.action == Action::redirect) {
        if (query.qtype == type_a || query.qtype == type_any) add_addresses(sections, qname, type_a, ttl, config.answer.redirect_a);
        if (query.qtype == type_aaaa || query.qtype == type_any) add_addresses(sections, qname, type_aaaa, ttl, config.answer.redirect_aaaa);
    }
    saring_answer answer{};
    answer.rcode = by.action == Action::nxdomain ? rcode_nxdomain : by.action == Action::refused ? rcode_refused : rcode_noerror;
    answer.answer_count = sections.size();
    answer.ttl = ttl;
    Bytes soa;
    if (answer.answer_count == 0 && by.action != Action::refused) {
        soa = soa_rdata(config, snapshot.serial(), ttl);
        // An alias or address was listed, not the queried name: the SOA is the queried name's own.
        ByteView apex = trigger == Trigger::qname ? by.listed.wire() : qname;
        sections.add(apex, type_soa, ttl, {soa});
        answer.authority_count = 1;
    }
    auto sets = sections.view();
    answer.sets = sets.data();
    if (!glue_answer(query.qstate, &answer)) return false;
    if (alias && !glue_append_landing(query.qstate, query.module_id)) return false;
    return say_why(query, by, snapshot, config);
}

}  // namespace saring
