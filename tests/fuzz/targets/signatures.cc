// minisign's three kinds of file, and TSIG keys. The first byte chooses.
#include "../fuzz.h"
#include "transfer/tsig_key.h"
#include "trust/trust.h"

namespace saring::fuzz {

void one(ByteView input) {
    using namespace trust::minisign;
    Input in(input);
    switch (in.byte() % 4) {
        case 0:
            accepted(ErrorKind::trust, [&] {
                auto text = in.rest();
                auto signature = Signature::parse(text, "s");
                auto again = Signature::parse(signature.format(), "s");
                demand(again.signature == signature.signature && again.trusted_comment == signature.trusted_comment,
                       "a signature that changes when written");
                // It was not made by our key, whatever it contains.
                static const SecretKey other = SecretKey::generate();
                trust::TrustPolicy policy;
                policy.keys.push_back({"k", other.public_key(), {trust::KeyRole::order}, {}, {}, {}});
                policy.keys[0].key.id = signature.id;
                auto report = check_signatures(policy, trust::KeyRole::order, "document", {{"s", Bytes(text)}}, 0);
                demand(!report.met(), "a signature that nobody made counts");
            });
            break;
        case 1:
            accepted(ErrorKind::trust, [&] {
                auto key = PublicKey::parse(in.rest(), "k");
                auto again = PublicKey::parse(key.base64(), "k");
                demand(again.id == key.id && again.key == key.key, "a public key that changes when written");
            });
            break;
        case 2:
            accepted(ErrorKind::trust, [&] {
                auto text = in.rest();
                if (SecretKey::needs_password(text, "k")) return;  // deriving a key takes a second
                auto key = SecretKey::parse(text, "", "k");
                auto again = SecretKey::parse(key.format(""), "", "k");
                demand(again.public_key().key == key.public_key().key, "a secret key that changes when written");
            });
            break;
        case 3:
            accepted(ErrorKind::usage, [&] {
                demand(!transfer::parse_tsig_key(in.rest(), "k").octets.empty(), "a TSIG key without a secret");
            });
            break;
    }
}

}  // namespace saring::fuzz
