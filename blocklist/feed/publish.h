// The ministry's side of a feed: what feed/FORMAT.md says must hold of the directory, at
// every instant, also when the program is killed. Files come first, then the manifest's
// signature, then the manifest, by rename; nothing that a published manifest names is
// ever changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "feed/manifest.h"
#include "order/order.h"
#include "trust/minisign.h"

namespace saring::feed {

struct PublishRequest {
    std::string directory;                // created when it is not there
    std::string name;                     // of the feed; may be empty once it exists
    std::vector<std::string> add;         // order files, their signatures beside them
    std::vector<std::string> withdraw;    // ids
    UnixTime valid_for = 0;               // seconds
    std::optional<std::uint64_t> serial;  // instead of the next one; must be higher than the last
};

struct PublishOutcome {
    Manifest manifest;
    std::vector<std::string> added, withdrawn, expired;  // ids; expired: left out for that
    // Lifts that have expired and stay, each with the order that it lifts and that holds on.
    std::vector<std::pair<std::string, std::string>> kept;
    std::vector<std::string> already;  // given, but in the feed as they are
    std::vector<Message> notes;        // what people should know besides
};

// Throws Error(trust) when an order's signatures are not enough for this configuration,
// when `key` is no trusted feed key in it, or when the feed that is there was not signed by
// one; Error(refused) for an expired order, for one dated ahead, for an id that is taken by other content, for a new
// lift that lifts nothing, and for a lift to withdraw while what it lifts has not ended;
// Error(not_found) for an order to withdraw that is not there. Nothing is published then.
PublishOutcome publish_feed(const config::Config& config, const trust::minisign::SecretKey& key,
                            const PublishRequest& request, UnixTime now);

// Why lifts of `draft` would be refused by publish_feed(); empty when each lifts something. Throws Error(usage) when no
// feed is at `directory`, Error(trust) when it was not signed by a feed key of the configuration.
std::vector<Message> lifting_nothing(const config::Config& config, const std::string& directory,
                                     const order::Order& draft, UnixTime now);

}  // namespace saring::feed
