#include "answer.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "dns_numbers.h"

namespace saring {
namespace {

const std::uint8_t* octets(ByteView v) { return reinterpret_cast<const std::uint8_t*>(v.data()); }

constexpr std::size_t max_soa = 2 * OwnerName::max_wire + 5 * 4;

void put32(std::uint8_t* to, std::uint32_t v) {
    v = htonl(v);
    std::memcpy(to, &v, 4);
}

const policy::OrderTexts& texts_of(const image::Image& image, policy::OrderIndex index) {
    static const policy::OrderTexts none;
    const image::ImageOrder* order = image.order(index);
    return order ? order->texts : none;
}

void append_extra_text(std::string& out, const policy::OrderRecord& order, const std::string& language) {
    std::string_view word = language == "id" ? " perintah " : " order ";
    std::string_view authority = order.authority;
    // The id is never cut; the authority is.
    std::size_t room = max_extra_text - std::min(max_extra_text, word.size() + order.id.size());
    if (authority.size() > room) {
        while (room > 0 && (static_cast<unsigned char>(authority[room]) & 0xc0) == 0x80) --room;
        authority = authority.substr(0, room);
    }
    out.reserve(out.size() + authority.size() + word.size() + order.id.size());
    out.append(authority).append(word).append(order.id);
}

}  // namespace

std::string extra_text(const policy::OrderRecord& order, const std::string& language) {
    std::string out;
    append_extra_text(out, order, language);
    return out;
}

std::string structured_text(const policy::OrderRecord& order, const policy::OrderTexts& texts,
                            const std::string& language) {
    auto j = nlohmann::ordered_json::object();
    for (const auto& c : texts.contact) j["c"].push_back(c);
    auto wanted =
        std::find_if(texts.reason.begin(), texts.reason.end(), [&](const auto& r) { return r.first == language; });
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

Answerer::Answerer(const config::Config& config)
    : config_(config), soa_(OwnerName::parse(config.answer.soa_mname).wire()), six_(config.answer.redirect_aaaa) {
    if (six_.empty())
        for (const auto& four : config.answer.redirect_a)
            if (std::array<std::uint8_t, 16> six; glue_translate(four.address.data(), six.data()))
                six_.push_back(Prefix::of_address(6, six.data()));
    a_ = addresses(config.answer.redirect_a, 4);
    aaaa_ = addresses(six_, 16);
    soa_ += OwnerName::parse(config.answer.soa_rname).wire();
    for (std::uint32_t v : {0u, 3600u, 600u, 86400u, 0u})
        soa_ += be32(v);  // serial, refresh, retry, expire, MINIMUM; no secondary uses the middle three
    if (config.answer.redirect_cname.empty()) return;
    landing_ = OwnerName::parse(config.answer.redirect_cname);
    alias_ = {{octets(landing_.wire())}, {static_cast<std::uint16_t>(landing_.wire().size())}};
}

Answerer::Rdata Answerer::addresses(const std::vector<Prefix>& from, std::uint16_t octets) {
    Rdata out;
    for (const auto& a : from) out.octets.push_back(a.address.data());
    out.lengths.assign(from.size(), octets);
    return out;
}

Bytes Answerer::make_reason(const policy::OrderRecord& order, const policy::OrderTexts& texts, bool structured) const {
    std::uint16_t code = order.kind == policy::OrderKind::local ? ede_blocked : ede_censored;
    Bytes option{static_cast<char>(code >> 8), static_cast<char>(code)};
    if (structured) option += structured_text(order, texts, config_.answer.language);
    else append_extra_text(option, order, config_.answer.language);
    // Some clients reject the whole answer if its EXTRA-TEXT is not UTF-8.
    if (!is_utf8(ByteView(option).substr(2))) option.resize(2);
    return option;
}

const Bytes& Answerer::reason(const policy::OrderRecord& order, policy::OrderIndex index, const image::Image& image,
                              bool structured, Reasons& reasons) const {
    return reasons.of(index, image.edition(), structured,
                      [&] { return make_reason(order, texts_of(image, index), structured); });
}

saring_step Answerer::say_not_ready(const saring_query& query) const {
    std::string_view text =
        config_.answer.language == "id" ? "daftar blokir tidak dapat dibaca" : "the blocklist cannot be read";
    Bytes option{'\0', static_cast<char>(ede_not_ready)};
    option += text;
    saring_answer answer{rcode_servfail, nullptr, 0, 0, 0};
    bool made = glue_answer(query.qstate, &answer) &&
                glue_add_edns_option(query.qstate, edns_option_ede, octets(option), option.size());
    return made ? saring_step_finished : saring_step_failed;
}

bool Answerer::answer_blocked(const saring_query& query, const policy::Verdict& verdict, const image::Image& image,
                              Reasons& reasons) const {
    const policy::Deciding& by = *verdict.by;
    if (by.action == policy::Action::drop) {
        glue_drop(query.qstate);
        return true;
    }
    auto left = std::max<UnixTime>(std::min(by.order->expires, by.order->lifted) - query.now, 0);
    auto ttl = static_cast<std::uint32_t>(std::min<UnixTime>(config_.answer.ttl, left));
    ByteView qname(reinterpret_cast<const char*>(query.qname), query.qname_len);
    std::array<saring_rrset, 2> sets;
    std::size_t count = 0;
    auto add = [&](ByteView owner, std::uint16_t type, const std::uint8_t* const* rdata, const std::uint16_t* lengths,
                   std::size_t n) {
        if (n > 0) sets[count++] = {octets(owner), owner.size(), type, ttl, n, rdata, lengths};
    };
    auto add_all = [&](std::uint16_t type, const Rdata& r) {
        add(qname, type, r.octets.data(), r.lengths.data(), r.octets.size());
    };
    bool alias = false;
    if (by.action == policy::Action::redirect && !landing_.is_root()) {
        OwnerName asked;
        // If the landing host itself is listed, an alias would point at itself.
        alias = (query.qtype == type_a || query.qtype == type_aaaa || query.qtype == type_cname ||
                 query.qtype == type_any) &&
                OwnerName::from_wire(query.qname, query.qname_len, asked) && asked != landing_;
        if (alias) add_all(type_cname, alias_);
    } else if (by.action == policy::Action::redirect) {
        if (query.qtype == type_a || query.qtype == type_any) add_all(type_a, a_);
        if (query.qtype == type_aaaa || query.qtype == type_any) add_all(type_aaaa, aaaa_);
    }
    saring_answer answer{};
    // Blocked for one type only: NODATA, since NXDOMAIN denies the name's other types too (RFC 2308 section 5).
    answer.rcode = by.action == policy::Action::nxdomain && !verdict.one_type ? rcode_nxdomain
                   : by.action == policy::Action::refused                     ? rcode_refused
                                                                              : rcode_noerror;
    answer.answer_count = count;
    answer.ttl = ttl;
    std::array<std::uint8_t, max_soa> soa;
    const std::uint8_t* soa_octets = soa.data();
    auto soa_length = static_cast<std::uint16_t>(soa_.size());
    if (count == 0 && by.action != policy::Action::refused) {
        std::memcpy(soa.data(), soa_.data(), soa_.size());
        put32(soa.data() + soa_.size() - 20, static_cast<std::uint32_t>(image.serial()));
        put32(soa.data() + soa_.size() - 4, ttl);  // MINIMUM bounds negative caching, RFC 2308 section 3
        // If an alias or address was listed and not the queried name, the SOA's owner is the queried name.
        add(verdict.trigger == policy::Trigger::qname ? by.listed.wire() : qname, type_soa, &soa_octets, &soa_length,
            1);
        answer.authority_count = 1;
    }
    answer.sets = sets.data();
    if (!glue_answer(query.qstate, &answer)) return false;
    if (alias && !glue_append_landing(query.qstate, query.module_id)) return false;
    std::size_t ignored = 0;
    bool structured = structured_option() && glue_client_option(query.qstate, structured_option(), &ignored);
    const Bytes& option = reason(*by.order, by.index, image, structured, reasons);
    return glue_add_edns_option(query.qstate, edns_option_ede, octets(option), option.size()) != 0;
}

}  // namespace saring
