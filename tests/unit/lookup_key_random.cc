// Properties of lookup format for random names of arbitrary octets.
#include <algorithm>

#include "support.h"

namespace saring::test::lookup_key_random_test {
namespace {

std::vector<OwnerName> random_names(std::uint32_t seed, int count) {
    Random random(seed);
    std::vector<OwnerName> out;
    while (static_cast<int>(out.size()) < count) {
        // Half of them are children of another name, for depth.
        auto wire = random_wire(random, true);
        if (!out.empty() && random.one_in(2)) {
            Bytes below = wire.substr(0, wire.size() - 1).substr(0, static_cast<std::size_t>(wire[0]) + 1);
            Bytes joined = (wire[0] == 0 ? Bytes() : below) + Bytes(random.pick(out).wire());
            if (joined.size() <= OwnerName::max_wire) wire = joined;
        }
        out.push_back(from_wire(wire));
    }
    return out;
}

// The labels from the root downwards: an independent representation of a name.
std::vector<Bytes> labels_down(const OwnerName& n) {
    std::vector<Bytes> out;
    for (std::size_t at = 0; n.wire()[at] != 0; at += static_cast<std::size_t>(n.wire()[at]) + 1)
        out.emplace_back(n.wire().substr(at + 1, static_cast<std::size_t>(n.wire()[at])));
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace

TEST_CASE("Random names survive conversion to lookup key and back") {
    for (const auto& n : random_names(10, 20000)) {
        LookupKey key(n);
        if (key.view().size() > LookupKey::max_size || name_of_key(key.view()) != n) FAIL(n.to_string());
        if (key.labels() != n.label_count()) FAIL(n.to_string());
    }
}

TEST_CASE("Keys sort like their names compared label by label from the root") {
    auto names = random_names(11, 400);
    for (const auto& a : names)
        for (const auto& b : names) {
            bool by_key = LookupKey(a).view() < LookupKey(b).view();
            if (by_key != (labels_down(a) < labels_down(b))) FAIL(a.to_string() << " and " << b.to_string());
        }
}

TEST_CASE("A name is in a subtree exactly when its key begins with the key of the apex") {
    auto names = random_names(12, 400);
    for (const auto& a : names)
        for (const auto& b : names) {
            LookupKey ka(a), kb(b);
            bool in_range = ka.view().substr(0, kb.view().size()) == kb.view();
            if (in_range != a.is_at_or_below(b)) FAIL(a.to_string() << " and " << b.to_string());
        }
}

TEST_CASE("The names of a subtree are contiguous in key order") {
    auto names = random_names(13, 500);
    std::sort(names.begin(), names.end(),
              [](const auto& a, const auto& b) { return LookupKey(a).view() < LookupKey(b).view(); });
    for (const auto& apex : names) {
        auto inside = [&](const OwnerName& n) { return n.is_at_or_below(apex); };
        auto first = std::find_if(names.begin(), names.end(), inside);
        auto behind = std::find_if_not(first, names.end(), inside);
        if (std::any_of(behind, names.end(), inside)) FAIL(apex.to_string());
    }
}

TEST_CASE("Random bytes are an invalid key or the key of the decoded name") {
    Random random(14);
    for (int round = 0; round < 50000; ++round) {
        Bytes key(random.between(0, 10), '\0');
        for (char& c : key) c = static_cast<char>(random.one_in(2) ? random.below(4) : random.octet());
        if (random.one_in(2)) key += '\0';
        auto e = error_of([&] {
            if (LookupKey(name_of_key(key)).view() != key) FAIL("round " << round);
        });
        if (e && e->kind() != ErrorKind::database) FAIL(e->what());
    }
}

}  // namespace saring::test::lookup_key_random_test
