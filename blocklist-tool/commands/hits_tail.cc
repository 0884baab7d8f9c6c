#include <algorithm>
#include <memory>
#include <optional>

#include "base/standard_output.h"
#include "hits_view/hits_output.h"
#include "hits_view/hits_query.h"
#include "program/until_stopped.h"

namespace saring::tool {
namespace {

constexpr int look_every_ms = 500;               // resolvers write twice a second
constexpr std::size_t hits_a_tail_look = 10000;  // then it is looked whether to end

struct HitsTailOptions {
    HitsQuery query;
    std::size_t lines = 10;
    bool follow = false, json = false;
};

class Tail {
public:
    Tail(Session& session, const HitsTailOptions& o)
        : session_(session),
          query_(o.query),
          filter_(o.query.filter(session, hitlog::now_microseconds())),
          lines_(o.lines),
          printer_(o.json ? HitPrinter::Format::lines : HitPrinter::Format::table) {}

    void show_last() {
        hits::HitsReader reader(log_);
        std::vector<hitlog::Hit> last;
        if (lines_ > 0)
            reader.each(filter_, hits::HitsReader::Direction::newest_first, [&](const hitlog::Hit& h) {
                last.push_back(h);
                return last.size() < lines_;
            });
        std::for_each(last.rbegin(), last.rend(), [&](const hitlog::Hit& h) { printer_.add(h); });
        seen_ = reader.ends();
        printer_.flush();
        report(reader);
    }

    void show_new(UntilStopped& until) {
        hits::HitsReader reader(log_);
        std::size_t seen = 0;
        reader.each(
            filter_, hits::HitsReader::Direction::oldest_first,
            [&](const hitlog::Hit& h) {
                printer_.add(h);
                return ++seen % hits_a_tail_look != 0 || until.wait(0);
            },
            &seen_);
        seen_ = reader.ends();
        printer_.flush();
        report(reader);
    }

    void follow(UntilStopped& until) {
        bool begun = false, waits = false;
        while (until.wait(begun || waits ? look_every_ms : 0)) {
            try {
                if (begun || waits) show_new(until);
                else show_last();
                begun = true;
            } catch (const hits::NoHitLog& none) {
                if (!std::exchange(waits, true)) complain(tr("waits for hits: %1", none.message()));
            }
        }
    }

    void end() { printer_.end(false); }
    std::uint64_t printed() const { return printer_.printed(); }
    void tell_of_none() { tell_none(session_, query_, hits::HitsReader(log_)); }

private:
    // Once, not at every look.
    void report(const hits::HitsReader& reader) {
        if (reader.damage().size() > std::exchange(damaged_, reader.damage().size())) report_damage(session_, reader);
    }

    Session& session_;
    HitsQuery query_;
    hitlog::HitFilter filter_;
    std::size_t lines_;
    HitPrinter printer_;
    std::shared_ptr<hits::HitLog> log_ = std::make_shared<hits::HitLog>(session_.config().hits.path);
    hits::Position seen_;
    std::size_t damaged_ = 0;
};

void tail(Session& session, const HitsTailOptions& o) {
    if (o.lines == 0 && !o.follow)
        throw Error(ErrorKind::usage, "--lines", msg("0 shows nothing without --follow"),
                    msg("give a number; all hits: blocklist-tool hits list --reverse --limit 0"));
    Tail t(session, o);
    if (o.follow) {
        if (session.config().hits.path.empty()) read_hits(session);  // says that there will be none
        UntilStopped until;
        try {
            return t.follow(until);
        } catch (const standard_output::ReaderGone&) {  // in the midst of a look
            return standard_output::discard();
        }
    }
    t.show_last();
    t.end();
    if (t.printed() == 0 && session.exit_code == exit_done) t.tell_of_none();
}

}  // namespace

void add_hits_tail(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsTailOptions>();
    auto* c = add_command(hits, "tail", tr("Show the last hits, and with --follow those that come"),
                          [o, &session] { tail(session, *o); });
    o->query.add_to(*c);
    c->add_option("-n,--lines,--limit", o->lines, tr("the last so many"))->capture_default_str()->type_name("N");
    c->add_flag("-f,--follow", o->follow,
                tr("go on with new hits until interrupted; also where the hit log is not there yet"));
    c->add_flag("--json", o->json, tr("a JSON object a line (NDJSON)"));
    c->footer(
        tr("The newest stand last. A hit is seen within a second of its query.\n"
           "%1Examples: blocklist-tool hits tail --follow --region ID-JK\n"
           "          blocklist-tool hits tail -f -n 0 --json | jq -r .qname",
           tr(times_help)));
}

}  // namespace saring::tool
