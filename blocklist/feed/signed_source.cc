#include "feed/signed_source.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/sha256.h"
#include "feed/signed_feed.h"

namespace saring::feed {
namespace {

using Outcome = SyncItem::Outcome;

// Orders that the feed once published and that are still in force here.
Bytes encode_ids(const std::set<std::string>& ids) {
    ByteWriter w;
    w.integer(static_cast<std::uint32_t>(ids.size()));
    for (const auto& id : ids) w.bytes(id);
    return w.take();
}

std::set<std::string> decode_ids(const Bytes& value) {
    std::set<std::string> out;
    if (value.empty()) return out;
    ByteReader in(value, "feed state");
    for (auto n = in.integer<std::uint32_t>(); n > 0; --n) out.emplace(in.bytes());
    in.finish();
    return out;
}

class SignedSource : public Source {
public:
    explicit SignedSource(const SourceContext& context)
        : context_(context),
          transport_(fetch::open_transport(context.feed)),
          feed_(context.config, context.feed, *transport_) {}

    const char* kind() const override { return "signed feed"; }

    void fetch(const ledger::FeedState& known) override {
        std::optional<ledger::Document> local_copy;
        {
            ledger::lmdb::ReadTxn txn(context_.database->environment());
            if (auto stored = read_manifest(txn, context_.database->tables(), context_.feed.name))
                local_copy = ledger::decode_document(*stored);
        }
        before_ = local_copy ? std::optional(parse_manifest(local_copy->content,
                                                            "the last good manifest of feed " + context_.feed.name))
                             : std::nullopt;
        manifest_ = feed_.manifest(local_copy, known.etag, known.last_modified, context_.now);
        check_name(manifest_.manifest, context_.feed.name);
        check_replay(manifest_.manifest, manifest_.document.content, known);
        check_fresh(manifest_.manifest, context_.now);
        unchanged_ = local_copy && local_copy->content == manifest_.document.content;
        compare();
        feed_.orders(wanted_, context_.progress, [&](std::size_t i, SignedFeed::Fetched&& got) {
            if (auto* submission = std::get_if<admission::Submission>(&got))
                received_[wanted_[i].id] = std::move(*submission);
            else refuse(wanted_[i], std::get<Error>(got));
        });
    }

    void apply(ledger::Writer& writer, ledger::FeedState& state, SyncReport& report) override {
        report.unchanged = unchanged_;
        report.bytes = transport_->bytes();
        admission::OrderIds ids(writer.snapshot());
        context_.progress.begin(msg("applying %1", context_.feed.name), msg("orders"), wanted_.size());
        std::uint64_t done = 0;
        for (const auto& order : wanted_) {  // in the order of the manifest
            if (received_.count(order.id) && apply_one(writer, order)) {
                if (auto note = ids.mistakable(order.id)) report.notes.push_back(*note);
                ids.add(order.id);
            }
            context_.progress.at(++done);
        }
        context_.progress.end();
        report_idle_lifts(writer);
        auto unpublished_ids = unpublished(writer, state);
        const auto& m = manifest_.manifest;
        state.serial = m.serial;
        state.generated = m.generated;
        state.valid_until = m.valid_until;
        state.digest = sha256_hex(manifest_.document.content);
        state.etag = manifest_.etag;
        state.last_modified = manifest_.last_modified;
        state.orders = static_cast<std::uint32_t>(m.orders.size());
        state.own = encode_ids(unpublished_ids);
        report.items = std::move(items_);
        state.withheld = static_cast<std::uint32_t>(report.count(Outcome::refused));
        if (!unchanged_) writer.put_manifest(context_.feed.name, encode(manifest_.document));
    }

private:
    // Finds the orders that the database lacks. Compares by content, since a rollback may have removed orders that an
    // earlier synchronisation applied.
    void compare() {
        ledger::lmdb::ReadTxn txn(context_.database->environment());
        ledger::Snapshot snapshot(txn, context_.database->tables());
        for (const auto& order : manifest_.manifest.orders) {
            auto index = snapshot.find_order(order.id);
            if (!index) {
                wanted_.push_back(order);
                continue;
            }
            auto document = snapshot.document(*index);
            if (document && document->content.size() == order.file.size &&
                sha256_hex(document->content) == order.file.sha256)
                items_.push_back({Outcome::already, order.id, order.file.path, {}, {}});
            else
                refuse(order,
                       Error(ErrorKind::refused, msg("order %1", order.id),
                             msg("another document with this id was applied before"),
                             msg("an order is immutable: the authority must issue the change under a new number")));
        }
    }

    void refuse(const FeedOrder& order, const Error& e) {
        items_.push_back({Outcome::refused, order.id, order.file.path, e.kind(), e.message()});
    }

    // True when the order was applied.
    bool apply_one(ledger::Writer& writer, const FeedOrder& order) {
        auto submission = received_.extract(order.id).mapped();
        try {
            auto checked = check_order(context_.config, submission, true, context_.now);
            if (checked.order.id != order.id)
                throw Error(ErrorKind::trust, submission.source,
                            msg("is order %1, but the manifest says %2", checked.order.id, order.id),
                            msg("ask the feed's publisher"));
            if (!checked.order.revokes.empty() && checked.order.effective > context_.now) {
                items_.push_back({Outcome::later,
                                  order.id,
                                  order.file.path,
                                  {},
                                  msg("revokes others only from %1", format_rfc3339(checked.order.effective))});
                return false;
            }
            bool applied = admission::admit(context_.config, writer, checked, context_.now) == ledger::Applied::applied;
            if (applied)
                items_.push_back({Outcome::applied,
                                  order.id,
                                  order.file.path,
                                  ErrorKind::refused,
                                  {},
                                  checked.held(),
                                  checked.nothing_left()});
            else items_.push_back({Outcome::already, order.id, order.file.path, {}, {}});
            return applied;
        } catch (const Error& e) {
            if (e.kind() == ErrorKind::database) throw;  // not specific to this order
            refuse(order, e);
            return false;
        }
    }

    // Called last: a publication may have a lift and the order it lifts in either sequence.
    void report_idle_lifts(const ledger::Writer& writer) {
        for (auto& item : items_)
            if (item.outcome == Outcome::applied)
                if (auto index = writer.snapshot().find_order(item.order))
                    item.idle = idle_lifts(writer.snapshot(), *index);
    }

    std::set<std::string> unpublished(ledger::Writer& writer, const ledger::FeedState& state) {
        auto ids = decode_ids(state.own);
        if (before_)
            for (const auto& o : before_->orders) ids.insert(o.id);
        for (const auto& o : manifest_.manifest.orders) ids.erase(o.id);
        for (auto at = ids.begin(); at != ids.end();) {
            auto record = writer.find(*at);
            if (record && record->state(context_.now) != policy::OrderState::revoked &&
                record->state(context_.now) != policy::OrderState::expired) {
                items_.push_back({Outcome::unpublished,
                                  *at,
                                  {},
                                  {},
                                  msg("is no longer published; it stays in force until %1 unless an order revokes it",
                                      format_rfc3339(record->expires))});
                ++at;
            } else {
                at = ids.erase(at);
            }
        }
        return ids;
    }

    const SourceContext context_;
    std::unique_ptr<fetch::Transport> transport_;
    SignedFeed feed_;
    std::optional<Manifest> before_;
    VerifiedManifest manifest_;
    bool unchanged_ = false;
    std::vector<FeedOrder> wanted_;
    std::map<std::string, admission::Submission> received_;
    std::vector<SyncItem> items_;
};

}  // namespace

std::unique_ptr<Source> make_signed_source(const SourceContext& context) {
    return std::make_unique<SignedSource>(context);
}

}  // namespace saring::feed
