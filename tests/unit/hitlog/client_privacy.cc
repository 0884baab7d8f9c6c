#include <sys/stat.h>

#include "hitlog/pseudonym_key.h"
#include "hitlog_support.h"

namespace saring::hitlog::test {

TEST_CASE("network_of() clears the host bits at any prefix length") {
    CHECK(client_text(stored_client(network_of(Prefix::parse("192.0.2.255"), 24, 48))) == "192.0.2.0/24");
    CHECK(client_text(stored_client(network_of(Prefix::parse("192.0.2.255"), 30, 48))) == "192.0.2.252/30");
    CHECK(client_text(stored_client(network_of(Prefix::parse("2001:db8:1:2:3::9"), 24, 48))) == "2001:db8:1::/48");
    CHECK(client_text(stored_client(network_of(Prefix::parse("2001:db8:ffff::9"), 24, 33))) == "2001:db8:8000::/33");
    CHECK(client_text(stored_client(network_of(Prefix::parse("192.0.2.255"), 32, 128))) ==
          Prefix::parse("192.0.2.255").to_string());
}

TEST_CASE("The text of a client can be used as a filter") {
    PseudonymKey key{};
    for (const Bytes& stored :
         {stored_client(Prefix::parse("192.0.2.0/24")), stored_client(Prefix::parse("2001:db8::1")),
          stored_pseudonym(Prefix::parse("192.0.2.1"), key)})
        CHECK(parse_client(client_text(stored)) == stored);
    for (const char* bad : {"", "~", "~123", "~zz9a0c1d2e4b5f60", "host.example", "192.0.2.1/24"})
        require_error(ErrorKind::usage, [&] { parse_client(bad); });
}

TEST_CASE("A network matches networks within it and around it; a pseudonym matches only itself") {
    auto stored = [](const char* text) { return parse_client(text); };
    CHECK(clients_meet(stored("192.0.2.0/24"), stored("192.0.2.7")));
    CHECK(clients_meet(stored("192.0.2.7"), stored("192.0.2.0/24")));
    CHECK_FALSE(clients_meet(stored("192.0.2.0/24"), stored("192.0.3.7")));
    CHECK_FALSE(clients_meet(stored("192.0.2.0/24"), stored("2001:db8::/32")));
    CHECK_FALSE(clients_meet(stored("~3f9a0c1d2e4b5f60"), stored("192.0.2.0/24")));
    CHECK_FALSE(clients_meet("", stored("192.0.2.0/24")));
}

TEST_CASE("All resolvers of a folder share pseudonyms, which change with the key of each period") {
    Log store;
    PseudonymKeeper one(store.options.path, 2), other(store.options.path, 2);
    Microseconds start = 1000 * 2 * day_us;
    auto client = Prefix::parse("192.0.2.7");
    auto first = stored_pseudonym(client, one.key(start));
    CHECK(stored_pseudonym(client, other.key(start + 2 * day_us - 1)) == first);
    CHECK(stored_pseudonym(Prefix::parse("192.0.2.8"), one.key(start)) != first);
    CHECK(stored_pseudonym(client, one.key(start + 2 * day_us)) != first);
    struct stat s {};
    REQUIRE(::stat((store.options.path + "/pseudonym-1001.key").c_str(), &s) == 0);
    CHECK(::stat((store.options.path + "/pseudonym-1000.key").c_str(), &s) != 0);
    REQUIRE(::stat((store.options.path + "/pseudonym-1001.key").c_str(), &s) == 0);
    CHECK((s.st_mode & 0777) == 0600);
}

}  // namespace saring::hitlog::test
