// Marks the tool's own questions to a resolver (doctor, selftest), so that they are not recorded as hits: an EDNS
// option with a keyed hash of question and time, valid for a minute. Only readers of the module's key can make it, so a
// subscriber cannot hide from the hit log. The key file is beside the module's status file; Unbound's user creates it,
// the folder's group may read it.
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
    // From the range for local or experimental use (RFC 6891 section 9).
    static constexpr std::uint16_t edns_option = 65313;
    static constexpr UnixTime valid_seconds = 60;
    static constexpr std::size_t token_size = 8 + 16;  // bytes: time, keyed BLAKE2b of time and question

    // Nothing when there is no key, or it is not readable. `status_file`: module.status_file.
    static std::optional<ProbeKey> read(const std::string& status_file);
    // Creates the key when there is none. Throws Error.
    static std::optional<ProbeKey> read_or_create(const std::string& status_file);

    // `qname`: wire format (RFC 1035 section 3.1), uncompressed, lower case.
    Bytes token(ByteView qname, std::uint16_t qtype, UnixTime now) const;
    bool accepts(ByteView token, ByteView qname, std::uint16_t qtype, UnixTime now) const;

private:
    std::array<unsigned char, 32> key_{};
};

}  // namespace saring
