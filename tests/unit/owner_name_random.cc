// Round trips of random names with all 256 octets.
#include "support.h"

namespace saring::test::owner_name_random_test {

TEST_CASE("Random names of arbitrary octets survive conversion to text and back") {
    Random random(2);
    for (int round = 0; round < 20000; ++round) {
        auto n = from_wire(random_wire(random, random.one_in(2)));
        if (name(n.to_string()) != n) FAIL("round " << round << ": " << n.to_string());
        if (!n.is_root() && name(n.to_string() + ".") != n) FAIL("final dot: " << n.to_string());
    }
}

TEST_CASE("Random names survive conversion to wire format and back") {
    Random random(3);
    for (int round = 0; round < 20000; ++round) {
        auto n = from_wire(random_wire(random, random.one_in(2)));
        if (from_wire(n.wire()) != n) FAIL("round " << round << ": " << n.to_string());
    }
}

TEST_CASE("Every suffix of a random name is an ancestor of it and of longer suffixes") {
    Random random(4);
    for (int round = 0; round < 2000; ++round) {
        auto n = from_wire(random_wire(random, true));
        auto up = n;
        for (std::size_t labels = n.label_count(); labels-- > 0;) {
            auto above = up.parent();
            if (above != n.suffix(labels) || !up.is_at_or_below(above) || above.is_at_or_below(up)) FAIL(n.to_string());
            up = above;
        }
        if (!up.is_root()) FAIL(n.to_string());
    }
}

TEST_CASE("Random text is refused or reads back to the same name") {
    static constexpr std::string_view alphabet = "aZ0.\\-_ \x7f\xc3*@";
    Random random(5);
    for (int round = 0; round < 20000; ++round) {
        std::string text(random.between(0, 12), '\0');
        for (char& c : text) c = alphabet[random.below(alphabet.size())];
        // error_of lets every exception but Error through, which would fail this test.
        error_of([&] {
            auto n = name(text);
            if (name(n.to_string()) != n) FAIL(text);
        });
    }
}

}  // namespace saring::test::owner_name_random_test
