// Reads a signed feed (feed/FORMAT.md) as a client must: uses only data that the manifest's signature covers, and
// fetches only files that the manifest names.
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
    ledger::Document document;  // as received, with the valid signature
    std::string signer;         // the name of its key
    std::string etag, last_modified;
};

// The trust policy for the keys that may sign this feed; one signature suffices. Throws Error(usage) for a name in
// feed.keys that is not a feed key.
trust::TrustPolicy feed_policy(const config::Config& config, const config::FeedConfig& feed);

class SignedFeed {
public:
    // Throws Error(usage) when feed.keys names a key that is not configured for feeds.
    SignedFeed(const config::Config& config, const config::FeedConfig& feed, fetch::Transport& transport);

    // `local_copy`: the last accepted manifest, for a conditional request. Throws Error(trust) when no trusted feed key
    // signed the manifest, Error(network) when it cannot be fetched, Error(usage) when the signed file is not a
    // manifest.
    VerifiedManifest manifest(const std::optional<ledger::Document>& local_copy, const std::string& etag,
                              const std::string& last_modified, UnixTime now);

    // Passes each order with its signatures to `visit`, or the reason why it cannot be fetched: one file's failure does
    // not stop the others. The number is the index in `wanted`. Throws Error(network) when the server becomes
    // unreachable.
    using Fetched = std::variant<admission::Submission, Error>;
    void orders(const std::vector<FeedOrder>& wanted, Progress& progress,
                const std::function<void(std::size_t, Fetched&&)>& visit);

private:
    std::optional<trust::SignatureFile> signature(const Bytes& manifest, bool& by_hand);
    const config::FeedConfig& feed_;
    trust::TrustPolicy policy_;
    fetch::Transport& transport_;
};

// Attacks that a valid signature does not exclude: another feed, rollback, freeze. Each throws Error(trust).
void check_name(const Manifest& m, const std::string& configured);
void check_replay(const Manifest& m, ByteView document, const ledger::FeedState& known);
void check_fresh(const Manifest& m, UnixTime now);

}  // namespace saring::feed
