// Options of a [[feed]] that is a list: list+https://, list+file:// and axfr://.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/action.h"

namespace saring::config {

struct ListFeedConfig {
    std::string authority;  // who answers for the list; empty: "list NAME"
    std::string category;
    std::optional<policy::Action> action;  // absent: the ISP's default
    std::vector<std::string> landings;     // of a policy zone: hosts and addresses that people are sent to as a block
    // list+ only
    std::string format = "auto";                   // one that parse_list_format() knows, or auto
    policy::Match match = policy::Match::subtree;  // how far a line reaches that names a site
    std::string expect_count;    // of names and addresses at the first import, "900" or "90000-110000"; empty: any
    std::string sha256;          // lower-case hex; the list is this one or refused
    bool unsigned_list = false;  // the transport alone vouches for it
    // axfr only
    std::string tsig_file;  // BIND's key clause; empty: unsigned
};

}  // namespace saring::config
