#include "feed/list_feed.h"

#include <sodium.h>

#include "list/expected_count.h"

namespace saring::feed {
namespace {

constexpr UnixTime day = 86400;
constexpr std::size_t examples = 5;
constexpr std::uint8_t mark_version = 1;
// Version of the list reader. Change it when lists are read differently, so that unchanged lists are read again.
constexpr const char* reading = "2";

Bytes digest_of(ByteView text) {
    Bytes out(16, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    return out;
}

Bytes digest_of_options(const config::ListFeedConfig& l) {
    ByteWriter w;
    w.bytes(reading);
    w.bytes(l.format);
    w.bytes(to_string(l.match));
    for (const auto& landing : l.landings) w.bytes(landing);
    return digest_of(w.take());
}

}  // namespace

Bytes encode(const ListMark& m) {
    ByteWriter w;
    w.integer(mark_version);
    w.integer(m.list_serial);
    w.integer(m.zone_serial);
    w.bytes(m.source);
    w.bytes(m.options);
    if (m.whole_only) w.integer(std::uint8_t{1});
    return w.take();
}

std::optional<ListMark> decode_list_mark(const Bytes& own) {
    if (own.empty() || static_cast<std::uint8_t>(own[0]) != mark_version) return std::nullopt;
    try {
        ByteReader in(own, "feed state");
        in.integer<std::uint8_t>();
        ListMark m;
        m.list_serial = in.integer<std::uint64_t>();
        m.zone_serial = in.integer<std::uint32_t>();
        m.source = in.bytes();
        m.options = in.bytes();
        m.whole_only = !in.empty() && in.integer<std::uint8_t>() != 0;
        in.finish();
        return m;
    } catch (const Error&) {
        return std::nullopt;  // the whole list is read
    }
}

bool ListFeed::same_source(const ListMark& mark) const { return mark.source == digest_of(context_.feed.url); }

void ListFeed::check_not_revoked(const std::optional<policy::OrderRecord>& record) const {
    if (record && record->lifted != policy::never)
        throw Error(ErrorKind::refused, msg("feed %1", context_.feed.name),
                    msg("%1 was revoked %2 by %3", order_id(), format_rfc3339(record->lifted), record->lifted_by),
                    msg("take the feed out of the configuration, or import the list by hand to follow it again"));
}

std::optional<ListMark> ListFeed::mark(const ledger::FeedState& known) const {
    std::optional<policy::OrderRecord> record;
    {
        ledger::lmdb::ReadTxn txn(context_.database->environment());
        ledger::Snapshot snapshot(txn, context_.database->tables());
        if (auto index = snapshot.find_order(order_id())) record = snapshot.order(*index);
    }
    check_not_revoked(record);
    auto mark = decode_list_mark(known.own);
    if (!record || !mark || mark->list_serial != record->applied_serial || !same_source(*mark) ||
        mark->options != digest_of_options(context_.feed.list))
        return std::nullopt;
    return mark;
}

ledger::ListInfo ListFeed::info() const {
    const auto& l = context_.feed.list;
    ledger::ListInfo out;
    out.source = context_.feed.name;
    out.authority = l.authority.empty() ? "list " + context_.feed.name : l.authority;
    out.category = l.category;
    out.action = l.action;
    UnixTime lifetime = context_.config.list_lifetime_days * day;
    out.expires = context_.now + lifetime;
    out.renew_below = lifetime / 2;
    return out;
}

void ListFeed::replace(ledger::Writer& writer, list::Targets& targets, ledger::FeedState& state,
                       SyncReport& report) const {
    auto record = writer.find(order_id());
    check_not_revoked(record);
    if (const auto& expected = context_.feed.list.expect_count; !record && !expected.empty())
        list::ExpectedCount::require(expected, targets.size(), "expect_count", msg("feed %1", context_.feed.name));
    finish(writer, admission::admit_list(context_.config, writer, info(), targets, false, context_.now), state, report);
}

void ListFeed::change(ledger::Writer& writer, const ListMark& before, const list::Targets& removed,
                      list::Targets& added, ledger::FeedState& state, SyncReport& report) const {
    auto record = writer.find(order_id());
    check_not_revoked(record);
    if (!record || record->applied_serial != before.list_serial)
        throw Error(ErrorKind::refused, msg("feed %1", context_.feed.name),
                    msg("%1 was changed by another command meanwhile", order_id()), msg("run sync again"));
    finish(writer, admission::admit_list_change(context_.config, writer, info(), removed, added, context_.now), state,
           report);
}

void ListFeed::finish(ledger::Writer& writer, const admission::ListAdmission& admitted, ledger::FeedState& state,
                      SyncReport& report) const {
    if (admitted.whole) throw *admitted.whole;
    const auto& outcome = admitted.outcome;
    if (outcome.names == 0 && outcome.addresses == 0)
        throw Error(ErrorKind::refused, msg("feed %1", context_.feed.name),
                    msg("the list has no names or addresses left to block"),
                    msg("if that is right: blocklist-tool order revoke %1", order_id()));
    auto record = writer.find(order_id());
    ListMark mark{record->applied_serial, static_cast<std::uint32_t>(state.serial), digest_of(context_.feed.url),
                  digest_of_options(context_.feed.list), whole_only};
    state.own = encode(mark);
    state.orders = 1;
    state.withheld = 0;
    report.items.push_back({outcome.changed() ? SyncItem::Outcome::applied : SyncItem::Outcome::already,
                            order_id(),
                            {},
                            {},
                            {},
                            admitted.held,
                            false});
}

void ListFeed::report_content(const rpz::RpzContent& content, SyncReport& report) const {
    auto some = [&](const std::vector<list::BadLine>& lines, std::uint64_t count, const char* what) {
        if (count == 0) return;
        report.notes.push_back(msg(what, count));
        for (std::size_t i = 0; i < std::min(lines.size(), examples); ++i)
            report.notes.push_back(
                msg("  for example %1: \"%2\": %3", lines[i].line, lines[i].text, lines[i].explanation()));
    };
    some(content.list.bad, content.list.bad_count, marked("%1 bad lines or records left out"));
    some(content.list.skipped, content.list.skipped_count,
         marked("%1 lines or records that a list cannot carry left out"));
    if (content.passed_but_covered)
        report.notes.push_back(msg(content.list.format == list::ListFormat::rpz
                                       ? marked("%1 names that the zone passes are below names that it blocks, and are "
                                                "blocked, such as %2; an order with action passthru allows them")
                                       : marked("%1 names that the list allows are below names that it blocks, and "
                                                "are blocked, such as %2; an order with action passthru allows them"),
                                   content.passed_but_covered, content.passed_examples.front()));
}

}  // namespace saring::feed
