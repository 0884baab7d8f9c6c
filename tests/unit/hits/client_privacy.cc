#include <sys/stat.h>

#include "hits/pseudonym_key.h"
#include "hits_support.h"

namespace saring::test::hits_client_privacy_test {

TEST_CASE("A client's network loses its host bits, whatever its length") {
    CHECK(hits::client_text(hits::stored_client(hits::network_of(Prefix::parse("192.0.2.255"), 24, 48))) == "192.0.2.0/24");
    CHECK(hits::client_text(hits::stored_client(hits::network_of(Prefix::parse("192.0.2.255"), 30, 48))) == "192.0.2.252/30");
    CHECK(hits::client_text(hits::stored_client(hits::network_of(Prefix::parse("2001:db8:1:2:3::9"), 24, 48))) == "2001:db8:1::/48");
    CHECK(hits::client_text(hits::stored_client(hits::network_of(Prefix::parse("2001:db8:ffff::9"), 24, 33))) == "2001:db8:8000::/33");
    CHECK(hits::client_text(hits::stored_client(hits::network_of(Prefix::parse("192.0.2.255"), 32, 128))) == Prefix::parse("192.0.2.255").to_string());
}

TEST_CASE("What is shown of a client can be given back to a filter") {
    hits::PseudonymKey key{};
    for (const Bytes& stored : {hits::stored_client(Prefix::parse("192.0.2.0/24")), hits::stored_client(Prefix::parse("2001:db8::1")),
                                hits::stored_pseudonym(Prefix::parse("192.0.2.1"), key)})
        CHECK(hits::parse_client(hits::client_text(stored)) == stored);
    for (const char* bad : {"", "~", "~123", "~zz9a0c1d2e4b5f60", "host.example", "192.0.2.1/24"}) require_error(ErrorKind::usage, [&] { hits::parse_client(bad); });
}

TEST_CASE("A network is met by what lies in it and by what covers it, a pseudonym by itself only") {
    auto stored = [](const char* text) { return hits::parse_client(text); };
    CHECK(hits::clients_meet(stored("192.0.2.0/24"), stored("192.0.2.7")));
    CHECK(hits::clients_meet(stored("192.0.2.7"), stored("192.0.2.0/24")));
    CHECK_FALSE(hits::clients_meet(stored("192.0.2.0/24"), stored("192.0.3.7")));
    CHECK_FALSE(hits::clients_meet(stored("192.0.2.0/24"), stored("2001:db8::/32")));
    CHECK_FALSE(hits::clients_meet(stored("~3f9a0c1d2e4b5f60"), stored("192.0.2.0/24")));
    CHECK_FALSE(hits::clients_meet("", stored("192.0.2.0/24")));
}

TEST_CASE("Pseudonyms hold for a period, for all resolvers of a machine, and change with the key") {
    HitsStore store;
    store.config.key_days = 2;
    hits::PseudonymKeeper one(store.config), other(store.config);
    hits::Microseconds day_us = 86400 * hits::second_us, start = 1000 * 2 * day_us;
    auto client = Prefix::parse("192.0.2.7");
    auto first = hits::stored_pseudonym(client, one.key(*store.db, start));
    CHECK(hits::stored_pseudonym(client, other.key(*store.db, start + 2 * day_us - 1)) == first);
    CHECK(hits::stored_pseudonym(Prefix::parse("192.0.2.8"), one.key(*store.db, start)) != first);
    CHECK(hits::stored_pseudonym(client, one.key(*store.db, start + 2 * day_us)) != first);
    struct stat s {};
    REQUIRE(::stat((store.config.path + "/pseudonym.key").c_str(), &s) == 0);
    CHECK((s.st_mode & 0777) == 0600);
}

}  // namespace saring::test::hits_client_privacy_test
