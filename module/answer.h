// The answer a verdict calls for, as wire data: RCODE, RRsets and the EDNS options
// that say why (RFC 8914).
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

// Makes blocking answers. What those of one configuration have in common is worked out
// once. Used by all workers at once.
class Answerer {
public:
    explicit Answerer(const config::Config& config);  // which must outlive it

    // Gives the query the answer of a verdict that blocks it. The image's serial becomes the SOA
    // serial, so that an answer shows which state made it. False: out of memory.
    bool answer_blocked(const saring_query& query, const policy::Verdict& verdict, const image::Image& image,
                        Reasons& reasons) const;
    // The data of the extended DNS error that names this order of the image; in its structured form for clients that
    // ask for it.
    const Bytes& reason(const policy::OrderRecord& order, policy::OrderIndex index, const image::Image& image,
                        bool structured, Reasons& reasons) const;
    // Option code by which a client asks for the structured form; 0: none.
    std::uint16_t structured_option() const {
        return static_cast<std::uint16_t>(config_.answer.structured_error_option);
    }
    // SERVFAIL: there is no image to judge by.
    saring_step say_not_ready(const saring_query& query) const;

private:
    // The rdata of an RRset, as the glue takes it.
    struct Rdata {
        std::vector<const std::uint8_t*> octets;
        std::vector<std::uint16_t> lengths;
    };
    static Rdata addresses(const std::vector<Prefix>& from, std::uint16_t octets);
    Bytes make_reason(const policy::OrderRecord& order, const policy::OrderTexts& texts, bool structured) const;

    const config::Config& config_;
    Bytes soa_;                // rdata, its serial and MINIMUM still 0
    OwnerName landing_;        // the root: none
    std::vector<Prefix> six_;  // what AAAA is redirected to
    Rdata a_, aaaa_, alias_;
};

// "Kominfo order B-1234/2024" in the language, cut at a UTF-8 boundary.
std::string extra_text(const policy::OrderRecord& order, const std::string& language);

// The structured form of EXTRA-TEXT for a client that asked for it: minified I-JSON
// with c (contacts), j (justification), o (organisation), l (their language). Over
// max_extra_text first the reason goes, then j, o with l, the last contacts.
std::string structured_text(const policy::OrderRecord& order, const policy::OrderTexts& texts,
                            const std::string& language);

}  // namespace saring
