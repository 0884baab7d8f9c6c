// [safety] and [local]: options and defaults.
#include "config_text.h"

namespace saring::test::config_safety_test {

TEST_CASE("Without a [safety] table the built-in rules apply") {
    auto c = load("");
    CHECK(c.safety.shipped_never_block);
    CHECK(c.safety.never_block_files.empty());
    CHECK(c.safety.shortest_ipv4 == 24);
    CHECK(c.safety.shortest_ipv6 == 48);
    CHECK(c.safety.max_order_targets == 5000);
    CHECK(c.safety.popular_lists.empty());
    CHECK(c.safety.popular_rank == 100000);
    CHECK(c.safety.may_lift.empty());
    CHECK(c.safety.max_order_lifetime_days == 366);
    CHECK(c.safety.max_list_change_names == 200000);
    CHECK(c.safety.max_list_change_percent == 20);
    CHECK(c.safety.list_change_free_names == 1000);
    CHECK(c.safety.shared_asns.size() == 18);
    CHECK(c.local.allow_days == 0);
    CHECK(c.local.block_days == 90);
}

TEST_CASE("Every safety option is read") {
    auto c = load(
        "[safety]\nnever_block_files = [\"/a\", \"/b\"]\nown_names = [\"NS.Isp.Example.\"]\npublic_suffix_file = "
        "\"/p\"\nshortest_ipv4 = 30\n"
        "shortest_ipv6 = 64\nasn_mmdb = \"/m\"\nasn_path = [\"asn\"]\nshared_asns = [4294967295, 1]\npopular_lists = "
        "[\"/t\", \"/u\"]\npopular_rank = 9\n"
        "may_lift = { \"A\" = [\"B\", \"C\"], \"D\" = [\"*\"] }\nmax_order_targets = 1\n"
        "max_order_lifetime_days = 7\nmax_list_change_names = 2\nmax_list_change_percent = 3\nlist_change_free_names = "
        "0\n[local]\nallow_days = 5\nblock_days = 6\n");
    CHECK_FALSE(c.safety.shipped_never_block);
    CHECK(c.safety.never_block_files == std::vector<std::string>{"/a", "/b"});
    CHECK(c.safety.own_names == std::vector<std::string>{"ns.isp.example"});
    CHECK(c.safety.public_suffix_file == "/p");
    CHECK(c.safety.shortest_ipv4 == 30);
    CHECK(c.safety.shortest_ipv6 == 64);
    CHECK(c.safety.asn_mmdb == "/m");
    CHECK(c.safety.asn_path == std::vector<std::string>{"asn"});
    CHECK(c.safety.shared_asns == std::vector<std::uint32_t>{4294967295u, 1});
    CHECK(c.safety.max_order_targets == 1);
    CHECK(c.safety.popular_lists == std::vector<std::string>{"/t", "/u"});
    CHECK(c.safety.popular_rank == 9);
    for (auto [by, of, may] : {std::tuple("A", "B", true), std::tuple("A", "A", true), std::tuple("A", "D", false),
                               std::tuple("B", "A", false), std::tuple("D", "E", true), std::tuple("E", "D", false)})
        CHECK(c.safety.allows_lift(by, of) == may);
    CHECK(c.safety.max_order_lifetime_days == 7);
    CHECK(c.safety.max_list_change_names == 2);
    CHECK(c.safety.max_list_change_percent == 3);
    CHECK(c.safety.list_change_free_names == 0);
    CHECK(c.local.allow_days == 5);
    CHECK(c.local.block_days == 6);
}

TEST_CASE("Safety options out of range are refused with name, line and column") {
    refused_config("[safety]\nshortest_ipv4 = 33\n", "2:17", {"safety.shortest_ipv4", "33"});
    refused_config("[safety]\nmax_list_change_percent = 0\n", "2:27", {"safety.max_list_change_percent", "0"});
    refused_config("[safety]\nshared_asns = [0]\n", "2:16", {"safety.shared_asns", "0"});
    refused_config("[safety]\nown_names = [\"bad..name\"]\n", "2:14", {"safety.own_names", "bad..name"});
    refused_config("[safety]\nmay_lift = [\"A\"]\n", "2:12", {"safety.may_lift", "not a table"});
    refused_config("[safety]\nmay_lift = { A = [1] }\n", "2:", {"may_lift"});
    refused_config("[safety]\npopular_rank = 0\n", "2:16", {"safety.popular_rank", "0"});
    refused_config("[safety]\nnever_block = []\n", "2:15", {"safety.never_block", "unknown"});
    refused_config("[local]\nblock_days = 0\n", "2:14", {"local.block_days", "0"});
}

}  // namespace saring::test::config_safety_test
