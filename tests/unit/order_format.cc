// Writing an order document and reading it back.
#include "hostname/host_name.h"
#include "order_text.h"

namespace saring::test::order_format_test {
namespace {

void check_same(const order::Order& a, const order::Order& b) {
    CHECK(a.id == b.id);
    CHECK(a.authority == b.authority);
    CHECK(a.legal_basis == b.legal_basis);
    CHECK(a.category == b.category);
    CHECK(a.issued == b.issued);
    CHECK(a.effective == b.effective);
    CHECK(a.expires == b.expires);
    CHECK(a.deadline == b.deadline);
    CHECK(a.reason == b.reason);
    CHECK(a.contact == b.contact);
    CHECK(a.reference == b.reference);
    CHECK(a.clarification == b.clarification);
    CHECK(a.action == b.action);
    CHECK(a.regions == b.regions);
    CHECK(a.addresses == b.addresses);
    REQUIRE(a.domains.size() == b.domains.size());
    for (std::size_t i = 0; i < a.domains.size(); ++i) {
        CHECK(a.domains[i].name == b.domains[i].name);
        CHECK(a.domains[i].match == b.domains[i].match);
    }
    REQUIRE(a.revokes.size() == b.revokes.size());
    for (std::size_t i = 0; i < a.revokes.size(); ++i) {
        CHECK(a.revokes[i].order == b.revokes[i].order);
        CHECK(a.revokes[i].domain == b.revokes[i].domain);
        CHECK(a.revokes[i].match == b.revokes[i].match);
    }
}

order::Order reread(const order::Order& o) { return order::parse_order(format_order(o), "again"); }

}  // namespace

TEST_CASE("An order with every field survives writing and reading") {
    auto j = minimal();
    j["legal_basis"] = "Pasal 40 \"ayat\" (2b)\\";
    j["category"] = "election-hoax";
    j["effective"] = "2024-01-02T00:00:00Z";
    j["deadline"] = "2024-01-03T00:00:00Z";
    j["reason"] = {{"id", "hoaks: é ☃"}, {"en", "a hoax"}};
    j["contact"] = {"mailto:a@ministry.example", "tel:+62"};
    j["reference"] = "https://ministry.example/b-1";
    j["clarification"] = "https://facts.example/b-1";
    j["action"] = "redirect";
    j["regions"] = {"ID-JK", "ID-JB"};
    j["targets"] = {
        {{"domain", "a.example"}, {"match", "exact"}}, {{"domain", "b.example"}}, {{"address", "2001:db8::/32"}}};
    j["revokes"] = {{{"order", "B-0"}}, {{"order", "B-00"}, {"domain", "fact.example"}}};
    auto o = read(j);
    check_same(reread(o), o);
}

TEST_CASE("An order with the fewest fields survives writing and reading") {
    auto o = read(minimal());
    check_same(reread(o), o);
}

TEST_CASE("An order that only revokes survives writing and reading") {
    auto j = minimal();
    j.erase("targets");
    j["revokes"] = {{{"order", "B-0"}}};
    auto o = read(j);
    check_same(reread(o), o);
}

TEST_CASE("A written order is text that ends in a newline") {
    auto text = format_order(read(minimal()));
    CHECK(text.back() == '\n');
    CHECK(format_order(order::parse_order(text, "again")) == text);
}

TEST_CASE("Random orders survive writing and reading") {
    Random random(41);
    for (int round = 0; round < 300; ++round) {
        order::Order o;
        o.id = "B-" + std::to_string(round);
        o.authority = "Ministry";
        o.issued = static_cast<UnixTime>(random.below(2000000000));
        o.effective = o.issued + static_cast<UnixTime>(random.below(3));
        o.expires = o.effective + 1 + static_cast<UnixTime>(random.below(100000));
        if (random.one_in(2)) o.deadline = o.issued;
        if (random.one_in(2)) o.action = static_cast<policy::Action>(random.below(7));
        if (random.one_in(2)) o.regions = {"ID-JK"};
        for (std::size_t i = random.between(1, 5); i > 0; --i) {
            auto n = from_wire(random_wire(random, false));
            if (hostname::refuse_host(n)) n = name("x.example");
            o.domains.push_back({n, random.one_in(2) ? policy::Match::exact : policy::Match::subtree});
        }
        if (random.one_in(3)) o.revokes.push_back({"B-0", name("a.example")});
        check_same(reread(o), o);
    }
}

TEST_CASE("Only a lift of a subtree is written in the second format") {
    auto j = minimal();
    j["revokes"] = {{{"order", "B-0"}, {"domain", "fact.example"}}};
    auto o = read(j);
    CHECK(format_order(o).find("saring-order/1") != Bytes::npos);
    o.revokes[0].match = policy::Match::subtree;
    CHECK(format_order(o).find("saring-order/2") != Bytes::npos);
    check_same(reread(o), o);
}

}  // namespace saring::test::order_format_test
