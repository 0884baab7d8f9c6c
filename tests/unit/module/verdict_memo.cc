#include "verdict_memo.h"

#include "../support.h"

namespace saring::test::module_verdict_memo_test {
namespace {

policy::Verdict by(const std::string& order) {
    policy::Verdict v;
    v.listed = true;
    v.outcome = policy::Outcome::block;
    policy::OrderRecord record;
    record.id = order;
    v.by.emplace().order = std::make_shared<const policy::OrderRecord>(record);
    return v;
}

struct Asked {
    VerdictMemo memo;
    // As a worker does; says whether the verdict was known, which then must be the one of `order`.
    bool operator()(const std::string& qname, const std::string& order, std::uint64_t edition = 1, UnixTime now = 100) {
        bool known = true;
        policy::Verdict verdict = memo.verdict(name(qname), edition, now, [&] {
            known = false;
            return by(order);
        });
        CHECK(verdict.by->order->id == order);
        return known;
    }
};

}  // namespace

TEST_CASE("A verdict is remembered from the second question in a second on") {
    Asked asked;
    CHECK(!asked("hoax.example", "B-1"));
    CHECK(!asked("hoax.example", "B-1"));
    CHECK(asked("hoax.example", "B-1"));
    CHECK(asked("hoax.example", "B-1"));
}

TEST_CASE("A remembered verdict is forgotten with the second and with the state of the database") {
    Asked asked;
    for (int i = 0; i < 3; ++i) asked("hoax.example", "B-1");
    CHECK(!asked("hoax.example", "B-2", 2));
    CHECK(!asked("hoax.example", "B-2", 2));
    CHECK(asked("hoax.example", "B-2", 2));
    CHECK(!asked("hoax.example", "B-3", 2, 101));
    CHECK(!asked("hoax.example", "B-4", 2, 99));  // the clock was set back
}

TEST_CASE("No name gets a verdict remembered for another, however many share a place") {
    Asked asked;
    std::size_t known = 0;
    for (int round = 0; round < 4; ++round)
        for (int i = 0; i < 2000; ++i) known += asked("n" + std::to_string(i) + ".example", "B-" + std::to_string(i));
    CHECK(known > 0);
    CHECK(known <= 2 * 256);
}

}  // namespace saring::test::module_verdict_memo_test
