#include "ship/clickhouse.h"

#include <algorithm>
#include <charconv>

#include "base/file.h"

namespace saring::ship {
namespace {

// Settings sent with each request, since the server's configuration and profiles may differ.
struct Setting {
    const char *name, *value;
};
constexpr Setting wanted_settings[] = {
    {"async_insert", "0"},  // an accepted insert is written
    {"database_atomic_wait_for_drop_and_detach_synchronously",
     "1"},                                      // DROP waits for inserts in progress (clickhouse_destination.h)
    {"materialized_views_ignore_errors", "0"},  // an accepted insert is written through the view as well
    {"insert_deduplicate", "0"},                // no block is silently dropped as a duplicate
    {"check_table_dependencies", "0"},          // allows dropping the ingest table before the view that reads it
    {"check_referential_table_dependencies", "0"},
};

// ClickHouse's error codes (ErrorCodes.cpp) for failures that do not pass with time.
constexpr int refused_user[] = {164, 192, 193, 194, 195, 291, 497, 516};
constexpr int not_understood[] = {48, 62};
constexpr int table_is_gone[] = {60, 218};
constexpr int took_too_long = 159;

template <std::size_t n>
bool among(const int (&all)[n], int one) {
    return std::find(std::begin(all), std::end(all), one) != std::end(all);
}

std::string password_of(const config::ShipConfig& config) {
    if (config.password_file.empty()) return {};
    auto text = read_file(config.password_file, 4096);
    return text.substr(0, text.find_first_of("\r\n"));
}

// The code in "Code: 60, e.displayText() = ..." or "Code: 60. DB::Exception: ..."; 0: not ClickHouse's format.
int code_of(const std::string& body) {
    auto at = body.find("Code: ");
    int code = 0;
    if (at != std::string::npos) std::from_chars(body.data() + at + 6, body.data() + body.size(), code);
    return code;
}

// The server's message on one line.
std::string one_line(std::string text) {
    constexpr std::size_t max_length = 300;
    if (auto tail = text.find(", e.what()"); tail != std::string::npos) text.resize(tail);
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    if (text.size() > max_length) text = text.substr(0, max_length) + "...";
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

}  // namespace

ClickHouse::ClickHouse(const config::ShipConfig& config, StopSignal* stop)
    : url_(parse_ship_url(config)), http_(url_, config, password_of(config), stop) {}

void ClickHouse::greet() {
    settings_.clear();
    auto version = lines("SELECT version()");
    // "24.8.4.13", "23.8.11.29.altinitystable"
    constexpr std::string_view in_version = "0123456789.-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (version.size() != 1 || version[0].find('.') == std::string::npos ||
        version[0].find_first_not_of(in_version) != std::string::npos)
        throw Error(ErrorKind::network, url_.base, msg("does not answer like ClickHouse"),
                    msg("give the address of its HTTP interface, by default port 8123"));
    std::string names;
    for (const auto& s : wanted_settings) names += (names.empty() ? "'" : ", '") + std::string(s.name) + "'";
    std::string known;
    for (const auto& name : lines("SELECT name FROM system.settings WHERE name IN (" + names + ")"))
        for (const auto& s : wanted_settings)
            if (name == s.name) known += "&" + name + "=" + s.value;
    settings_ = known;
}

void ClickHouse::read_only(unsigned seconds) {
    settings_ = "&max_execution_time=" + std::to_string(seconds) + "&readonly=1";
}

HttpAnswer ClickHouse::ask(const std::string& query, ByteView body) {
    // wait_end_of_query: the HTTP status is that of the completed statement.
    auto answer = http_.post("wait_end_of_query=1" + settings_ + query, body);
    if (answer.status != 200) fail(answer);
    return answer;
}

std::vector<std::string> ClickHouse::lines(const std::string& sql) {
    auto answer = ask("", sql);
    std::vector<std::string> out;
    for (std::size_t at = 0; at < answer.body.size();) {
        auto end = std::min(answer.body.find('\n', at), answer.body.size());
        out.push_back(answer.body.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

std::uint64_t ClickHouse::number(const std::string& sql) {
    auto all = lines(sql);
    return number_in(all.size() == 1 ? all[0] : "");
}

std::uint64_t ClickHouse::number_in(const std::string& field) const {
    std::uint64_t out = 0;
    auto end = field.data() + field.size();
    auto read = std::from_chars(field.data(), end, out);
    if (read.ec != std::errc() || read.ptr != end)
        throw TemporaryFailure(url_.base, msg("answered \"%1\" where a number was expected", one_line(field)),
                               msg("check proxies in between"));
    return out;
}

void ClickHouse::insert(const std::string& table, ByteView block) {
    ask("&query=" + http_.escape("INSERT INTO " + url_.database + "." + table + " FORMAT Native"), block);
}

void ClickHouse::fail(const HttpAnswer& answer) const {
    int code = code_of(answer.body);
    std::string why = code ? one_line(answer.body) : "answered with status " + std::to_string(answer.status);
    if (among(refused_user, code) || (code == 0 && (answer.status == 401 || answer.status == 403)))
        throw Error(ErrorKind::network, url_.base,
                    msg("refuses the user \"%1\": %2", url_.user.empty() ? msg("default") : url_.user, why),
                    msg("check ship.user, ship.password_file and what the user may do"));
    if (among(not_understood, code) ||
        (code == 0 && answer.status < 500 && answer.status != 408 && answer.status != 429))
        throw Error(ErrorKind::network, url_.base, why,
                    msg("is it ClickHouse's HTTP interface, of version 18.16 or later?"));
    if (among(table_is_gone, code))
        throw TemporaryFailure(url_.base, why,
                               msg("another shipper of the same hit log, or an administrator, dropped it"));
    if (code == took_too_long) throw TookTooLong(url_.base, why, msg("ask for a shorter time"));
    throw TemporaryFailure(url_.base, why, msg("see the server's log"));
}

}  // namespace saring::ship
