// How the tool's own questions to a resolver (doctor, selftest) are told from subscribers': an EDNS option that
// only whoever can read the module's key can make, for one question and a minute. So no subscriber can pass for a
// probe and keep out of the hits. The key lies beside the module's status file; Unbound's user makes it, and the
// group of the folder reads it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace saring {

class ProbeKey {
public:
    // From the range for local use (RFC 6891 section 9).
    static constexpr std::uint16_t edns_option = 65313;
    static constexpr UnixTime valid_seconds = 60;
    static constexpr std::size_t token_size = 8 + 16;  // time, BLAKE2b of time and question

    // Nothing when there is none, or none that may be read. `status_file`: module.status_file.
    static std::optional<ProbeKey> read(const std::string& status_file);
    // Makes one when there is none. Throws Error.
    static std::optional<ProbeKey> read_or_create(const std::string& status_file);

    // `qname`: uncompressed wire format, lower case.
    Bytes token(ByteView qname, std::uint16_t qtype, UnixTime now) const;
    bool accepts(ByteView token, ByteView qname, std::uint16_t qtype, UnixTime now) const;

private:
    std::array<unsigned char, 32> key_{};
};

}  // namespace saring
