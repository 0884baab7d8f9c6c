// [safety]: what no order may block automatically, and the limits beyond which a person decides. Rules: safety/rules.h.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace saring::config {

struct SafetyConfig {
    // Names and prefixes that only a person may block (safety/never_block.h has the syntax).
    // shipped_never_block: the built-in list, conf/never-block.txt, is one of them.
    bool shipped_never_block = true;
    std::vector<std::string> never_block_files;
    std::vector<std::string> own_names;  // the resolver's: its host name, its certificate's names
    std::string public_suffix_file;      // empty: the file of the package publicsuffix

    unsigned shortest_ipv4 = 24, shortest_ipv6 = 48;  // bits; a shorter prefix is too wide
    std::string asn_mmdb;  // path of a MaxMind DB with the network (ASN) of an address; empty: none
    std::vector<std::string> asn_path{"autonomous_system_number"};
    // Networks that many unrelated sites share; conf/saring.toml names them.
    std::vector<std::uint32_t> shared_asns{13335, 209242, 54113, 20940, 16625, 16509, 14618, 15169, 396982,
                                           8075,  2635,   36459, 53831, 62679, 58182, 16276, 24940, 14061};

    // Lists of popular sites, lines "rank,name"; names up to popular_rank are held (safety/popular_names.h).
    std::vector<std::string> popular_lists;
    unsigned popular_rank = 100000;

    // authority -> other authorities whose orders it may lift; "*": all. It may always lift its own.
    std::map<std::string, std::vector<std::string>> may_lift;
    bool allows_lift(const std::string& authority, const std::string& other) const;

    unsigned max_order_targets = 5000;       // of one order
    unsigned max_order_lifetime_days = 366;  // from effective to expires
    // One change of a list is held above this number of names, or this percentage of the list.
    unsigned max_list_change_names = 200000;
    unsigned max_list_change_percent = 20;
    unsigned list_change_free_names = 1000;  // the percentage does not apply up to this many names

    bool operator==(const SafetyConfig&) const = default;
};

// [local]: default lifetime of the ISP's own entries.
struct LocalConfig {
    unsigned allow_days = 0;  // 0: until removed
    unsigned block_days = 90;
};

}  // namespace saring::config
