// A TSIG key (RFC 8945) for zone transfers, in the format that BIND, Knot and NSD share: a file with one clause
//   key "name" { algorithm hmac-sha256; secret "base64"; };
// as written by tsig-keygen. The file must be readable only by the tool's user.
#pragma once

#include <string>

#include "base/bytes.h"
#include "name/owner_name.h"

namespace saring::transfer {

struct TsigKey {
    OwnerName name;
    std::string algorithm;  // hmac-sha1, hmac-sha256 or hmac-sha512, those that libldns can sign with
    std::string secret;     // base64
    Bytes octets;           // the decoded secret
};

// Both throw Error(usage) naming the file and the error, and never show the secret.
TsigKey parse_tsig_key(ByteView text, const std::string& source);
TsigKey read_tsig_key(const std::string& path);

}  // namespace saring::transfer
