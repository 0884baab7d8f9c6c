// Reading a signed feed (feed/FORMAT.md) as a client must: nothing is believed that the
// manifest's signature does not vouch for, and no file is fetched that it does not name.
#pragma once

#include <functional>
#include <optional>
#include <variant>

#include "admission/admit.h"
#include "base/progress.h"
#include "config/config.h"
#include "feed/manifest.h"
#include "fetch/transport.h"
#include "ledger/feed_state.h"

namespace saring::feed {

struct VerifiedManifest {
    Manifest manifest;
    ledger::Document document;  // as received, with the signature that counts
    std::string signer;         // the name of its key
    std::string etag, last_modified;
};

// The keys that may sign this feed; one of them suffices. Throws Error(usage) for a name in
// feed.keys that is no feed key.
trust::TrustPolicy feed_policy(const config::Config& config, const config::FeedConfig& feed);

class SignedFeed {
public:
    // Throws Error(usage) when feed.keys names a key that is not configured for feeds.
    SignedFeed(const config::Config& config, const config::FeedConfig& feed, fetch::Transport& transport);

    // `at_hand`: the last good one, so that an unchanged feed is not sent again. Throws
    // Error(trust) when no trusted feed key signed it, Error(network) when it cannot be
    // had, Error(usage) when what was signed is no manifest.
    VerifiedManifest manifest(const std::optional<ledger::Document>& at_hand, const std::string& etag,
                              const std::string& last_modified, UnixTime now);

    // Each order with its signatures as submitted, or why it cannot be had: one file's
    // failure does not stop the others. `visit` gets the number in `wanted`. Throws
    // Error(network) when the server is lost.
    using Fetched = std::variant<admission::Submission, Error>;
    void orders(const std::vector<FeedOrder>& wanted, Progress& progress,
                const std::function<void(std::size_t, Fetched&&)>& visit);

private:
    std::optional<trust::SignatureFile> signature(const Bytes& manifest, bool& by_hand);
    const config::FeedConfig& feed_;
    trust::TrustPolicy policy_;
    fetch::Transport& transport_;
};

// The attacks that a good signature does not exclude. Each throws Error(trust).
void check_name(const Manifest& m, const std::string& configured);
void check_replay(const Manifest& m, ByteView document, const ledger::FeedState& known);
void check_fresh(const Manifest& m, UnixTime now);

}  // namespace saring::feed
