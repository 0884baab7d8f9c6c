// Which signatures count: keys by name with a role and a validity period, and how
// many distinct keys an order needs. Two approvers stand between one person's
// mistake and a country's resolvers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "trust/minisign.h"

namespace saring::trust {

enum class KeyRole { order, feed };

struct TrustedKey {
    std::string name;
    minisign::PublicKey key;
    std::vector<KeyRole> roles;
    std::optional<UnixTime> valid_from, valid_until;  // [from, until)
    // Lost or stolen: from then on none of its signatures counts. Whoever holds the key can
    // date a signature back, so it is the time of checking that decides, never the signature's.
    std::optional<UnixTime> revoked;
};

struct TrustPolicy {
    unsigned threshold = 1;  // distinct keys an order needs
    std::vector<TrustedKey> keys;
};

// Why the key does not count now in this role; empty: it does.
Message why_not_trusted(const TrustedKey& key, KeyRole role, UnixTime now);

// A signature file as found.
struct SignatureFile {
    std::string source;
    Bytes content;
};

struct SignatureVerdict {
    std::string source;
    std::string key_id;           // empty when the file is no signature
    std::string key_name;         // empty when the key is unknown
    std::string trusted_comment;  // empty unless the signature holds
    bool valid = false;           // the signature holds for these bytes
    bool trusted = false;         // valid, by a key that counts now in this role
    Message problem;              // why it does not count
};

struct TrustReport {
    std::vector<SignatureVerdict> signatures;
    unsigned threshold = 0;
    unsigned trusted_keys = 0;  // distinct
    bool met() const { return trusted_keys >= threshold && trusted_keys > 0; }
    std::string names() const;  // of the keys that count, comma separated
};

TrustReport check_signatures(const TrustPolicy& policy, KeyRole role, ByteView document,
                             const std::vector<SignatureFile>& signatures, UnixTime now);

// Whether an order that these keys signed (TrustReport::names) would still have enough of
// them, had the revoked ones never signed. Keys that only expired count.
bool withstands_revocation(const TrustPolicy& policy, const std::string& signers, UnixTime now);

// Throws Error(trust) that says what each signature lacks.
void require_trust(const TrustReport& report, const std::string& source);

}  // namespace saring::trust
