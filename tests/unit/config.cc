// saring.toml: options and their defaults.
#include "config_text.h"

namespace saring::test::config_test {

TEST_CASE("An empty configuration has the documented defaults") {
    auto c = load("");
    CHECK(c.database.path == "/var/lib/saring/blocklist");
    CHECK(c.database.map_size == std::size_t{16} << 30);
    CHECK(c.database.max_readers == 512);
    CHECK(c.trust.threshold == 1);
    CHECK(c.trust.keys.empty());
    CHECK(c.answer.action == policy::Action::nxdomain);
    CHECK(c.answer.ttl == 30);
    CHECK(c.answer.redirect_a.empty());
    CHECK(c.answer.redirect_aaaa.empty());
    CHECK(c.answer.soa_mname == ".");
    CHECK(c.answer.soa_rname == ".");
    CHECK(c.failure.policy == config::FailurePolicy::resolve);
    CHECK(c.list_lifetime_days == 30);
}

TEST_CASE("Database options are read") {
    auto c = load("[database]\npath = \"/srv/blocklist\"\nmap_size_mib = 64\nmax_readers = 8\n");
    CHECK(c.database.path == "/srv/blocklist");
    CHECK(c.database.map_size == std::size_t{64} << 20);
    CHECK(c.database.max_readers == 8);
}

TEST_CASE("Answer options are read") {
    auto c = load(
        "[answer]\naction = \"redirect\"\nttl = 0\nredirect_a = [\"192.0.2.80\", \"192.0.2.81\"]\nredirect_aaaa = "
        "[\"2001:db8::80\"]\n"
        "soa_mname = \"NS.Isp.Example.\"\nsoa_rname = \"noc.isp.example\"\n");
    CHECK(c.answer.action == policy::Action::redirect);
    CHECK(c.answer.ttl == 0);
    REQUIRE(c.answer.redirect_a.size() == 2);
    CHECK(c.answer.redirect_a[1] == Prefix::parse("192.0.2.81"));
    REQUIRE(c.answer.redirect_aaaa.size() == 1);
    CHECK(c.answer.soa_mname == "ns.isp.example");
    CHECK(c.answer.soa_rname == "noc.isp.example");
}

TEST_CASE("Both failure policies are read") {
    CHECK(load("[failure]\npolicy = \"servfail\"\n").failure.policy == config::FailurePolicy::servfail);
    CHECK(load("[failure]\npolicy = \"resolve\"\n").failure.policy == config::FailurePolicy::resolve);
}

TEST_CASE("The lifetime of lists is read") { CHECK(load("[list]\nlifetime_days = 7\n").list_lifetime_days == 7); }

TEST_CASE("The configuration has the path of its file") {
    TempDir dir;
    write_file(dir / "saring.toml", "");
    CHECK(settings::load_config(dir / "saring.toml").source == dir / "saring.toml");
}

TEST_CASE("A missing configuration file is refused unless it is optional") {
    TempDir dir;
    require_error(ErrorKind::usage, [&] { settings::load_config(dir / "absent.toml"); }, {dir / "absent.toml"});
    CHECK(settings::load_config(dir / "absent.toml", true).answer.ttl == 30);
}

TEST_CASE("An optional configuration file that exists is read strictly") {
    TempDir dir;
    write_file(dir / "saring.toml", "[answers]\n");
    require_error(ErrorKind::usage, [&] { settings::load_config(dir / "saring.toml", true); }, {"answers"});
}

TEST_CASE("A given configuration path has precedence over the environment") {
    CHECK(config::config_path("/srv/saring.toml") == "/srv/saring.toml");
}

}  // namespace saring::test::config_test
