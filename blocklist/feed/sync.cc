#include "feed/sync.h"

#include "admission/admit_list.h"
#include "feed/check_time.h"

namespace saring::feed {
namespace {

ledger::FeedState known_state(const SourceContext& context) {
    ledger::lmdb::ReadTxn txn(context.database->environment());
    auto state = read_feed_state(txn, context.database->tables(), context.feed.name).value_or(ledger::FeedState{});
    if (state.url != context.feed.url || context.full) {
        // ETags of another server are meaningless; the state against replay is kept.
        state.etag.clear();
        state.last_modified.clear();
    }
    state.url = context.feed.url;
    return state;
}

// Whether the two differ at most in their times.
bool same_but_for_time(ledger::FeedState a, const ledger::FeedState& b) {
    a.last_attempt = b.last_attempt;
    a.last_success = b.last_success;
    return encode(a) == encode(b);
}

void run(const SourceContext& context, Source& source, const std::string& operator_name, SyncReport& report) {
    source.fetch(report.state);
    ledger::Writer writer(context.database);
    ledger::FeedState state = report.state;
    source.apply(writer, state, report);
    state.last_attempt = state.last_success = context.now;
    state.failure.clear();
    state.failure_code = 0;
    state.failures = 0;
    const auto& made = writer.so_far();
    report.names_added = made.names_added;
    report.names_removed = made.names_removed;
    report.addresses_added = made.addresses_added;
    report.addresses_removed = made.addresses_removed;
    report.serial = writer.serial() + (writer.changed() ? 1 : 0);
    bool nothing_new = !writer.changed() && same_but_for_time(state, report.state) && report.state.last_success != 0;
    if (!report.dry_run &&
        !(nothing_new && note_checked(context.config.database.path, context.feed.name, context.now))) {
        writer.put_feed(context.feed.name, state);
        report.serial =
            writer.commit({"sync", operator_name,
                           "feed " + context.feed.name + ", serial " + std::to_string(state.serial), context.now});
    }
    report.state = std::move(state);
}

// Best effort: a failure to write here is ignored, and the original failure is reported.
void record_failure(const SourceContext& context, const std::string& operator_name, const admission::ListHeld* held,
                    SyncReport& report) {
    auto& state = report.state;
    state.last_attempt = state.last_failure = context.now;
    state.failure = report.failure->what();
    state.failure_code = static_cast<std::uint8_t>(report.failure->kind());
    ++state.failures;
    try {
        ledger::Writer writer(context.database);
        writer.put_feed(context.feed.name, state);
        if (held) writer.hold_edition(held->id, held->edition, context.now);
        report.serial = writer.commit({"sync", operator_name, "feed " + context.feed.name, context.now});
    } catch (const Error&) {}
}

}  // namespace

SyncReport sync_feed(const SourceContext& context, const std::string& operator_name, bool dry_run) {
    auto source = make_source(context);
    SyncReport report;
    report.feed = context.feed.name;
    report.url = context.feed.url;
    report.kind = source->kind();
    report.dry_run = dry_run;
    report.state = known_state(context);
    try {
        run(context, *source, operator_name, report);
    } catch (const Error& e) {
        // The transaction was dropped, so counts that the source noted do not apply.
        report.failure = e;
        report.items.clear();
        report.names_added = report.names_removed = report.addresses_added = report.addresses_removed = 0;
        const auto* held = dynamic_cast<const admission::ListHeld*>(&e);
        if (held) report.held_change = held->edition.change;
        if (!dry_run) record_failure(context, operator_name, held, report);
    }
    return report;
}

}  // namespace saring::feed
