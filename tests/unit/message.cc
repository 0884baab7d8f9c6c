// Messages in English and translated; a wrong catalogue breaks nothing.
#include <cstring>

#include "base/error.h"
#include "catch.h"

namespace saring::test::message_test {
namespace {

// A catalogue that reorders the values and has only one plural form.
const char* turned(const char* one, const char* many, std::uint64_t) {
    if (many) return "%2: banyaknya %1";
    if (std::strcmp(one, "%1 before %2") == 0) return "%2 sesudah %1";
    if (std::strcmp(one, "order %1") == 0) return "perintah %1";
    return one;
}

const char* mistaken(const char*, const char*, std::uint64_t) { return "%0 %3 %99 %100 %s %n %"; }

}  // namespace

TEST_CASE("Values replace their placeholders") {
    CHECK(msg("nothing").english() == "nothing");
    CHECK(msg("%1 before %2", "a", std::string("b")).english() == "a before b");
    CHECK(msg("%2 %1 %2", 7, -1).english() == "-1 7 -1");
    CHECK(msg("100 % of %1", "%1 %2").english() == "100 % of %1 %2");  // a value is not a format
}

TEST_CASE("A message may have more than nine values") {
    CHECK(msg("%12 %1%2", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).english() == "12 12");
}

TEST_CASE("A translation may reorder a message's values") {
    CHECK(msg("%1 before %2", "a", "b").in(turned) == "b sesudah a");
    CHECK(msg("%1 before %2", "a", msg("order %1", "B-1")).in(turned) == "perintah B-1 sesudah a");
}

TEST_CASE("A message with a count has English singular and plural") {
    auto names = [](std::uint64_t n) { return msgn("%1 name of %2", "%1 names of %2", n, "B-1"); };
    CHECK(names(0).english() == "0 names of B-1");
    CHECK(names(1).english() == "1 name of B-1");
    CHECK(names(2).english() == "2 names of B-1");
    CHECK(names(1).in(turned) == "B-1: banyaknya 1");
}

TEST_CASE("A wrong placeholder in a catalogue stays in the text") {
    CHECK(msg("order %1", "B-1").in(mistaken) == "%0 %3 %99 %100 %s %n %");
}

TEST_CASE("Text that is not a message is the same in every language") {
    CHECK(Message("/etc/%1").in(turned) == "/etc/%1");
    CHECK(Message().empty());
    CHECK((Message("order %1") + " and " + msg("order %1", "B-1")).in(turned) == "order %1 and perintah B-1");
}

TEST_CASE("The log text of an error is English") {
    Error e(ErrorKind::usage, msg("order %1", "B-1"), msg("is missing"), "see: blocklist-tool order list");
    CHECK(std::string(e.what()) == "order B-1: is missing; see: blocklist-tool order list");
    CHECK(e.message().in(turned) == "perintah B-1: is missing; see: blocklist-tool order list");
    CHECK(std::string(Error(ErrorKind::usage, "a", "b").what()) == "a: b");
}

}  // namespace saring::test::message_test
