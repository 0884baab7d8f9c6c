// The answers given to `setup`, and the two files that it writes from them.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace saring::tool {

struct SetupPlan {
    struct Key {
        std::string name;
        trust::minisign::PublicKey key;
        bool orders = false, feeds = false;
    };
    struct Feed {
        std::string name, url;
    };
    std::vector<Key> keys;  // each key once, with all its roles
    unsigned threshold = 1;
    std::vector<Feed> feeds;
    std::string database = "/var/lib/saring/blocklist";
    std::string hits = "/var/lib/saring/hits";
    std::string action = "nxdomain";
    std::vector<std::string> landings;  // addresses, or one host
    std::string never_block;            // file; empty: the built-in copy

    // "[NAME=]RW..." or "[NAME=]FILE". The same key in another role gets both roles. Throws Error.
    void add_key(const std::string& text, trust::KeyRole role);
    // "[NAME=]URL" of a signed feed or a zone transfer. Throws Error(usage).
    void add_feed(const std::string& text);
    // Throw Error(usage).
    void set_action(const std::string& text);
    void add_landing(const std::string& text);
    // Checks that the answers fit together. Throws Error(usage).
    void check() const;
};

std::string saring_toml(const SetupPlan& plan);
// The file for unbound.conf.d that loads the module. `subnetcache`: this Unbound has that module.
std::string unbound_snippet(const std::string& module_file, bool subnetcache);

}  // namespace saring::tool
