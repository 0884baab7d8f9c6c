#include <sys/stat.h>
#include <sstream>

#include "base/file.h"
#include "catch.h"
#include "rpz/edits.h"
#include "rpz/zone_file.h"
#include "rpz/zone_lines.h"
#include "support.h"
#include "transfer/tsig_key.h"
#include "transfer/zone_serial.h"

namespace saring::test::zone_transfer_test {
namespace {

std::vector<std::string> entries_of(const std::string& text) {
    std::istringstream in(text);
    rpz::ZoneLines lines(in);
    std::vector<std::string> out;
    for (std::string entry; lines.next(entry);)
        out.push_back(lines.fault().empty() ? entry : "!" + lines.fault().english());
    return out;
}

rpz::RpzRecord block(const char* owner, policy::Match match, bool one_of_many = false) {
    rpz::RpzRecord r;
    r.kind = rpz::RpzRecord::Kind::block;
    r.name = name(owner);
    r.match = match;
    r.one_of_many = one_of_many;
    return r;
}

rpz::RpzRecord block_address(const char* prefix) {
    rpz::RpzRecord r;
    r.kind = rpz::RpzRecord::Kind::block;
    r.address = Prefix::parse(prefix);
    return r;
}

}  // namespace

TEST_CASE("lines that a stray parenthesis joined can be read again one by one") {
    std::istringstream in("a (\nb\n(\nc\n");
    rpz::ZoneLines lines(in);
    std::vector<std::pair<std::uint64_t, std::string>> out;
    for (std::string entry; lines.next(entry);) {
        if (lines.fault().empty()) out.emplace_back(lines.first_line(), entry);
        else lines.give_back();
    }
    CHECK(out == std::vector<std::pair<std::uint64_t, std::string>>{{2, "b"}, {4, "c"}});
    CHECK(lines.line() == 4);
}

TEST_CASE("a number sign begins a comment only at a line's start and after a blank") {
    CHECK(entries_of("# a (\nb#c d\n e # (\nf \"# (\"\n\\# 4\n") ==
          std::vector<std::string>{"b#c d", " e ", "f \"# (\"", "\\# 4"});
}

TEST_CASE("differences of addresses are merged like those of names") {
    rpz::RpzEdits edits;
    edits.add(block_address("203.0.113.5"), true);
    edits.add(block_address("198.51.100.0/24"), false);
    edits.add(block_address("203.0.113.5"), false);
    edits.add(block_address("2001:db8::/32"), true);
    CHECK(edits.removed().addresses ==
          std::vector<Prefix>{Prefix::parse("198.51.100.0/24"), Prefix::parse("203.0.113.5")});
    CHECK(edits.added().addresses == std::vector<Prefix>{Prefix::parse("2001:db8::/32")});
    CHECK(edits.added().names.size() == 0);
}

TEST_CASE("serials wrap around") {
    CHECK(transfer::serial_newer(2, 1));
    CHECK_FALSE(transfer::serial_newer(1, 2));
    CHECK_FALSE(transfer::serial_newer(7, 7));
    CHECK(transfer::serial_newer(0, 4294967295u));
    CHECK_FALSE(transfer::serial_newer(4294967295u, 0));
    CHECK(transfer::serial_newer(0x7fffffffu, 0));
    CHECK_FALSE(transfer::serial_newer(0x80000000u, 0));  // 2^31 apart: undefined
    CHECK_FALSE(transfer::serial_newer(0, 0x80000000u));
}

TEST_CASE("entries of a zone file are joined, separated and stripped of comments") {
    CHECK(entries_of("a A 1 ; x\n\n  ; only this\nb (\n 1 ; y\n 2 )\nc \"q;(\" \\; \\(\r\n") ==
          std::vector<std::string>{"a A 1 ", "b    1   2  ", "c \"q;(\" \\; \\("});
    CHECK(entries_of("a )\nb\n") == std::vector<std::string>{"!closes a parenthesis that is not open", "b"});
    CHECK(entries_of("a ( (\nb )\n")[0] == "!opens a parenthesis within another");
    CHECK(entries_of("a (\nb").back() == "!opens a parenthesis that is never closed");
    CHECK(entries_of("a \"b\nc\n") == std::vector<std::string>{"!has a quote that does not end on its line", "c"});
    CHECK(entries_of(octets("a\0b\nc\n")) == std::vector<std::string>{"!contains a zero byte", "c"});
}

TEST_CASE("binary data is read as a zone file without harm, and valid lines in it are found") {
    Random random(5);
    const std::string alphabet = "ab.*\\\"(); \t\n\n0129@$";
    for (int round = 0; round < 400; ++round) {
        std::string text = "@ SOA l. r. 1 1 1 1 1\n";
        for (auto n = random.below(400); n > 0; --n)
            text += random.one_in(20) ? static_cast<char>(random.octet()) : alphabet[random.below(alphabet.size())];
        std::istringstream in(text);
        NoProgress none;
        auto content = rpz::read_rpz_file(in, {}, none);
        CHECK(content.list.bad.size() <= content.list.bad_count);
    }
    std::istringstream in("@ SOA l. r. 1 1 1 1 1\n\"\n(((\nhoax.example CNAME .\n");
    NoProgress none;
    CHECK(rpz::read_rpz_file(in, {}, none).list.names.size() == 1);
}

TEST_CASE("differences that undo each other have no effect, in any sequence") {
    rpz::RpzEdits edits;
    edits.add(block("a.example", policy::Match::exact), false);
    edits.add(block("a.example", policy::Match::exact), true);
    edits.add(block("b.example", policy::Match::exact), true);
    edits.add(block("b.example", policy::Match::below), true);
    edits.add(block("b.example", policy::Match::exact), false);
    CHECK_FALSE(edits.undecided());
    auto removed = edits.removed().names, added = edits.added().names;
    REQUIRE(removed.size() == 1);
    CHECK(removed[0] == key_of("b.example"));
    CHECK(removed.match(0) == policy::Match::exact);
    REQUIRE(added.size() == 2);
    CHECK(added.match(0) == policy::Match::exact);
    CHECK(added[1] == key_of("b.example"));
    CHECK(added.match(1) == policy::Match::below);
}

TEST_CASE("removing one of several records of an answer leaves the name undecided") {
    rpz::RpzEdits edits;
    edits.add(block("a.example", policy::Match::exact, true), true);
    CHECK_FALSE(edits.undecided());
    edits.add(block("a.example", policy::Match::exact, true), false);
    CHECK(edits.undecided());
}

TEST_CASE("a TSIG key in the format of tsig-keygen is read") {
    auto key = transfer::parse_tsig_key(
        "# made by tsig-keygen\nkey \"Transfer.Key\" {\n\talgorithm HMAC-SHA256;\n\tsecret \"c2VjcmV0\";\n};\n",
        "key file");
    CHECK(key.name.to_string() == "transfer.key");
    CHECK(key.algorithm == "hmac-sha256");
    CHECK(key.octets == "secret");
}

TEST_CASE("an invalid TSIG key is refused with the reason, without showing the secret") {
    for (auto [text, why] : std::vector<std::pair<std::string, std::string>>{
             {"", "no TSIG key"},
             {"key k { algorithm hmac-md5; secret \"c2VjcmV0\"; };", "hmac-md5"},
             {"key k { algorithm hmac-sha256; secret \"c2Vj*cmV0\"; };", "no secret in base64"},
             {"key k { algorithm hmac-sha256; };", "no secret"},
             {"key k { algorithm hmac-sha256; secret \"c2VjcmV0\"; }; key l { };", "more than one"},
             {"key k { algorithm hmac-sha256; secret \"c2VjcmV0\";", "does not close"},
             {"key k { server x; };", "unknown option \"server\""},
             {"key bad..name { algorithm hmac-sha256; secret \"c2VjcmV0\"; };", "not a domain name"},
             {"key \"k { }", "quote"}}) {
        INFO(text);
        auto e = error_of([&, t = text] { transfer::parse_tsig_key(t, "keys/transfer"); });
        REQUIRE(e);
        CHECK_THAT(e->what(), Catch::Contains(why) && Catch::Contains("keys/transfer"));
        CHECK_THAT(e->what(), !Catch::Contains("c2V"));
    }
}

TEST_CASE("a world-readable TSIG key file is refused") {
    TempDir dir;
    auto path = dir / "transfer.key";
    write_file(path, "key k { algorithm hmac-sha256; secret \"c2VjcmV0\"; };", 0644);
    require_error(ErrorKind::usage, [&] { transfer::read_tsig_key(path); }, {path, "world-readable"});
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    CHECK(transfer::read_tsig_key(path).octets == "secret");
}

}  // namespace saring::test::zone_transfer_test
