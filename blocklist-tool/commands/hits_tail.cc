#include <algorithm>
#include <memory>
#include <optional>

#include "base/standard_output.h"
#include "hits_view/hits_output.h"
#include "hits_view/hits_query.h"
#include "program/until_stopped.h"

namespace saring::tool {
namespace {

constexpr int look_every_ms = 500;           // resolvers write twice a second
constexpr std::size_t hits_a_tail_look = 10000;  // then it is looked whether to end

struct HitsTailOptions {
    HitsQuery query;
    std::size_t lines = 10;
    bool follow = false, json = false;
};

class Tail {
public:
    Tail(Session& session, const HitsTailOptions& o)
        : session_(session), filter_(o.query.filter(hits::now_microseconds())), lines_(o.lines),
          printer_(o.json ? HitPrinter::Format::lines : HitPrinter::Format::table) {}

    void show_last() {
        hits::HitsReader reader(db());
        std::vector<hits::Hit> last;
        if (lines_ > 0)
            reader.each(filter_, hits::HitsReader::Direction::newest_first, [&](const hits::Hit& h) {
                last.push_back(h);
                return last.size() < lines_;
            });
        std::for_each(last.rbegin(), last.rend(), [&](const hits::Hit& h) { printer_.add(h); });
        auto s = reader.summary();
        id_ = s.id;
        filter_.after = s.last_sequence;
        printer_.flush();
    }

    // False: more is there already.
    bool show_new() {
        // A view of its own: one that stayed open would keep the writers from reusing space.
        hits::HitsReader reader(db());
        auto s = reader.summary();
        if (!id_.empty() && s.id != id_) {
            complain(tr("the hits database was replaced: goes on with the new one"));
            filter_.after = 0;
        }
        id_ = s.id;
        std::size_t seen = 0;
        reader.each(filter_, hits::HitsReader::Direction::oldest_first, [&](const hits::Hit& h) {
            printer_.add(h);
            filter_.after = h.sequence;
            return ++seen < hits_a_tail_look;
        });
        if (seen < hits_a_tail_look) filter_.after = s.last_sequence;
        printer_.flush();
        return seen < hits_a_tail_look;
    }

    void follow(UntilStopped& until) {
        bool begun = false, waits = false;
        for (bool all = true; until.wait(all ? look_every_ms : 0);) {
            all = true;
            try {
                if (begun || waits) all = show_new();
                else show_last();
                begun = true;
            } catch (const ledger::lmdb::Failure& f) {
                if (f.fault() != ledger::lmdb::Fault::absent) throw;
                if (!std::exchange(waits, true)) complain(tr("waits for hits: %1", f.message()));
                db_.reset();
            }
        }
    }

    void end() { printer_.end(false); }
    std::uint64_t printed() const { return printer_.printed(); }

private:
    std::shared_ptr<hits::HitsDatabase> db() {
        if (db_ && !db_->is_in_place()) db_.reset();
        if (!db_) db_ = open_hits(session_);
        return db_;
    }

    Session& session_;
    hits::HitFilter filter_;
    std::size_t lines_;
    HitPrinter printer_;
    std::shared_ptr<hits::HitsDatabase> db_;
    std::string id_;  // of the database seen last
};

void tail(Session& session, const HitsTailOptions& o) {
    Tail t(session, o);
    if (o.follow) {
        if (session.config().hits.path.empty()) open_hits(session);  // says that there will be none
        UntilStopped until;
        try {
            return t.follow(until);
        } catch (const standard_output::ReaderGone&) {  // in the midst of a look
            return standard_output::discard();
        }
    }
    t.show_last();
    t.end();
    if (t.printed() == 0) session.exit_code = exit_no;
}

}  // namespace

void add_hits_tail(CLI::App& hits, Session& session) {
    auto o = std::make_shared<HitsTailOptions>();
    auto* c = add_command(hits, "tail", tr("Show the last hits, and with --follow those that come"), [o, &session] { tail(session, *o); });
    o->query.add_to(*c);
    c->add_option("-n,--lines", o->lines, tr("the last so many"))->capture_default_str()->type_name("N");
    c->add_flag("-f,--follow", o->follow, tr("go on with new hits until interrupted; also where the hits database is not there yet or is replaced"));
    c->add_flag("--json", o->json, tr("a JSON object a line (NDJSON)"));
    c->footer(tr("The newest stand last. A hit is seen within a second of its query.\n"
                 "%1Examples: blocklist-tool hits tail --follow --region ID-JK\n"
                 "          blocklist-tool hits tail -f -n 0 --json | jq -r .qname", tr(times_help)));
}

}  // namespace saring::tool
