// Lookup format: the properties that make a subtree one range of keys.
#include "support.h"

namespace saring::test::lookup_key_test {

TEST_CASE("A lookup key has the labels from the root downwards, each ended by a zero byte") {
    CHECK(key_of("www.hoax.example") == octets("example\0hoax\0www\0"));
    CHECK(key_of(".").empty());
}

TEST_CASE("A lookup key does not depend on letter case") {
    CHECK(key_of("WWW.Hoax.EXAMPLE") == key_of("www.hoax.example"));
}

TEST_CASE("Octets 0 and 1 in a label are escaped, so that label boundaries are unambiguous") {
    CHECK(key_of("\\000.example") == octets("example\0\1\1\0"));
    CHECK(key_of("\\001.example") == octets("example\0\1\2\0"));
    CHECK(key_of("\\002.example") == octets("example\0\2\0"));
    // Without the escape both would be "example\0a\0".
    CHECK(key_of("a\\000.example") != key_of("\\000a.example"));
    CHECK(key_of("a.b") != key_of("a\\000b"));
}

TEST_CASE("The key of an ancestor is a prefix of the key") {
    LookupKey key(name("www.hoax.example"));
    CHECK(key.labels() == 3);
    CHECK(key.ancestor(0).empty());
    CHECK(key.ancestor(1) == key_of("example"));
    CHECK(key.ancestor(2) == key_of("hoax.example"));
    CHECK(key.ancestor(3) == key.view());
}

TEST_CASE("The key of a name that only ends in the same letters is outside the subtree") {
    Bytes hoax = key_of("hoax.example");
    for (const char* other :
         {"nothoax.example", "hoaxy.example", "hoa.example", "hoax-2.example", "hoax\\000.example"}) {
        INFO(other);
        CHECK(ByteView(key_of(other)).substr(0, hoax.size()) != hoax);
    }
}

TEST_CASE("The whole labels in a prefix of a key are counted") {
    LookupKey key(name("www.hoax.example"));  // example\0 hoax\0 www\0
    CHECK(key.labels_within(0) == 0);
    CHECK(key.labels_within(7) == 0);
    CHECK(key.labels_within(8) == 1);
    CHECK(key.labels_within(12) == 1);
    CHECK(key.labels_within(13) == 2);
    CHECK(key.labels_within(16) == 2);
    CHECK(key.labels_within(17) == 3);
    CHECK(LookupKey(name(".")).labels_within(0) == 0);
}

TEST_CASE("The longest possible key fits into LMDB and keeps its name") {
    // Four labels need the fewest length octets, and zeros take two bytes each.
    Bytes wire;
    for (std::size_t length : {63, 63, 63, 61}) wire += static_cast<char>(length) + Bytes(length, '\0');
    wire += '\0';
    auto longest = from_wire(wire);
    LookupKey key(longest);
    CHECK(longest.wire().size() == 255);
    CHECK(key.view().size() == 504);
    CHECK(key.view().size() <= LookupKey::max_size);
    CHECK(LookupKey::max_size <= 511);
    CHECK(name_of_key(key.view()) == longest);
}

TEST_CASE("The key of a name with the most labels keeps its name") {
    std::string text = "a";
    for (int i = 1; i < 127; ++i) text += ".\\000";
    LookupKey key(name(text));
    CHECK(key.labels() == 127);
    CHECK(name_of_key(key.view()) == name(text));
}

TEST_CASE("Bytes that are not a lookup key are reported as corruption") {
    auto corrupt = [](const Bytes& key) {
        INFO(Catch::Detail::stringify(key));
        require_error(ErrorKind::database, [&] { name_of_key(key); }, {"lookup format"});
    };
    corrupt("example");  // no final zero
    corrupt(octets("example\0hoax"));
    corrupt(octets("\0"));  // an empty label
    corrupt(octets("example\0\0"));
    corrupt(octets("a\1"));    // a truncated escape
    corrupt(octets("a\1\0"));  // an invalid escape
    corrupt(octets("a\1\3\0"));
    corrupt(octets("Example\0"));    // keys are lower case
    corrupt(Bytes(64, 'a') + '\0');  // a label that is too long
    corrupt(octets("example\0") + Bytes(600, 'a'));
    Bytes too_long;
    for (int i = 0; i < 128; ++i) too_long += octets("a\0");
    corrupt(too_long);
}

TEST_CASE("The empty key is the root") { CHECK(name_of_key("").is_root()); }

}  // namespace saring::test::lookup_key_test
