#include "feed/zone_source.h"

#include <chrono>
#include <thread>

#include "feed/list_feed.h"
#include "fetch/backoff.h"
#include "fetch/url_parts.h"
#include "rpz/edits.h"
#include "transfer/client.h"
#include "transfer/zone_serial.h"

namespace saring::feed {
namespace {

using Result = transfer::TransferSequence::Result;

struct ZoneUrl {
    std::string host, port = "53";
    OwnerName zone;
};

ZoneUrl parse_zone_url(const config::FeedConfig& feed) {
    auto fail = [&](const Message& why) {
        return Error(ErrorKind::usage, msg("feed %1", feed.name), msg("url: \"%1\" %2", feed.url, why),
                     msg("write axfr://server/zone or axfr://[2001:db8::1]:5353/zone"));
    };
    auto url = fetch::UrlParts::parse(feed.url, CURLU_NON_SUPPORT_SCHEME);
    if (!url) throw fail(msg("is no address"));
    ZoneUrl out;
    out.host = url->part(CURLUPART_HOST);
    if (out.host.size() > 2 && out.host.front() == '[') out.host = out.host.substr(1, out.host.size() - 2);
    if (auto port = url->part(CURLUPART_PORT); !port.empty()) out.port = port;
    auto path = url->part(CURLUPART_PATH);
    if (out.host.empty() || path.size() < 2 || path.find('/', 1) != std::string::npos)
        throw fail(msg("has no server or no zone"));
    if (!url->part(CURLUPART_USER).empty() || !url->part(CURLUPART_QUERY).empty() ||
        !url->part(CURLUPART_FRAGMENT).empty())
        throw fail(msg("has more than a server and a zone"));
    try {
        out.zone = OwnerName::parse(path.substr(1));
    } catch (const Error& e) { throw fail(msg("has a zone that is not a domain name: %1", e.why())); }
    return out;
}

class ZoneSource : public Source, transfer::TransferSink {
public:
    explicit ZoneSource(const SourceContext& context)
        : context_(context), list_(context_), landings_(context.feed.list.landings, "landing") {
        auto url = parse_zone_url(context.feed);
        request_.host = url.host;
        request_.port = url.port;
        request_.zone = url.zone;
        if (!context.feed.list.tsig_file.empty()) request_.key = transfer::read_tsig_key(context.feed.list.tsig_file);
    }

    const char* kind() const override { return "zone transfer"; }

    void fetch(const ledger::FeedState& known) override {
        using namespace std::chrono;
        const auto& f = context_.feed;
        request_.limits = {steady_clock::now() + seconds(f.timeout_seconds), seconds(f.stall_seconds), f.max_bytes};
        mark_ = list_.mark(known);
        if (context_.full) mark_.reset();
        list_.whole_only = mark_ && mark_->whole_only;
        if (mark_) request_.local_serial = mark_->zone_serial;
        if (!list_.whole_only || has_changed()) transfer();
        check_not_older(known);
    }

    void apply(ledger::Writer& writer, ledger::FeedState& state, SyncReport& report) override {
        report.unchanged = outcome_.result == Result::up_to_date;
        report.bytes = bytes_;
        state.serial = outcome_.serial;
        switch (outcome_.result) {
            case Result::up_to_date: {
                list::Targets none;
                return list_.change(writer, *mark_, {}, none, state, report);
            }
            case Result::differences: {
                report.notes.push_back(
                    msg("IXFR: %1 records of difference from serial %2", outcome_.records, mark_->zone_serial));
                list::Targets added = edits_.added();
                list_.change(writer, *mark_, edits_.removed(), added, state, report);
                list_.report_content(collector_.finish(), report);
                return;
            }
            case Result::whole: {
                report.notes.push_back(msg("AXFR: %1 records", outcome_.records));
                if (!why_whole_.empty())
                    report.notes.push_back(msg("the server did not serve the differences (IXFR): %1", why_whole_));
                auto content = collector_.finish();
                content.require_landing(ErrorKind::refused, msg("feed %1", context_.feed.name));
                list_.replace(writer, content.list, state, report);
                list_.report_content(content, report);
                return;
            }
        }
    }

private:
    void run() {
        collector_ = {};
        edits_ = {};
        records_ = 0;
        context_.progress.begin(msg("transferring %1", context_.feed.name), msg("records"), 0);
        outcome_ = transfer_zone(request_, *this, context_.progress);
        context_.progress.end();
        bytes_ += outcome_.bytes;
    }

    // Differences (IXFR) if the server has them, else the whole zone; RFC 1995 section 4 leaves the choice to the
    // client.
    void transfer() {
        try {
            run_with_patience();
            list_.whole_only = false;
        } catch (const transfer::NotReached&) { throw; } catch (const Error& e) {
            if (!request_.local_serial || e.kind() != ErrorKind::network) throw;
            why_whole_ = e.why();
            list_.whole_only = true;
            return whole_again();
        }
        if (outcome_.result == Result::differences && edits_.undecided()) whole_again();
    }

    // For a server without IXFR: compares the SOA serial, so that an unchanged zone is not transferred.
    bool has_changed() {
        try {
            outcome_.serial = ask_serial(request_);
            return transfer::serial_newer(outcome_.serial, mark_->zone_serial);
        } catch (const Error&) {
            return true;  // the transfer reports the error
        }
    }

    // Discards the result of a broken connection; each attempt is a new transfer.
    void run_with_patience() {
        fetch::Backoff backoff;
        for (unsigned failures = 1;; ++failures) {
            try {
                return run();
            } catch (const transfer::ConnectionFailed& e) {
                if (request_.local_serial && !dynamic_cast<const transfer::NotReached*>(&e))
                    throw;  // the caller tries the whole zone
                auto wait = failures <= context_.feed.retries ? backoff.wait(failures) : std::chrono::milliseconds(0);
                if (failures > context_.feed.retries ||
                    std::chrono::steady_clock::now() + wait >= request_.limits.deadline)
                    throw;
                std::this_thread::sleep_for(wait);
            }
        }
    }

    void whole_again() {
        request_.local_serial.reset();
        run_with_patience();
    }

    // A lower serial means that an old zone is being replayed, or that the provider restarted its numbering.
    void check_not_older(const ledger::FeedState& known) const {
        auto before = decode_list_mark(known.own);
        if (!before || !list_.same_source(*before) || outcome_.serial == before->zone_serial ||
            transfer::serial_newer(outcome_.serial, before->zone_serial))
            return;
        throw Error(ErrorKind::trust, msg("feed %1", context_.feed.name),
                    msg("zone %1 went back from serial %2 to %3", request_.zone.to_string(), before->zone_serial,
                        outcome_.serial),
                    msg("an old zone may be replayed; if the provider restarted its serials, give the feed another "
                        "name and revoke %1",
                        list_.order_id()));
    }

    void begin_whole() override { differences_ = false; }
    void begin_differences() override { differences_ = true; }
    void record(const ldns_rr* rr, bool added) override {
        ++records_;
        auto r = rpz::read_rpz_record(rr, request_.zone, landings_);
        if (differences_) edits_.add(r, added);
        if (differences_ && (!added || r.kind == rpz::RpzRecord::Kind::block)) return;
        collector_.add(r, records_, collector_.keeps_text(r) ? text_of(rr) : std::string());
    }

    static std::string text_of(const ldns_rr* rr) {
        char* text = ldns_rr2str(rr);
        std::string out = text ? text : "";
        LDNS_FREE(text);
        for (auto& c : out)
            if (c == '\t') c = ' ';
        while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
        return out;
    }

    const SourceContext context_;
    ListFeed list_;
    list::Landings landings_;
    transfer::TransferRequest request_;
    std::optional<ListMark> mark_;
    rpz::RpzCollector collector_;
    rpz::RpzEdits edits_;
    transfer::TransferOutcome outcome_;
    Message why_whole_;
    std::uint64_t records_ = 0, bytes_ = 0;
    bool differences_ = false;
};

}  // namespace

std::unique_ptr<Source> make_zone_source(const SourceContext& context) { return std::make_unique<ZoneSource>(context); }

}  // namespace saring::feed
