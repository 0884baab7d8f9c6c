// The key that a zone transfer is signed with (TSIG, RFC 8945), as BIND, Knot and NSD
// share it: a file with one clause
//   key "name" { algorithm hmac-sha256; secret "base64"; };
// which tsig-keygen writes. The file belongs to whoever runs the tool and to nobody else.
#pragma once

#include <string>

#include "base/bytes.h"
#include "name/owner_name.h"

namespace saring::transfer {

struct TsigKey {
    OwnerName name;
    std::string algorithm;  // hmac-sha1, hmac-sha256 or hmac-sha512, which libldns can sign with
    std::string secret;     // base64
    Bytes octets;           // of the secret
};

// Throw Error(usage) naming the file and what is wrong; never showing the secret.
TsigKey parse_tsig_key(ByteView text, const std::string& source);
TsigKey read_tsig_key(const std::string& path);

}  // namespace saring::transfer
