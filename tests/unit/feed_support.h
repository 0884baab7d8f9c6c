// A publisher's feed on disk and an ISP's database that follows it, at times that the test chooses.
#pragma once

#include "base/file.h"
#include "feed/publish.h"
#include "feed/sync.h"
#include "store_support.h"
#include "trust/signature_files.h"

namespace saring::test {

struct FollowedFeed {
    Store store;
    TempDir ministry;
    trust::minisign::SecretKey order_key = trust::minisign::SecretKey::generate(),
                               feed_key = trust::minisign::SecretKey::generate();
    config::FeedConfig feed;
    NoProgress progress;

    FollowedFeed() {
        store.config.trust.keys = {{"ministry", order_key.public_key(), {trust::KeyRole::order}, {}, {}, {}},
                                   {"feed", feed_key.public_key(), {trust::KeyRole::feed}, {}, {}, {}}};
        feed.name = "ministry";
        feed.url = "file://" + directory();
    }
    std::string directory() const { return ministry / "feed"; }

    // Writes and signs an order; returns its file, for publish().
    std::string draft(const order::Order& order) {
        std::string file = ministry / (order.id + ".json");
        auto document = format_order(order);
        write_file(file, document);
        write_file(trust::signature_path(file, order_key.public_key().id), order_key.sign(document, "test").format());
        return file;
    }
    feed::PublishOutcome publish(const std::vector<std::string>& files, UnixTime now,
                                 const std::vector<std::string>& withdraw = {}) {
        return feed::publish_feed(store.config, feed_key, {directory(), feed.name, files, withdraw, 1000 * day, {}},
                                  now);
    }
    feed::SyncReport sync(UnixTime now, bool dry_run = false) {
        return feed::sync_feed({store.config, feed, store.db, now, progress}, "tester", dry_run);
    }
};

}  // namespace saring::test
