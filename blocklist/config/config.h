// saring.toml, read by the tool (settings/settings.h) and, as far as a resolver needs it, by the module
// (config_text.h). conf/saring.toml documents every option with default, unit and reason. Unknown options are refused
// with name, line and column: a misspelt safety option that is ignored would protect nobody.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/console_config.h"
#include "config/feeds_config.h"
#include "config/hits_config.h"
#include "config/quality_config.h"
#include "config/safety_config.h"
#include "config/ship_config.h"
#include "geo/locator.h"
#include "net/prefix.h"
#include "policy/action.h"
#include "trust/trust.h"

namespace saring::config {

enum class FailurePolicy {
    resolve,   // answer as if nothing were blocked
    servfail,  // answer SERVFAIL to queries that cannot be checked
};

struct Config {
    std::string source;  // path of the file
    std::string digest;  // SHA-256 of the file's text, hex; empty: there was no file

    struct {
        std::string path = "/var/lib/saring/blocklist";
        std::size_t map_size = std::size_t{16} << 30;  // bytes of address space, not of disk
        unsigned max_readers = 512;
        unsigned lock_wait = 120;    // seconds that a command waits for another one that writes
        unsigned resolver_wait = 5;  // seconds that it waits for resolvers on this machine; 0: does not wait
        std::string image;           // folder of the image for resolvers; empty: "image" in `path`

        // Empty when `path` is.
        std::string image_folder() const { return !image.empty() || path.empty() ? image : path + "/image"; }
    } database;

    trust::TrustPolicy trust;

    std::vector<FeedConfig> feeds;  // in the order of the file

    struct {
        policy::Action action = policy::Action::nxdomain;  // for orders without an action
        unsigned ttl = 30;                                 // seconds, 0 to 86400
        unsigned keep = 300;  // seconds that Unbound may give a blocked answer from its cache, 0 to 3600
        std::vector<Prefix> redirect_a, redirect_aaaa;
        std::string redirect_cname;  // instead of addresses: a landing host, resolved like any name
        std::string soa_mname = ".", soa_rname = ".";
        std::string language = "en";  // of EXTRA-TEXT: en or id
        // EDNS option code of structured DNS errors, which has no assigned code yet; 0: off.
        unsigned structured_error_option = 0;
    } answer;

    geo::LocationConfig region;
    bool believe_client_subnet = false;  // locate a client by its EDNS Client Subnet option

    struct {
        unsigned sweep_seconds = 60;  // interval at which the whole message cache is checked
    } eviction;

    struct {
        std::string status_file = "/run/saring/module.json";  // empty: none
    } module;

    struct {
        FailurePolicy policy = FailurePolicy::resolve;
    } failure;

    HitsConfig hits;
    ShipConfig ship;
    ConsoleConfig console;
    QualityConfig quality;

    SafetyConfig safety;
    LocalConfig local;

    // Time zone of times that the tool prints for people, e.g. "Asia/Jakarta"; empty: $TZ, else UTC. JSON is in UTC.
    std::string time_zone;

    // Lifetime of a list imported without --expires, in days; importing again renews it.
    unsigned list_lifetime_days = 30;
};

// `given`, else $SARING_CONFIG, else /etc/saring/saring.toml.
std::string config_path(const std::string& given);

}  // namespace saring::config
