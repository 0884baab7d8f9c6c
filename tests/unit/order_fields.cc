// Every field of an order document.
#include "order_text.h"

namespace saring::test::order_fields_test {

TEST_CASE("An order with the required fields and one target is read") {
    auto o = read(minimal());
    CHECK(o.id == "B-1/2024");
    CHECK(o.authority == "Ministry of Examples");
    CHECK(o.issued == at("2024-01-01T00:00:00Z"));
    CHECK(o.expires == at("2025-01-01T00:00:00Z"));
    REQUIRE(o.domains.size() == 1);
    CHECK(o.domains[0].name == name("hoax.example"));
}

TEST_CASE("Fields left out have their defaults") {
    auto o = read(minimal());
    CHECK(o.effective == o.issued);
    CHECK_FALSE(o.deadline);
    CHECK_FALSE(o.action);
    CHECK(o.domains[0].match == policy::Match::subtree);
    CHECK(o.legal_basis.empty());
    CHECK(o.category.empty());
    CHECK(o.reason.empty());
    CHECK(o.contact.empty());
    CHECK(o.reference.empty());
    CHECK(o.clarification.empty());
    CHECK(o.regions.empty());
    CHECK(o.addresses.empty());
    CHECK(o.revokes.empty());
}

TEST_CASE("The texts of an order are read") {
    auto j = minimal();
    j["legal_basis"] = "Pasal 40";
    j["category"] = "election-hoax";
    auto o = read(j);
    CHECK(o.legal_basis == "Pasal 40");
    CHECK(o.category == "election-hoax");
}

TEST_CASE("The times of an order are read with their offsets") {
    auto j = minimal();
    j["effective"] = "2024-01-02T07:00:00+07:00";
    j["deadline"] = "2024-01-03T00:00:00Z";
    auto o = read(j);
    CHECK(o.effective == at("2024-01-02T00:00:00Z"));
    CHECK(o.deadline == at("2024-01-03T00:00:00Z"));
}

TEST_CASE("The reason is read in every language, in sequence") {
    auto j = minimal();
    j["reason"] = {{"id", "hoaks"}, {"en", "a hoax"}};
    auto o = read(j);
    REQUIRE(o.reason.size() == 2);
    CHECK(o.reason[0] == std::pair<std::string, std::string>("id", "hoaks"));
    CHECK(o.reason[1] == std::pair<std::string, std::string>("en", "a hoax"));
}

TEST_CASE("Contacts and web addresses are read") {
    auto j = minimal();
    j["contact"] = {"mailto:a@ministry.example", "tel:+62-21-5550-0100"};
    j["reference"] = "https://ministry.example/b-1";
    j["clarification"] = "http://facts.example/b-1";
    auto o = read(j);
    CHECK(o.contact == std::vector<std::string>{"mailto:a@ministry.example", "tel:+62-21-5550-0100"});
    CHECK(o.reference == "https://ministry.example/b-1");
    CHECK(o.clarification == "http://facts.example/b-1");
}

TEST_CASE("Every action is read") {
    for (auto [word, action] :
         {std::pair("nxdomain", policy::Action::nxdomain), std::pair("nodata", policy::Action::nodata),
          std::pair("refused", policy::Action::refused), std::pair("redirect", policy::Action::redirect),
          std::pair("drop", policy::Action::drop), std::pair("passthru", policy::Action::passthru),
          std::pair("log", policy::Action::log)}) {
        auto j = minimal();
        j["action"] = word;
        CHECK(read(j).action == action);
        CHECK(to_string(action) == std::string(word));
        CHECK(policy::parse_action(word, "f") == action);
    }
}

TEST_CASE("Regions are read") {
    auto j = minimal();
    j["regions"] = {"ID-JK", "ID-JB", "GB-ENG", "FR-2A", "US-1"};
    CHECK(read(j).regions == std::vector<std::string>{"ID-JK", "ID-JB", "GB-ENG", "FR-2A", "US-1"});
}

TEST_CASE("An island becomes the provinces on it, each once") {
    auto j = minimal();
    j["regions"] = {"ID-MU", "ID-ML", "ID-MU"};
    CHECK(read(j).regions == std::vector<std::string>{"ID-MU", "ID-MA"});
}

TEST_CASE("Targets are addresses, and domains with a match") {
    auto j = minimal();
    j["targets"] = {{{"domain", "A.example"}, {"match", "exact"}},
                    {{"address", "203.0.113.0/28"}},
                    {{"domain", "bücher.example"}, {"match", "subtree"}}};
    auto o = read(j);
    REQUIRE(o.domains.size() == 2);
    CHECK(o.domains[0].name == name("a.example"));
    CHECK(o.domains[0].match == policy::Match::exact);
    CHECK(o.domains[1].name == name("xn--bcher-kva.example"));
    CHECK(o.domains[1].match == policy::Match::subtree);
    REQUIRE(o.addresses.size() == 1);
    CHECK(o.addresses[0] == Prefix::parse("203.0.113.0/28"));
}

TEST_CASE("An order may only revoke others, whole or one domain of them") {
    auto j = minimal();
    j.erase("targets");
    j["revokes"] = {{{"order", "B-0"}}, {{"order", "B-00"}, {"domain", "fact.example"}}};
    auto o = read(j);
    REQUIRE(o.revokes.size() == 2);
    CHECK(o.revokes[0].order == "B-0");
    CHECK_FALSE(o.revokes[0].domain);
    CHECK(o.revokes[1].domain == name("fact.example"));
}

TEST_CASE("The longest order id has 200 bytes") {
    auto j = minimal();
    j["id"] = std::string(200, 'x');
    CHECK(read(j).id.size() == 200);
    j["id"] = std::string(201, 'x');
    refused(j, "id", "200 bytes");
}

}  // namespace saring::test::order_fields_test
