#include "list/targets.h"

#include <sodium.h>

#include "net/prefix.h"

namespace saring::list {

Bytes Targets::digest() const {
    Bytes out = names.digest();
    if (addresses.empty()) return out;
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, out.size());
    auto add = [&](ByteView some) {
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(some.data()), some.size());
    };
    add(out);
    for (const auto& p : addresses) add(prefix_key(p));
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(out.data()), out.size());
    return out;
}

}  // namespace saring::list
