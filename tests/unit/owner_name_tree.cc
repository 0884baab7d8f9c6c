// Ancestors and descendants: names are compared by label, not as strings.
#include "support.h"

namespace saring::test::owner_name_tree_test {

TEST_CASE("The parent of a name lacks its first label") {
    CHECK(name("www.hoax.example").parent() == name("hoax.example"));
    CHECK(name("example").parent().is_root());
    CHECK(name(".").parent().is_root());
}

TEST_CASE("A suffix has the last labels, at most all") {
    auto n = name("a.b.example");
    CHECK(n.suffix(0).is_root());
    CHECK(n.suffix(1) == name("example"));
    CHECK(n.suffix(2) == name("b.example"));
    CHECK(n.suffix(3) == n);
    CHECK(n.suffix(100) == n);
}

TEST_CASE("The labels of a name are counted without the root") {
    CHECK(name(".").label_count() == 0);
    CHECK(name("example").label_count() == 1);
    CHECK(name("a.b.c.example").label_count() == 4);
}

TEST_CASE("A name is at or below itself and each of its ancestors") {
    auto n = name("www.hoax.example");
    for (const char* above : {"www.hoax.example", "hoax.example", "example", "."}) {
        INFO(above);
        CHECK(n.is_at_or_below(name(above)));
    }
}

TEST_CASE("A name is not below its children or siblings or cousins") {
    auto n = name("hoax.example");
    for (const char* other : {"www.hoax.example", "fact.example", "hoax.test", "hoax.example.test"}) {
        INFO(other);
        CHECK_FALSE(n.is_at_or_below(name(other)));
    }
}

TEST_CASE("A name that only ends in the same letters is not below the other") {
    CHECK_FALSE(name("nothoax.example").is_at_or_below(name("hoax.example")));
    // Equal octets at the end of the wire format, but not at a label boundary.
    CHECK_FALSE(from_wire(octets("\7ab\4hoax\0")).is_at_or_below(name("hoax")));
}

TEST_CASE("Names with different label boundaries are different") {
    CHECK(name("a.b") != name("a\\.b"));
    CHECK(name("ab.c") != name("a.bc"));
}

}  // namespace saring::test::owner_name_tree_test
