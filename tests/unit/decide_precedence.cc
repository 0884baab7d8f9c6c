// Precedence among entries, as stated in policy/decide.h.
#include "policy_support.h"

namespace saring::test::decide_precedence_test {

TEST_CASE("A name that no order lists has no verdict") {
    Policy policy({Rule("B-1", {"hoax.example", "www.other.example"})});
    for (const char* text : {"example", "other.example", "nothoax.example", "hoax.example.test", "hoax-2.example",
                             "hoa.example", "a.www2.other.example"}) {
        INFO(text);
        CHECK(policy.says(text) == "none");
        CHECK_FALSE(policy.ask(text).by);
        CHECK_FALSE(policy.ask(text).uncacheable());
    }
}

TEST_CASE("The root has no verdict even where every name under it is listed") {
    Policy policy({Rule("B-1", {"example", "test"})});
    policy.store.view([](const ledger::Snapshot& s) {
        CHECK(decide(s, OwnerName(), at_noon()).outcome == policy::Outcome::none);
        CHECK_FALSE(decide(s, OwnerName(), at_noon()).uncacheable());
    });
}

TEST_CASE("A verdict has the listed name, match, order and action") {
    Policy policy({Rule("B-1", {"other.example"}), Rule("B-2", {"*.hoax.example"}).does(policy::Action::redirect)});
    auto verdict = policy.ask("a.www.hoax.example");
    CHECK(verdict.trigger == policy::Trigger::qname);
    REQUIRE(verdict.by);
    CHECK(verdict.by->listed == name("hoax.example"));
    CHECK(verdict.by->match == policy::Match::below);
    CHECK(verdict.by->index == 2);
    CHECK(verdict.by->action == policy::Action::redirect);
    CHECK(verdict.by->order->id == "B-2");
    CHECK_FALSE(verdict.logged);
}

TEST_CASE("Every action but passthru and log blocks") {
    for (auto action : {policy::Action::nxdomain, policy::Action::nodata, policy::Action::refused,
                        policy::Action::redirect, policy::Action::drop}) {
        INFO(to_string(action));
        Policy policy({Rule("B-1", {"hoax.example"}).does(action)});
        CHECK(policy.says("hoax.example") == "block B-1 at hoax.example");
        CHECK(policy.ask("hoax.example").by->action == action);
    }
}

TEST_CASE("A subtree entry covers the listed name and every name below it") {
    Policy policy({Rule("B-1", {"hoax.example"})});
    for (const char* text :
         {"hoax.example", "HOAX.Example.", "www.hoax.example", "a.b.c.d.e.hoax.example", "\\000.hoax.example"}) {
        INFO(text);
        CHECK(policy.says(text) == "block B-1 at hoax.example");
    }
}

TEST_CASE("An exact entry covers the listed name only") {
    Policy policy({Rule("B-1", {"=hoax.example"})});
    CHECK(policy.says("hoax.example") == "block B-1 at hoax.example");
    CHECK(policy.says("www.hoax.example") == "none");
    CHECK(policy.says("a.b.hoax.example") == "none");
}

TEST_CASE("A below entry covers every name below the listed one but not itself") {
    Policy policy({Rule("B-1", {"*.hoax.example"})});
    CHECK(policy.says("hoax.example") == "none");
    CHECK(policy.says("www.hoax.example") == "block B-1 at hoax.example");
    CHECK(policy.says("a.b.hoax.example") == "block B-1 at hoax.example");
}

TEST_CASE("Local passthru above a listed name passes") {
    Policy policy(
        {Rule("L-1", {"hoax.example"}).local_pass().issued_at(noon - 9 * day), Rule("B-1", {"a.www.hoax.example"})});
    CHECK(policy.says("a.www.hoax.example") == "pass L-1 at hoax.example");
    CHECK(policy.says("x.a.www.hoax.example") == "pass L-1 at hoax.example");
}

TEST_CASE("Local passthru of a top-level domain passes all names below it") {
    Policy policy({Rule("B-1", {"www.hoax.example", "hoax.test"}), Rule("L-1", {"example"}).local_pass()});
    CHECK(policy.says("www.hoax.example") == "pass L-1 at example");
    CHECK(policy.says("hoax.test") == "block B-1 at hoax.test");
}

TEST_CASE("Local passthru passes at the name where a newer order blocks") {
    Policy policy({Rule("L-1", {"hoax.example"}).local_pass().issued_at(noon - 9 * day),
                   Rule("B-1", {"hoax.example"}).issued_at(noon)});
    CHECK(policy.says("hoax.example") == "pass L-1 at hoax.example");
}

TEST_CASE("Local passthru takes precedence over a more specific passthru of an order") {
    Policy policy(
        {Rule("L-1", {"hoax.example"}).local_pass(), Rule("B-1", {"www.hoax.example"}).does(policy::Action::passthru)});
    CHECK(policy.says("www.hoax.example") == "pass L-1 at hoax.example");
}

TEST_CASE("Local passthru takes precedence over a newer passthru of an order at the same name") {
    Policy policy({Rule("L-1", {"hoax.example"}).local_pass().issued_at(noon - 9 * day),
                   Rule("B-1", {"hoax.example"}).does(policy::Action::passthru)});
    CHECK(policy.says("hoax.example") == "pass L-1 at hoax.example");
}

TEST_CASE("Of local passthru at two levels the verdict names the most specific one") {
    Policy policy({Rule("L-1", {"www.hoax.example"}).local_pass().issued_at(noon - 9 * day),
                   Rule("L-2", {"hoax.example"}).local_pass()});
    CHECK(policy.says("www.hoax.example") == "pass L-1 at www.hoax.example");
}

TEST_CASE("Of two local passthru at one name the verdict names the newest") {
    Policy policy({Rule("L-1", {"hoax.example"}).local_pass().issued_at(noon - 2 * day),
                   Rule("L-2", {"hoax.example"}).local_pass().issued_at(noon - day),
                   Rule("L-3", {"hoax.example"}).local_pass().issued_at(noon - 3 * day)});
    CHECK(policy.says("www.hoax.example") == "pass L-2 at hoax.example");
}

TEST_CASE("A local block has no precedence over orders") {
    Policy policy({Rule("L-1", {"hoax.example"}).is(policy::OrderKind::local),
                   Rule("B-1", {"www.hoax.example"}).does(policy::Action::passthru)});
    CHECK(policy.says("www.hoax.example") == "pass B-1 at www.hoax.example");
    CHECK(policy.says("hoax.example") == "block L-1 at hoax.example");
}

TEST_CASE("Local passthru that does not count leaves the decision to others") {
    policy::Region jakarta{{"ID-JK"}};
    for (auto pass : {Rule("L-1", {"hoax.example"}).local_pass().until(noon),
                      Rule("L-1", {"hoax.example"}).local_pass().from(noon + 1),
                      Rule("L-1", {"hoax.example"}).local_pass().lifted_at(noon),
                      Rule("L-1", {"hoax.example"}).local_pass().in({"ID-BA"}),
                      Rule("L-1", {"=hoax.example"}).local_pass(), Rule("L-1", {"*.www.hoax.example"}).local_pass()}) {
        Policy policy({pass, Rule("B-1", {"www.hoax.example"})});
        CHECK(policy.says("www.hoax.example", at_noon(&jakarta)) == "block B-1 at www.hoax.example");
    }
}

TEST_CASE("Passthru of an order or a list above a more specific block does not pass") {
    for (auto kind : {policy::OrderKind::order, policy::OrderKind::list}) {
        Policy policy(
            {Rule("B-1", {"hoax.example"}).does(policy::Action::passthru).is(kind), Rule("B-2", {"www.hoax.example"})});
        CHECK(policy.says("www.hoax.example") == "block B-2 at www.hoax.example");
        CHECK(policy.says("hoax.example") == "pass B-1 at hoax.example");
    }
}

TEST_CASE("The most specific listed name decides whichever order is newer") {
    for (UnixTime issued : {noon - 9 * day, noon}) {
        Policy policy({Rule("B-1", {"hoax.example"}).issued_at(noon - day),
                       Rule("B-2", {"www.hoax.example"}).issued_at(issued).does(policy::Action::nodata),
                       Rule("B-3", {"example"}).issued_at(noon)});
        CHECK(policy.says("a.www.hoax.example") == "block B-2 at www.hoax.example");
        CHECK(policy.says("www.hoax.example") == "block B-2 at www.hoax.example");
        CHECK(policy.says("hoax.example") == "block B-1 at hoax.example");
        CHECK(policy.says("wwww.hoax.example") == "block B-1 at hoax.example");
        CHECK(policy.says("other.example") == "block B-3 at example");
    }
}

TEST_CASE("A more specific passthru passes names in a blocked subtree") {
    Policy policy({Rule("B-1", {"hoax.example"}).issued_at(noon),
                   Rule("B-2", {"good.hoax.example"}).does(policy::Action::passthru)});
    CHECK(policy.says("good.hoax.example") == "pass B-2 at good.hoax.example");
    CHECK(policy.says("www.good.hoax.example") == "pass B-2 at good.hoax.example");
    CHECK(policy.says("bad.hoax.example") == "block B-1 at hoax.example");
}

TEST_CASE("A more specific entry that does not count leaves the decision to the next name above") {
    Policy policy({Rule("B-1", {"example"}), Rule("B-2", {"www.hoax.example"}).until(noon),
                   Rule("B-3", {"=hoax.example"}), Rule("B-4", {"*.www.hoax.example"})});
    CHECK(policy.says("www.hoax.example") == "block B-1 at example");
}

TEST_CASE("At one name passthru takes precedence over any block, however old") {
    Policy policy({Rule("B-1", {"hoax.example"}).does(policy::Action::passthru).issued_at(noon - 9 * day),
                   Rule("B-2", {"hoax.example"}).issued_at(noon)});
    CHECK(policy.says("hoax.example") == "pass B-1 at hoax.example");
}

TEST_CASE("Of blocks at one name the last issued decides, not the last applied") {
    Policy policy({Rule("B-1", {"hoax.example"}).issued_at(noon - 3), Rule("B-2", {"hoax.example"}).issued_at(noon - 1),
                   Rule("B-3", {"hoax.example"}).issued_at(noon - 2)});
    CHECK(policy.says("hoax.example") == "block B-2 at hoax.example");
}

TEST_CASE("Of passthru orders at one name the verdict names the last issued") {
    Policy policy({Rule("B-1", {"hoax.example"}).does(policy::Action::passthru).issued_at(noon - 3),
                   Rule("B-2", {"hoax.example"}).does(policy::Action::passthru).issued_at(noon - 1),
                   Rule("B-3", {"hoax.example"}).does(policy::Action::passthru).issued_at(noon - 2)});
    CHECK(policy.says("hoax.example") == "pass B-2 at hoax.example");
}

TEST_CASE("Of orders issued in one second the one applied last decides") {
    Policy policy({Rule("B-3", {"hoax.example"}), Rule("B-1", {"hoax.example"}), Rule("B-2", {"hoax.example"})});
    CHECK(policy.says("hoax.example") == "block B-2 at hoax.example");
}

TEST_CASE("The newest order that counts decides") {
    Policy policy({Rule("B-1", {"hoax.example"}).issued_at(noon - 3), Rule("B-2", {"hoax.example"}).issued_at(noon - 2),
                   Rule("B-3", {"hoax.example"}).issued_at(noon - 1).until(noon),
                   Rule("B-4", {"=hoax.example"}).issued_at(noon)});
    CHECK(policy.says("www.hoax.example") == "block B-2 at hoax.example");
}

TEST_CASE("A later effective date or expiry gives no precedence") {
    Policy policy({Rule("B-1", {"hoax.example"}).issued_at(noon - 1).from(noon - 9 * day).until(noon + 1),
                   Rule("B-2", {"hoax.example"}).issued_at(noon - 2).from(noon).until(policy::never)});
    CHECK(policy.says("hoax.example") == "block B-1 at hoax.example");
}

TEST_CASE("Local blocks, lists and orders are compared only by time of issue") {
    for (auto newest : {policy::OrderKind::order, policy::OrderKind::list, policy::OrderKind::local}) {
        std::vector<Rule> rules;
        for (auto kind : {policy::OrderKind::order, policy::OrderKind::list, policy::OrderKind::local})
            rules.push_back(
                Rule(to_string(kind), {"hoax.example"}).is(kind).issued_at(kind == newest ? noon : noon - day));
        CHECK(Policy(rules).says("hoax.example") == std::string("block ") + to_string(newest) + " at hoax.example");
    }
}

TEST_CASE("Precedence is by passthru, then time of issue, then index") {
    const std::vector<policy::OrderPrecedence> rising{{false, 1, 1}, {false, 1, 2}, {false, 2, 1},
                                                      {true, 0, 9},  {true, 1, 0},  {true, 1, 1}};
    for (std::size_t a = 0; a < rising.size(); ++a)
        for (std::size_t b = 0; b < rising.size(); ++b) CHECK(outranks(rising[a], rising[b]) == (a > b));
}

TEST_CASE("A log order alone decides nothing and is reported") {
    Policy policy({Rule("B-1", {"hoax.example"}).does(policy::Action::log)});
    CHECK(policy.says("www.hoax.example") == "none, logs B-1 at hoax.example");
    auto verdict = policy.ask("www.hoax.example");
    CHECK(verdict.logged->action == policy::Action::log);
    CHECK(verdict.logged->index == 1);
    CHECK(verdict.logged_trigger == policy::Trigger::qname);
    CHECK_FALSE(verdict.uncacheable());
}

TEST_CASE("A more specific and newer log order does not affect a block") {
    Policy policy({Rule("B-1", {"hoax.example"}).issued_at(noon - 2),
                   Rule("B-2", {"www.hoax.example", "hoax.example"}).issued_at(noon - 1).does(policy::Action::log)});
    CHECK(policy.says("hoax.example") == "block B-1 at hoax.example, logs B-2 at hoax.example");
    CHECK(policy.says("www.hoax.example") == "block B-1 at hoax.example, logs B-2 at www.hoax.example");
}

TEST_CASE("A log order that is less specific than the deciding order is reported") {
    Policy policy({Rule("B-1", {"www.hoax.example"}), Rule("B-2", {"example"}).does(policy::Action::log),
                   Rule("B-3", {"good.hoax.example"}).does(policy::Action::passthru)});
    CHECK(policy.says("www.hoax.example") == "block B-1 at www.hoax.example, logs B-2 at example");
    CHECK(policy.says("good.hoax.example") == "pass B-3 at good.hoax.example, logs B-2 at example");
}

TEST_CASE("Local log policy decides nothing") {
    Policy policy({Rule("L-1", {"hoax.example"}).is(policy::OrderKind::local).does(policy::Action::log),
                   Rule("B-1", {"hoax.example"})});
    CHECK(policy.says("hoax.example") == "block B-1 at hoax.example, logs L-1 at hoax.example");
}

TEST_CASE("Of several log orders the most specific is reported, at one name the newest") {
    Policy policy({Rule("B-1", {"hoax.example"}).does(policy::Action::log).issued_at(noon),
                   Rule("B-2", {"www.hoax.example"}).does(policy::Action::log).issued_at(noon - 1),
                   Rule("B-3", {"www.hoax.example"}).does(policy::Action::log).issued_at(noon - 2)});
    CHECK(policy.says("www.hoax.example") == "none, logs B-2 at www.hoax.example");
    CHECK(policy.says("hoax.example") == "none, logs B-1 at hoax.example");
}

TEST_CASE("A log order that does not count is not reported") {
    Policy policy({Rule("B-1", {"www.hoax.example"}).does(policy::Action::log).until(noon),
                   Rule("B-2", {"=hoax.example"}).does(policy::Action::log),
                   Rule("B-3", {"example"}).does(policy::Action::log)});
    CHECK(policy.says("www.hoax.example") == "none, logs B-3 at example");
}

TEST_CASE("An entry of a missing order is reported as corruption") {
    Store store;
    Planter planter(store);
    planter.list(key_of("hoax.example"), {{7, policy::Match::subtree}});
    planter.list(prefix_key(Prefix::parse("203.0.113.0/24")), {{7, policy::Match::subtree}}, true);
    planter.done();
    store.view([](const ledger::Snapshot& s) {
        require_error(ErrorKind::database, [&] { decide(s, name("www.hoax.example"), at_noon()); }, {"corrupt"});
        require_error(ErrorKind::database, [&] { decide(s, Prefix::parse("203.0.113.7"), at_noon()); }, {"corrupt"});
        CHECK(decide(s, name("other.example"), at_noon()).outcome == policy::Outcome::none);
    });
}

TEST_CASE("Damaged entries are reported as corruption when a name under them is decided") {
    for (const Bytes& value : {octets("\1\0\0\0"), octets("\1\0\0\0\3"), octets("\1\0\0\0\0\1"),
                               Bytes(policy::Entries::entry_size * (policy::Entries::max_orders + 1), '\1')}) {
        Policy policy({Rule("B-1", {"hoax.example"})});
        ledger::lmdb::WriteTxn txn(policy.store.db->environment());
        txn.put(policy.store.db->tables().names, key_of("hoax.example"), value);
        ledger::lmdb::commit(std::move(txn));
        require_error(ErrorKind::database, [&] { policy.ask("www.hoax.example"); }, {"corrupt"});
    }
}

TEST_CASE("A damaged order record is reported as corruption when a name it lists is decided") {
    Policy policy({Rule("B-1", {"hoax.example"})});
    ledger::lmdb::WriteTxn txn(policy.store.db->environment());
    Bytes record = ledger::encode(static_cast<const policy::OrderRecord&>(Rule("B-1", {})));
    txn.put(policy.store.db->tables().orders, be32(1), ByteView(record).substr(0, record.size() - 1));
    ledger::lmdb::commit(std::move(txn));
    require_error(ErrorKind::database, [&] { policy.ask("hoax.example"); }, {"corrupt"});
}

TEST_CASE("The triggers keep their names in hits") {
    CHECK(std::string(to_string(policy::Trigger::qname)) == "qname");
    CHECK(std::string(to_string(policy::Trigger::cname)) == "cname");
    CHECK(std::string(to_string(policy::Trigger::address)) == "address");
}

}  // namespace saring::test::decide_precedence_test
