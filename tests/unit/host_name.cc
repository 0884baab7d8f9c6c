// The grammar of site names, and the reasons for refusals.
#include "hostname/host_name.h"

#include "hostname/pasted_host.h"
#include "support.h"

namespace saring::test::host_name_test {
namespace {

void refused(const std::string& text, hostname::HostFault fault, const std::string& intended = {}) {
    INFO(text);
    OwnerName out;
    auto refusal = hostname::read_host_name(text, out);
    REQUIRE(refusal);
    CHECK(static_cast<int>(refusal->fault) == static_cast<int>(fault));
    CHECK(refusal->intended == intended);
    CHECK_FALSE(refusal->reason().empty());
    CHECK_FALSE(refusal->remedy().empty());
}

std::string read(const std::string& text) {
    OwnerName out;
    auto refusal = hostname::read_host_name(text, out);
    return refusal ? "" : out.to_string();
}

}  // namespace

TEST_CASE("A site name has letters, digits, hyphens and underscores") {
    for (const char* text : {"hoax.example", "a-b.c_d.example", "_dmarc.x.example", "1.example", "x.e1",
                             "xn--bcher-kva.example", "-x-.example", "0x7f.example", "1.2.3.x"})
        CHECK(read(text) == text);
    CHECK(read("HOAX.Example.") == "hoax.example");
    CHECK(read("b\xc3\xbc"
               "cher.example") == "xn--bcher-kva.example");
    std::string label(63, 'a');
    CHECK(read(label + "." + label + "." + label + "." + std::string(61, 'a')).size() == 253);
    CHECK(read(label + "." + label + "." + label + "." + std::string(62, 'a')).empty());
}

TEST_CASE("A text that is not just a name is refused with a suggestion") {
    refused("", hostname::HostFault::empty);
    refused(".", hostname::HostFault::root);
    refused("example", hostname::HostFault::top_level);
    refused("https://x.example/page?q", hostname::HostFault::page, "x.example");
    refused("http://x.example/", hostname::HostFault::url, "x.example");
    refused("x.example/", hostname::HostFault::url, "x.example");
    refused("//x.example", hostname::HostFault::url, "x.example");
    refused("http://user:pw@x.example:80/p", hostname::HostFault::user, "x.example");
    refused("at@mail.example", hostname::HostFault::mail, "mail.example");
    refused("port.example:8040", hostname::HostFault::port, "port.example");
    refused(
        "b\xc3\xbc"
        "cher.example:443",
        hostname::HostFault::port, "xn--bcher-kva.example");
    refused("\"q.example\",", hostname::HostFault::character, "q.example");
    refused("hoaks1.example,fake", hostname::HostFault::character, "hoaks1.example");
    refused("x.example$all", hostname::HostFault::character, "x.example");
    refused("||x.example^", hostname::HostFault::character, "x.example");
    refused("semi.example;", hostname::HostFault::character, "semi.example");
    refused("sp%20x.example", hostname::HostFault::character, "x.example");
    refused("two words.example", hostname::HostFault::blank, "words.example");
    refused("back\\slash.example", hostname::HostFault::backslash);
    refused(octets("x.example\0"), hostname::HostFault::control, "x.example");
    refused("*.x.example", hostname::HostFault::wildcard, "x.example");
    refused("a*.x.example", hostname::HostFault::inner_wildcard, "x.example");
    refused("hoax..example", hostname::HostFault::empty_label);
    refused("x.example\xc2\xa0", hostname::HostFault::disguised, "x.example");
    refused("x.example\xe2\x80\x99s", hostname::HostFault::international, "x.example");
    refused("\xff.example", hostname::HostFault::international);
}

TEST_CASE("A text that ends in a number is never a name") {
    for (const char* text : {"159.323.68.211", "192.0.2.007", "1.2.3", "x.1", "a.0x7f", "x.0x", "1.2.3.4.5"})
        refused(text, hostname::HostFault::number);
    for (const char* text : {"192.0.2.7", "192.0.2.7.", "2001:db8::1", "192.0.2.7:443", "[2001:db8::1]:443",
                             "\xef\xbc\x91"
                             "92.0.2.7"})
        refused(text, hostname::HostFault::address);
    refused("192.0.2.0/24", hostname::HostFault::prefix);
}

TEST_CASE("Invisible characters that browsers ignore are removed from a name") {
    CHECK(read("ho\xe2\x80\x8b"
               "ax.example") == "hoax.example");
    CHECK(read("hoax\xc2\xad.example") == "hoax.example");
}

TEST_CASE("A name written deliberately may have octets that no host has") {
    CHECK(hostname::parse_name_input("a\\.b.example") == name("a\\.b.example"));
    CHECK(hostname::parse_name_input("sp\\032ace.example") == name("sp\\032ace.example"));
    CHECK(hostname::parse_name_input("com") == name("com"));
    CHECK(hostname::parse_name_input(".").is_root());
    for (const char* text :
         {"back\\slash.example", "a\\%b.example", "a\\300b.example", "a\\.b^.example", "x.example\\", "a%b.example"})
        require_error(ErrorKind::usage, [&] { hostname::parse_name_input(text); });
    CHECK(hostname::can_be_written(name("a\\.b.example")));
    CHECK_FALSE(hostname::can_be_written(name("a\\037b.example")));
}

TEST_CASE("A wire-format name that no site can have is refused like a typed one") {
    CHECK_FALSE(hostname::refuse_host(name("x.example")));
    CHECK_FALSE(hostname::refuse_host(name("_dmarc.x.example")));
    auto fault = [](const OwnerName& n) { return static_cast<int>(hostname::refuse_host(n)->fault); };
    CHECK(fault(OwnerName()) == static_cast<int>(hostname::HostFault::root));
    CHECK(fault(name("example")) == static_cast<int>(hostname::HostFault::top_level));
    CHECK(fault(name("192.0.2.7")) == static_cast<int>(hostname::HostFault::address));
    CHECK(fault(name("1.2.3")) == static_cast<int>(hostname::HostFault::number));
    CHECK(fault(name("http://u.example/")) == static_cast<int>(hostname::HostFault::url));
    CHECK(hostname::refuse_host(name("http://u.example/"))->intended == "u.example");
    CHECK(fault(name("port.example:8040")) == static_cast<int>(hostname::HostFault::port));
    CHECK(fault(name("x.example^")) == static_cast<int>(hostname::HostFault::character));
    CHECK(fault(name("a\\.b.example")) == static_cast<int>(hostname::HostFault::character));
    CHECK(fault(name("a\\092b.example")) == static_cast<int>(hostname::HostFault::backslash));
    CHECK(fault(name("a.*.example")) == static_cast<int>(hostname::HostFault::inner_wildcard));
    CHECK(fault(name("\\255.example")) == static_cast<int>(hostname::HostFault::character));
}

TEST_CASE("The host is found in pasted text") {
    auto host = [](std::string_view text) { return std::string(hostname::split_pasted_host(text).host); };
    for (const char* text : {"https://x.example/page", "x.example/", "x.example:443", "user@x.example",
                             "https://u:p@x.example:8443/a?b#c", "//x.example/a", "x.example?q"})
        CHECK(host(text) == "x.example");
    CHECK(host("[2001:db8::1]:443") == "2001:db8::1");
    CHECK(host("https://[2001:db8::1]/") == "2001:db8::1");
    CHECK(host("2001:db8::1") == "2001:db8::1");
    CHECK(hostname::unquoted("\xc2\xa0<\"x.example\">,\r\n") == "x.example");
    CHECK(hostname::unquoted("x\xe2\x80\x8c.example\xe2\x80\x8d") == "x\xe2\x80\x8c.example");
}

}  // namespace saring::test::host_name_test
