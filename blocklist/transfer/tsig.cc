#include "transfer/tsig.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace saring::transfer {
namespace {

constexpr std::uint16_t fudge_seconds = 300;
constexpr std::uint16_t class_any = 255;
constexpr std::size_t header_size = 12;

// Fields of the TSIG RDATA, in sequence (RFC 8945 section 4.2).
enum Field : std::size_t { algorithm, time_signed, fudge, mac, original_id, error, other, fields };

void put16(Bytes& out, std::size_t v) {
    out.push_back(static_cast<char>(v >> 8 & 0xff));
    out.push_back(static_cast<char>(v & 0xff));
}
std::size_t get16(ByteView in, std::size_t at) {
    return static_cast<unsigned char>(in[at]) * 256u + static_cast<unsigned char>(in[at + 1]);
}

ByteView data(const ldns_rr* rr, Field field) {
    const auto* rdf = ldns_rr_rdf(rr, field);
    return {reinterpret_cast<const char*>(ldns_rdf_data(rdf)), ldns_rdf_size(rdf)};
}
ByteView sized_data(const ldns_rr* rr, Field field) {
    auto all = data(rr, field);
    return all.size() < 2 ? ByteView() : all.substr(2);
}
std::uint64_t number(ByteView octets) { return from_be(octets); }

// The position after a name in wire format; npos if it exceeds the message.
std::size_t skip_name(ByteView wire, std::size_t at) {
    while (at < wire.size()) {
        auto size = static_cast<unsigned char>(wire[at]);
        if (size == 0) return at + 1;
        if (size >= 0xc0) return at + 2;
        at += 1u + size;
    }
    return ByteView::npos;
}

// The position of the message's last record, which libldns does not provide.
std::size_t last_record(ByteView wire) {
    std::size_t questions = get16(wire, 4), records = get16(wire, 6) + get16(wire, 8) + get16(wire, 10),
                at = header_size, begin = ByteView::npos;
    for (; questions > 0 && at < wire.size(); --questions) at = skip_name(wire, at) + 4;
    for (; records > 0 && at < wire.size(); --records) {
        begin = at;
        at = skip_name(wire, at);
        if (at > wire.size() || wire.size() - at < 10) return ByteView::npos;
        at += 10 + get16(wire, at + 8);
    }
    return at == wire.size() && records == 0 ? begin : ByteView::npos;
}

Bytes hmac(const TsigKey& key, ByteView text) {
    const EVP_MD* md = key.algorithm == "hmac-sha1"     ? EVP_sha1()
                       : key.algorithm == "hmac-sha512" ? EVP_sha512()
                                                        : EVP_sha256();
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!HMAC(md, key.octets.data(), static_cast<int>(key.octets.size()),
              reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &size))
        throw Error(ErrorKind::trust, "libcrypto", msg("cannot compute %1", key.algorithm),
                    msg("check the installation"));
    return {reinterpret_cast<const char*>(out), size};
}

const char* error_name(std::uint64_t code) {
    switch (code) {
        case 16: return "BADSIG";
        case 17: return "BADKEY";
        case 18: return "BADTIME";
        case 22: return "BADTRUNC";
    }
    return "an error";
}

}  // namespace

void TsigSession::refuse(const Message& why, const Message& remedy) const {
    throw Error(ErrorKind::trust, server_, why, remedy);
}

void TsigSession::sign(ldns_pkt* request) {
    auto name = key_.name.to_string() + ".", method = key_.algorithm + ".";
    auto status =
        ldns_pkt_tsig_sign(request, name.c_str(), key_.secret.c_str(), fudge_seconds, method.c_str(), nullptr);
    if (status != LDNS_STATUS_OK)
        throw Error(ErrorKind::trust, msg("TSIG key %1", key_.name.to_string()),
                    msg("cannot sign: %1", ldns_get_errorstr_by_id(status)), msg("check the key's file"));
    mac_ = sized_data(ldns_pkt_tsig(request), mac);
}

void TsigSession::check_fields(const ldns_rr* tsig, UnixTime now) const {
    if (ldns_rr_rd_count(tsig) < fields) refuse(msg("sent an invalid TSIG record"), msg("ask the server's operator"));
    OwnerName name, method;
    auto as_name = [](const ldns_rdf* rdf, OwnerName& out) {
        return OwnerName::from_wire(ldns_rdf_data(rdf), ldns_rdf_size(rdf), out);
    };
    if (!as_name(ldns_rr_owner(tsig), name) || !as_name(ldns_rr_rdf(tsig, algorithm), method))
        refuse(msg("sent an invalid TSIG record"), msg("ask the server's operator"));
    if (auto code = number(data(tsig, error)); code != 0)
        refuse(msg("does not accept the TSIG signature: %1", error_name(code)),
               code == 18 ? msg("set this machine's clock, or the server's")
                          : msg("compare key %1, its algorithm and its secret on both sides", key_.name.to_string()));
    if (name != key_.name || method.to_string() != key_.algorithm)
        refuse(msg("signs with key %1 (%2) instead of %3 (%4)", name.to_string(), method.to_string(),
                   key_.name.to_string(), key_.algorithm),
               msg("compare the keys on both sides"));
    auto when = static_cast<UnixTime>(number(data(tsig, time_signed)));
    auto slack = static_cast<UnixTime>(number(data(tsig, fudge)));
    if (std::abs(now - when) > slack)
        refuse(msg("signed at %1, more than %2 seconds from now: an old answer sent again, or a wrong clock",
                   format_rfc3339(when), slack),
               msg("set this machine's clock, or the server's"));
}

void TsigSession::check(ByteView wire, const ldns_pkt* packet, UnixTime now) {
    const ldns_rr* tsig = ldns_pkt_tsig(packet);
    if (!tsig) {
        if (first_)
            refuse(msg("did not sign its answer"),
                   msg("check that the server knows TSIG key %1", key_.name.to_string()));
        if (++unsigned_ > max_unsigned)
            refuse(msg("sent more than 99 messages without a TSIG signature"), msg("ask the server's operator"));
        since_signed_ += wire;
        return;
    }
    check_fields(tsig, now);
    auto begin = last_record(wire);
    if (begin == ByteView::npos)
        refuse(msg("sent a message whose TSIG record is not its last"), msg("ask the server's operator"));

    // The message as it was signed: with its original id and without the TSIG record.
    Bytes message(wire.substr(0, begin));
    message.replace(0, 2, data(tsig, original_id));
    Bytes count;
    put16(count, get16(wire, 10) - 1);
    message.replace(10, 2, count);

    Bytes text;
    put16(text, mac_.size());
    text += mac_ + since_signed_ + message;
    if (first_) {
        text += Bytes(key_.name.wire());
        put16(text, class_any);
        text.append(4, '\0');  // TTL
        text += Bytes(OwnerName::parse(key_.algorithm).wire());
    }
    text += Bytes(data(tsig, time_signed)) + Bytes(data(tsig, fudge));
    if (first_) text += Bytes(data(tsig, error)) + Bytes(data(tsig, other));
    Bytes expected = hmac(key_, text);
    auto given = sized_data(tsig, mac);
    if (given.size() != expected.size() || CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0)
        refuse(msg("sent a wrong TSIG signature (BADSIG)"),
               msg("compare key %1 on both sides; the connection may be intercepted", key_.name.to_string()));
    mac_ = given;
    since_signed_.clear();
    unsigned_ = 0;
    first_ = false;
}

void TsigSession::finish() const {
    if (first_ || unsigned_ > 0) refuse(msg("did not sign the end of its answer"), msg("ask the server's operator"));
}

}  // namespace saring::transfer
