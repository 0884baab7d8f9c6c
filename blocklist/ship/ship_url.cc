#include "ship/ship_url.h"

#include "base/error.h"
#include "fetch/url.h"
#include "fetch/url_parts.h"

namespace saring::ship {
namespace {

const char* const example = marked("write e.g. https://saring@clickhouse.example:8443/saring");

// Returns the value from the URL or the option; they must not differ.
std::string one_of(const std::string& what, const std::string& in_url, const std::string& option) {
    if (!in_url.empty() && !option.empty() && in_url != option)
        throw Error(ErrorKind::usage, "ship",
                    msg("the URL names the %1 \"%2\", option ship.%3 \"%4\"", what, in_url, what, option),
                    msg("name one"));
    return in_url.empty() ? option : in_url;
}

bool is_identifier(const std::string& s) {
    return !s.empty() && s.size() <= 64 &&
           s.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
               std::string::npos &&
           !(s[0] >= '0' && s[0] <= '9');
}

}  // namespace

ShipUrl parse_ship_url(const config::ShipConfig& config) {
    auto parsed = fetch::UrlParts::parse(config.url, CURLU_NON_SUPPORT_SCHEME);
    // The text may contain a password by mistake: do not repeat it before that is excluded.
    if (!parsed)
        throw Error(ErrorKind::usage, "ship", msg("the URL is not a web address"), msg("%1, or stdout", msg(example)));
    std::string host = parsed->part(CURLUPART_HOST), scheme = parsed->part(CURLUPART_SCHEME);
    if (!parsed->part(CURLUPART_PASSWORD).empty())
        throw Error(ErrorKind::usage, "ship", msg("the URL of %1 contains a password", host),
                    msg("leave it out, and name a file that holds it as ship.password_file"));
    auto refuse = [&](const Message& why, const Message& remedy) {
        return Error(ErrorKind::usage, "ship", msg("the URL \"%1\" %2", config.url, why), remedy);
    };
    if (scheme != "https" && scheme != "http")
        throw refuse(msg("is neither http nor https"), msg("%1, or stdout", msg(example)));
    if (scheme == "http" && !fetch::is_loopback_host(host) && !config.insecure_http)
        throw refuse(msg("is not encrypted"),
                     msg("use https; over a tunnel or a network of your own, insecure_http = true allows http"));
    if (!parsed->part(CURLUPART_QUERY).empty()) throw refuse(msg("has a query"), msg("leave out what follows '?'"));
    if (!parsed->part(CURLUPART_FRAGMENT).empty())
        throw refuse(msg("has a fragment"), msg("leave out what follows '#'"));
    std::string path = parsed->part(CURLUPART_PATH);
    while (!path.empty() && path.front() == '/') path.erase(0, 1);
    while (!path.empty() && path.back() == '/') path.pop_back();
    ShipUrl out;
    out.user = one_of("user", parsed->part(CURLUPART_USER, CURLU_URLDECODE), config.user);
    out.database = one_of("database", path, config.database);
    if (out.database.empty()) out.database = config::ShipConfig::default_database;
    if (!is_identifier(out.database))
        throw Error(ErrorKind::usage, "ship", msg("the database \"%1\" is not a plain identifier", out.database),
                    msg("take letters, digits and underscores, no digit first"));
    std::string port = parsed->part(CURLUPART_PORT);
    out.base = scheme + "://" + host + (port.empty() ? "" : ":" + port) + "/";
    return out;
}

}  // namespace saring::ship
