// Options of a [[feed]] that is a list: list+https://, list+file:// and axfr://.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/action.h"

namespace saring::config {

struct ListFeedConfig {
    std::string authority;  // who is responsible for the list; empty: "list NAME"
    std::string category;
    std::optional<policy::Action> action;  // absent: the ISP's default
    std::vector<std::string> landings;     // of a policy zone: redirect targets that mean a block
    // list+ only
    std::string format = "auto";                   // a name that parse_list_format() accepts, or auto
    policy::Match match = policy::Match::subtree;  // scope of a line that names a site
    std::string expect_count;    // names and addresses at the first import, "900" or "90000-110000"; empty: any
    std::string sha256;          // lower-case hex; a list with another hash is refused
    bool unsigned_list = false;  // trust the transport alone
    // axfr only
    std::string tsig_file;  // BIND's key clause; empty: unsigned
};

}  // namespace saring::config
