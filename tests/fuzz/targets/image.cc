// Damaged parts of an image file with a right hash: they are refused, or searched without harm. LMDB's pages are not
// tested, because the hash protects LMDB from damage.
//
// Input: which part u8 (0 a block of names, 1 claim sets, 2 addresses, 3 orders, 4 the footer, 5 `current`), its bytes.
#include "../fuzz.h"
#include "image/address_table.h"
#include "image/claim_sets.h"
#include "image/current.h"
#include "image/name_blocks.h"
#include "image/order_table.h"
#include "name/lookup_key.h"

namespace saring::fuzz {
namespace {

void search_block(ByteView block) {
    for (const char* text : {"hoax.example", "www.hoax.example", "z.a.b.hoax.example", "example", "x.test", "zz"}) {
        LookupKey key(OwnerName::parse(text));
        image::FoundName found[image::max_found];
        auto count = image::find_in_block(block, key, found);
        demand(count <= image::max_found, "more names found than there are labels");
        for (std::size_t i = 0; i < count; ++i)
            demand(found[i].labels <= key.labels(), "a name below the one asked for");
    }
    Bytes room;
    image::each_in_block(block, room, [](ByteView, image::SetId) { return true; });
}

void search_claims(ByteView section) {
    image::ClaimSets sets(section);
    for (image::SetId id = 0; id <= sets.size(); ++id) {
        auto claims = sets[id];
        for (std::size_t i = 0; i < claims.size(); ++i)
            demand(claims[i].match <= policy::last_match, "an unknown match");
    }
}

void search_addresses(ByteView section) {
    image::AddressTable table(section);
    for (const char* text : {"203.0.113.5", "203.0.113.4", "198.51.100.1", "2001:db8::1", "::"}) {
        image::FoundPrefix found[image::AddressTable::max_found];
        demand(table.find(Prefix::parse(text), found) <= image::AddressTable::max_found, "too many prefixes");
    }
    table.each([](const Prefix&, image::SetId) {});
}

}  // namespace

void one(ByteView input) {
    Input in(input);
    auto part = in.byte();
    Bytes bytes(in.rest());
    accepted(ErrorKind::database, [&] {
        switch (part % 6) {
            case 0: search_block(bytes); break;
            case 1: search_claims(bytes); break;
            case 2: search_addresses(bytes); break;
            case 3: image::read_orders(bytes); break;
            case 4: image::decode_footer(bytes); break;
            case 5: image::parse_current(bytes); break;
        }
    });
}

}  // namespace saring::fuzz
