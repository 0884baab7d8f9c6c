#include "console/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "console/fleet.h"
#include "doctor/examine.h"
#include "hits_view/hits_output.h"
#include "output/quarantine_output.h"
#include "state/metrics_text.h"
#include "state/order_state.h"
#include "text/zones.h"

namespace saring::tool::console {
namespace {

constexpr UnixTime diagnoses_hold = 60;                      // seconds
constexpr auto first_look = std::chrono::milliseconds(150);  // of the overview, which prepare() counts for

std::function<bool()> over_after(std::chrono::steady_clock::duration time) {
    return [until = std::chrono::steady_clock::now() + time] { return std::chrono::steady_clock::now() >= until; };
}
constexpr const char* policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

void add_headers(Response& r) {
    for (auto [name, value] : {std::pair{"Content-Security-Policy", policy},
                               {"X-Content-Type-Options", "nosniff"},
                               {"X-Frame-Options", "DENY"},
                               {"Referrer-Policy", "no-referrer"},
                               {"Cross-Origin-Resource-Policy", "same-origin"},
                               {"Cross-Origin-Opener-Policy", "same-origin"},
                               {"Permissions-Policy", "geolocation=(), camera=(), microphone=()"}})
        r.headers.emplace_back(name, value);
    bool has_cache =
        std::any_of(r.headers.begin(), r.headers.end(), [](const auto& h) { return h.first == "Cache-Control"; });
    if (!has_cache) r.headers.emplace_back("Cache-Control", "no-store");
}

Response json_response(const Json& j) {
    Response r;
    r.type = "application/json";
    r.body = j.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
    return r;
}

Response file_response(const char* name, const char* type) {
    Response r;
    r.type = type;
    r.body = std::string(shipped_console_file(name));
    r.headers = {{"Cache-Control", "max-age=300"}};
    return r;
}

struct PageRoute {
    const char* path;
    Page (*make)(const PageContext&);
};
constexpr PageRoute pages[] = {
    {"/", overview_page},       {"/hits", hits_page},     {"/top", top_page},     {"/live", live_page},
    {"/name", name_page},       {"/orders", orders_page}, {"/order", order_page}, {"/quarantine", quarantine_page},
    {"/journal", journal_page}, {"/commit", commit_page}, {"/feeds", feeds_page}, {"/quality", quality_page},
};

struct JsonRoute {
    const char* path;
    Json (*make)(const PageContext&);
};
constexpr JsonRoute jsons[] = {
    {"/status.json", [](const PageContext& v) { return status_for(v, in_english); }},
    {"/explain.json", [](const PageContext& v) { return explain_for(v, in_english); }},
    {"/top.json", top_for},
    {"/histogram.json", histogram_for},
    {"/journal.json", journal_for},
    {"/quality.json", quality_for},
    {"/orders.json",
     [](const PageContext& v) { return order_list_json(v.session, Reading(v.session.database()).snapshot, v.now); }},
    {"/order.json",
     [](const PageContext& v) {
         return order_show_json(v.session, Reading(v.session.database()).snapshot, v.parameter("id"));
     }},
    {"/quarantine.json",
     [](const PageContext& v) {
         return held_list_json(Reading(v.session.database()).snapshot, v.parameter("order"), v.parameter("all") == "1",
                               v.now);
     }},
};

// Parameters that the pages would otherwise take for others.
void check_parameters(const Request& request) {
    auto check = [&](const char* name, bool fits, const char* values) {
        if (request.parameter(name).empty() || fits) return;
        throw Error(ErrorKind::usage, name, msg("\"%1\" is none of them", shown(request.parameter(name))),
                    msg("write one of: %1", values));
    };
    auto language = request.parameter("lang"), limit = request.parameter("limit");
    check("lang", language == "id" || language == "en", "id, en");
    check("tz", find_zone(request.parameter("tz")) != nullptr, "WIB, WITA, WIT, UTC");
    check("by", histogram_by(request.parameter("by")).has_value(), "order, region, action");
    if (limit.find_first_not_of("0123456789") != std::string::npos)
        throw Error(ErrorKind::usage, "limit", msg("\"%1\" is not a number", shown(limit)), msg("write e.g. 100"));
}

int status_of(const Error& e) {
    switch (e.kind()) {
        case ErrorKind::not_found: return 404;
        case ErrorKind::usage: return 400;
        case ErrorKind::refused: return 403;
        case ErrorKind::trust:
        case ErrorKind::database:
        case ErrorKind::network: break;
    }
    return 503;
}

}  // namespace

Console::Console(Session& session, const ListenAddress& listens, Live& live, const QualityRecorder& quality)
    : session_(session),
      guard_(session.config().console, listens),
      live_(live),
      quality_(quality),
      log_(std::make_shared<hits::HitLog>(session.config().hits.path)),
      fleet_(session.config().console.fleet ? look_at_fleet(session.config()) : nullptr) {
    const auto& path = session.config().console.access_log;
    if (path.empty()) return;
    access_log_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (access_log_ < 0)
        throw Error(ErrorKind::usage, "console.access_log", msg("%1: %2", path, std::strerror(errno)),
                    msg("name a file that this user may append to"));
}

Console::~Console() {
    if (access_log_ >= 0) ::close(access_log_);
}

Response Console::answer(const Request& request) {
    Response out;
    try {
        out = made(request);
    } catch (const std::exception& e) {
        out = {};
        out.status = 500;
        out.type = "text/plain; charset=utf-8";
        out.body = "unexpected; see the console's log\n";
        complain("blocklist-tool: console: " + request.path + ": " + e.what());
    }
    add_headers(out);
    try {
        log(request, out);
    } catch (const std::exception&) {}
    return out;
}

std::chrono::seconds Console::prepare(const std::function<bool()>& is_over) {
    constexpr UnixTime hour = 3600, settled = 2;
    if (fleet_) return std::chrono::seconds(hour);  // its server counts
    Request request;
    request.method = "GET";
    request.path = "/";
    try {
        Reader reader(request, session_.config().console, session_.config().time_zone);
        if (overview_page(visit(request, reader, is_over)).is_unfinished) return std::chrono::seconds(0);
    } catch (const std::exception&) {}                                // the page says why
    return std::chrono::seconds(hour - now_unix() % hour + settled);  // its time begins at an hour
}

PageContext Console::visit(const Request& request, const Reader& reader, std::function<bool()> is_over) {
    return {session_, request, reader, log_, now_unix(), std::move(is_over), &quality_, &lately_, fleet_.get()};
}

Response Console::made(const Request& request) {
    if (auto refused = guard_.refusal(request)) return *refused;
    if (request.path == "/style.css") return file_response("style.css", "text/css; charset=utf-8");
    if (request.path == "/console.js") return file_response("console.js", "text/javascript; charset=utf-8");
    const auto& config = session_.config();
    Reader reader(request, config.console, config.time_zone);
    ScopedLanguage speaking(reader.language());
    bool is_prepared = !fleet_ && request.path == "/" && request.parameter("since").empty();
    std::chrono::steady_clock::duration look = std::chrono::seconds(config.console.look_seconds);
    auto visit = this->visit(request, reader, over_after(is_prepared ? first_look : look));
    try {
        check_parameters(request);
        for (const auto& route : pages)
            if (request.path == route.path) return page(visit, route.make);
        for (const auto& route : jsons)
            if (request.path == route.path) {
                auto r = json_response(route.make(visit));
                r.shows_subscribers = request.path == std::string("/top.json") &&
                                      (request.parameter("what") == "clients" || !request.parameter("client").empty());
                return r;
            }
        if (request.path == "/hits.json" || request.path == "/hits.csv")
            return exported(visit, request.path == "/hits.csv");
        if (request.path == "/events") return events(visit);
        if (request.path == "/health") {
            auto health = health_page(visit);
            Response r;
            r.body = html_of(health, reader);
            return r;
        }
        if (request.path == "/doctor.json")
            return json_response(diagnoses_json(session_, diagnoses(visit), diagnosed_));
        if (request.path == "/metrics") {
            Response r;
            r.type = "text/plain; version=0.0.4; charset=utf-8";
            r.body = metrics_text(session_, visit.now);
            return r;
        }
    } catch (const Error& e) { return failure(request, reader, e, status_of(e)); }
    Page none;
    none.title = reader.words()["not_found"];
    none.path = "/";
    none.sections = {{.id = "error",
                      .title = reader.words()["not_found"],
                      .paragraphs = {text_cell(reader.words()["not_found_text"])}}};
    Response r;
    r.status = 404;
    r.body = html_of(none, reader);
    return r;
}

Response Console::page(const PageContext& visit, Page (*make)(const PageContext&)) {
    Page p = make(visit);
    Response r;
    r.status = p.status;
    r.body = html_of(p, visit.reader);
    r.shows_subscribers = p.shows_subscribers;
    r.hits_shown = p.hits_shown;
    if (p.is_unfinished && visit.parameter("since").empty()) r.headers = {{"Refresh", "1"}};
    return r;
}

// The error, with the form, so that the reader can correct the input.
Response Console::failure(const Request& request, const Reader& reader, const Error& error, int status) {
    bool for_programs = request.path.ends_with(".json") || request.path.ends_with(".csv") ||
                        request.path == "/events" || request.path == "/metrics";
    Response r;
    r.status = status;
    if (for_programs) {
        r.type = "application/json";
        r.body = Json{{"error", error.message().english()}}.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
        return r;
    }
    const auto& w = reader.words();
    Page p;
    p.title = w[status == 400 ? "wrong_filter" : status == 404 ? "not_found" : "error"];
    p.path = request.path;
    p.query = request.query;
    if (status == 400 && (request.path == "/hits" || request.path == "/top" || request.path == "/live")) {
        auto visit = this->visit(request, reader, over_after({}));
        HitsQuery q;
        for (auto [name, text] : q.fields()) *text = request.parameter(name);
        p.form = form_of(visit, q);
        p.form_path = request.path;
    } else if (request.path == "/name") {
        p.form = {{"name", w["ask_name"], request.parameter("name")}};
        p.form_path = "/name";
    }
    p.sections = {{.id = "error", .title = p.title, .paragraphs = {text_cell(translated(error.message()), Tone::bad)}}};
    r.body = html_of(p, reader);
    return r;
}

Response Console::events(const PageContext& v) {
    HitsQuery q;
    if (v.fleet) throw Error(ErrorKind::not_found, "events", msg("hits of a fleet are not shown live"));
    bool figures_only = v.parameter("figures") == "1";
    if (!figures_only) q = v.query();
    auto filter = v.filter(q);
    if (figures_only) filter.until = filter.since;  // passes no hit
    Response r;
    r.type = "text/event-stream; charset=utf-8";
    r.headers = {{"X-Accel-Buffering", "no"}};
    r.shows_subscribers = !figures_only;
    if (v.request.method == "HEAD") return r;
    r.stream = live_.watch(filter);
    if (r.stream) {
        r.stream->put("", "");  // the head goes out at once
        return r;
    }
    r = {};
    r.status = 503;
    r.type = "text/plain; charset=utf-8";
    r.body = "as many watch as may (console.max_viewers)\n";
    r.headers = {{"Retry-After", "30"}};
    return r;
}

Response Console::exported(const PageContext& v, bool csv) {
    auto asked = v.parameter("limit");
    std::size_t most = v.config().console.export_rows, limit = most;
    if (!asked.empty() && asked.size() < 10 && asked.find_first_not_of("0123456789") == std::string::npos &&
        std::stoul(asked) > 0)
        limit = std::min<std::size_t>(most, std::stoul(asked));
    auto found = find_hits(v, v.query(), limit);
    Response r;
    r.shows_subscribers = true;
    r.hits_shown = found.hits.size();
    bool more = found.more || found.ended_early;
    r.headers = {{"Content-Disposition", csv ? "attachment; filename=\"hits.csv\"" : "inline; filename=\"hits.json\""},
                 {"X-Saring-More", more ? "true" : "false"}};
    if (csv) {
        r.type = "text/csv; charset=utf-8";
        r.body = hit_csv_heads();
        for (const auto& h : found.hits) r.body += hit_csv(h);
        return r;
    }
    r.type = "application/json";
    r.body = "{\n  \"hits\": [";
    bool first = true;
    for (const auto& h : found.hits)
        r.body += (std::exchange(first, false) ? "\n    " : ",\n    ") + json_line(hit_json(h));
    r.body += std::string(first ? "]" : "\n  ]") + ",\n  \"more\": " + (more ? "true" : "false") + "\n}\n";
    return r;
}

const Diagnoses& Console::diagnoses(const PageContext& v) {
    if (!diagnoses_ || v.now - diagnosed_ >= diagnoses_hold) {
        DoctorOptions options;
        options.quick = true;
        diagnoses_ = std::make_unique<Diagnoses>(examine(session_, options, v.now));
        diagnosed_ = v.now;
    }
    return *diagnoses_;
}

Page Console::health_page(const PageContext& v) {
    const auto& w = v.words();
    Page page;
    page.title = w["menu_health"];
    page.path = "/health";
    page.query = v.request.query;
    Json j = diagnoses_json(session_, diagnoses(v), diagnosed_, translated);
    bool healthy = j["healthy"].get<bool>();
    page.heading_note = w[healthy ? "in_order" : "attention"];
    page.tone = healthy ? Tone::good : Tone::bad;
    Table t;
    t.caption = w["menu_health"];
    t.heads = {w["check"], w["state"], w["finding"], w["remedy"]};
    for (const auto& c : j["checks"]) {
        auto health = c["health"].get<std::string>();
        Tone tone = health == "ok"        ? Tone::good
                    : health == "failed"  ? Tone::bad
                    : health == "warning" ? Tone::warning
                                          : Tone::quiet;
        t.rows.push_back({text_cell(c["check"]), text_cell(w["health_" + health], tone), text_cell(c["what"]),
                          text_cell(c["remedy"])});
    }
    page.sections = {{.id = "rows",
                      .title = w["menu_health"],
                      .paragraphs = {text_cell(w["health_intro"], Tone::quiet)},
                      .tables = {t}}};
    page.sections[0].links.push_back({.text = w["export_json"], .href = v.reader.link("/doctor.json")});
    return page;
}

// A JSON object a line: who saw what of subscribers. Other requests are not worth a line.
void Console::log(const Request& request, const Response& response) {
    if (!response.shows_subscribers && response.status < 400) return;
    Json line{{"time", format_rfc3339(now_unix())},
              {"who", guard_.identity(request)},
              {"from", request.peer},
              {"path", url_of(request.path, request.query)},
              {"status", response.status},
              {"subscribers", response.shows_subscribers},
              {"hits", response.hits_shown}};
    auto text = json_line(line) + "\n";
    if (::write(access_log_ >= 0 ? access_log_ : STDERR_FILENO, text.data(), text.size()) < 0 && access_log_ >= 0)
        complain(std::string("blocklist-tool: console: the access log cannot be written: ") + std::strerror(errno));
}

}  // namespace saring::tool::console
