#include "hits_view/hits_state.h"

#include "hits/takeover.h"
#include "hits_view/hits_query.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

Json hit_time_json(hitlog::Microseconds t) { return t ? Json(hitlog::format_microseconds(t)) : Json(nullptr); }
Json hour_json(hitlog::Hour h) { return hit_time_json(hitlog::Microseconds{h} * 3600 * hitlog::second_us); }

}  // namespace

Json hits_state(Session& session, bool all_frames) {
    const auto& config = session.config().hits;
    auto reader = read_hits(session);
    if (all_frames) reader.check_frames();
    auto s = reader.summary();
    Json j{{"path", config.path},
           {"id", s.id.empty() ? Json(nullptr) : Json(s.id)},
           {"kept", s.kept},
           {"expired", s.expired},
           {"purged", s.purged},
           {"missing", s.missing},
           {"recorded", s.recorded()},
           {"dropped", s.dropped()},
           {"last_sequence", s.last_sequence},
           {"oldest", hit_time_json(s.oldest)},
           {"newest", hit_time_json(s.newest)},
           {"hours_from", hour_json(s.first_hour)},
           {"hours_to", hour_json(s.last_hour)},
           {"bytes", s.bytes},
           {"max_bytes", config.max_size},
           {"instances", Json::array()},
           {"consumers", Json::array()},
           {"runs", Json::array()},
           {"damage", Json::array()},
           {"unconverted", hits::has_earlier_database(config.path)}};
    for (const auto& i : s.instances)
        j["instances"].push_back({{"instance", i.instance},
                                  {"recorded", i.recorded},
                                  {"dropped", i.dropped},
                                  {"uncounted", i.uncounted},
                                  {"last", hit_time_json(i.last)}});
    for (const auto& c : s.consumers)
        j["consumers"].push_back({{"consumer", c.name},
                                  {"sequence", c.sequence},
                                  {"behind", s.last_sequence - std::min(s.last_sequence, c.sequence)}});
    for (const auto& r : s.runs)
        j["runs"].push_back({{"id", hitlog::run_text(r.id)},
                             {"instance", r.instance},
                             {"begun", hit_time_json(r.begun)},
                             {"last_sequence", r.last_sequence}});
    for (const auto& d : reader.damage()) j["damage"].push_back(d.file + ": " + d.message().english());
    return j;
}

Json hits_state_or_error(Session& session) {
    try {
        return hits_state(session, false);
    } catch (const Error& e) { return {{"path", session.config().hits.path}, {"error", e.what()}}; }
}

void print_hits_trouble(const Json& hits) {
    for (const auto& d : hits["damage"])
        print("           " + toned(tr("DAMAGED"), Tone::bad) + ": " + shown(d.get<std::string>()));
    if (hits["unconverted"].get<bool>())
        print("           " + toned(tr("NOT TAKEN OVER"), Tone::bad) + ": " +
              tr("hits of an earlier version lie in %1; run: blocklist-tool hits migrate",
                 shown(hits["path"].get<std::string>() + "/data.mdb")));
}

void print_hits_state(const Json& hits, const Json& module) {
    if (hits.contains("error")) {
        print(tr("hits       %1", shown(hits["error"].get<std::string>())));
    } else {
        auto text = [&](const char* name) {
            return hits[name].is_null() ? std::string() : hits[name].get<std::string>();
        };
        print(tr("hits       %1%2, %3 could not be recorded",
                 trn("%1 record", "%1 records", hits["kept"].get<std::uint64_t>()),
                 text("oldest").empty() ? "" : tr(" since %1", text("oldest")), hits["dropped"].dump()));
        print_hits_trouble(hits);
    }
    auto h = module.find("hits");
    if (h == module.end() || !h->is_object()) return;
    auto number = [&](const char* name) { return h->contains(name) ? shown((*h)[name].dump()) : std::string("?"); };
    print(tr("           of this process: %1 recorded, %2 dropped, %3 waiting, %4 lost", number("recorded"),
             number("dropped"), number("waiting"), number("lost")));
    if (auto failing = h->find("failing");
        failing != h->end() && failing->is_string() && !failing->get<std::string>().empty())
        print("           " + toned(tr("FAILING"), Tone::bad) + ": " + shown(failing->get<std::string>()));
}

}  // namespace saring::tool
