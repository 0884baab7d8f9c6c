// The publisher's side of a feed. Keeps feed/FORMAT.md's promise at every instant, also when the program is killed:
// order files are written first, then the manifest's signature, then the manifest, by rename; no file that a published
// manifest names is ever changed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "feed/manifest.h"
#include "order/order.h"
#include "trust/minisign.h"

namespace saring::feed {

struct PublishRequest {
    std::string directory;                // created when missing
    std::string name;                     // the feed's; may be empty once the feed exists
    std::vector<std::string> add;         // paths of order files with their signatures beside them
    std::vector<std::string> withdraw;    // ids
    UnixTime valid_for = 0;               // seconds
    std::optional<std::uint64_t> serial;  // absent: the next one; must be higher than the last
    // Called when another publication is waited for, at most database.lock_wait_seconds.
    std::function<void(const Message& holder)> on_wait = {};
};

struct PublishOutcome {
    Manifest manifest;
    std::vector<std::string> added, withdrawn, expired;  // ids; expired: removed because they ended
    // Expired lifts that stay, each with the order that it lifts and that has not ended.
    std::vector<std::pair<std::string, std::string>> kept;
    std::vector<std::string> already;  // given, but already in the feed
    std::vector<Message> notes;        // printed for the publisher
};

// On error nothing is published. Throws Error(trust) when an order's signatures do not satisfy this configuration,
// `key` is not a trusted feed key in it, or the existing feed was not signed by one; Error(refused) for an expired
// order, one dated ahead, an id that is used with other content, a new lift that lifts nothing, and the withdrawal of a
// lift while an order it lifts has not ended; Error(not_found) for an order to withdraw that is not in the feed.
PublishOutcome publish_feed(const config::Config& config, const trust::minisign::SecretKey& key,
                            const PublishRequest& request, UnixTime now);

// Reasons why publish_feed() would refuse lifts of `draft`; empty when each lifts something. Throws Error(usage) when
// there is no feed at `directory`, Error(trust) when it was not signed by a feed key of the configuration.
std::vector<Message> lifting_nothing(const config::Config& config, const std::string& directory,
                                     const order::Order& draft, UnixTime now);

}  // namespace saring::feed
