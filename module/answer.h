// Makes the answer to a blocked query as wire data: RCODE, RRsets and the extended DNS error (EDE, RFC 8914) that
// names the order.
#pragma once

#include <array>
#include <vector>

#include "config/config.h"
#include "glue.h"
#include "image/image.h"
#include "reasons.h"

namespace saring {

// Extended DNS error codes, RFC 8914 section 4.
constexpr std::uint16_t ede_not_ready = 14, ede_blocked = 15, ede_censored = 16;
constexpr std::uint16_t edns_option_ede = 15;
constexpr std::size_t max_extra_text = 300;  // octets; keeps UDP answers small

// Makes blocked answers; the parts that depend on the configuration alone are made once. Thread-safe.
class Answerer {
public:
    explicit Answerer(const config::Config& config);  // which must outlive it

    // Makes the reply to a query that `verdict` blocks. The SOA's serial is the image's serial, so that
    // an answer shows which image made it. False: out of memory.
    bool answer_blocked(const saring_query& query, const policy::Verdict& verdict, const image::Image& image,
                        Reasons& reasons) const;
    // The option data of the EDE that names this order of the image. `structured`: for a client that asked for the
    // structured form.
    const Bytes& reason(const policy::OrderRecord& order, policy::OrderIndex index, const image::Image& image,
                        bool structured, Reasons& reasons) const;
    // Code of the EDNS option by which a client asks for the structured form; 0: off.
    std::uint16_t structured_option() const {
        return static_cast<std::uint16_t>(config_.answer.structured_error_option);
    }
    // Answers SERVFAIL with EDE 14 (Not Ready): no image is in force.
    saring_step say_not_ready(const saring_query& query) const;

private:
    // The rdata of an RRset, in the form of saring_rrset.
    struct Rdata {
        std::vector<const std::uint8_t*> octets;
        std::vector<std::uint16_t> lengths;
    };
    static Rdata addresses(const std::vector<Prefix>& from, std::uint16_t octets);
    Bytes make_reason(const policy::OrderRecord& order, const policy::OrderTexts& texts, bool structured) const;

    const config::Config& config_;
    Bytes soa_;                // rdata; serial and MINIMUM are 0 and set for each answer
    OwnerName landing_;        // answer.redirect_cname; the root: not set
    std::vector<Prefix> six_;  // answers to AAAA: answer.redirect_aaaa, or redirect_a mapped by dns64
    Rdata a_, aaaa_, alias_;
};

// "Kominfo order B-1234/2024" in the language; a long authority is cut at a UTF-8 boundary.
std::string extra_text(const policy::OrderRecord& order, const std::string& language);

// The structured form of EXTRA-TEXT: minified I-JSON with c (contacts), j (justification), o (organisation) and
// l (language of j and o). To fit max_extra_text, drops the reason in j, then j, then o and l, then contacts from
// the end.
std::string structured_text(const policy::OrderRecord& order, const policy::OrderTexts& texts,
                            const std::string& language);

}  // namespace saring
