#include "console/guard.h"

#include <sodium.h>

#include <algorithm>

#include "base/file.h"
#include "base/hex.h"

namespace saring::tool::console {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double pages_a_second = 20, pages_at_once = 60;
constexpr std::size_t max_known = 2000;
constexpr int wrong_tokens_a_minute = 20;
constexpr std::size_t least_token = 16;  // characters

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

std::string without_port(const std::string& host) {
    if (!host.empty() && host[0] == '[')
        return host.substr(1, host.find(']') == std::string::npos ? std::string::npos : host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

Response plain(int status, const std::string& text) {
    Response r;
    r.status = status;
    r.type = "text/plain; charset=utf-8";
    r.body = text;
    return r;
}

std::string first_line(const Bytes& text) { return std::string(text.substr(0, text.find_first_of("\r\n"))); }

bool are_equal(const std::string& a, const std::string& b) {
    return a.size() == b.size() && ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// user:password of HTTP's basic authentication; any user will do.
std::string password_of(const std::string& encoded) {
    std::string out(encoded.size(), '\0');
    std::size_t size = 0;
    if (::sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), encoded.data(), encoded.size(),
                            " ", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return {};
    out.resize(size);
    auto colon = out.find(':');
    return colon == std::string::npos ? std::string() : out.substr(colon + 1);
}

}  // namespace

AccessGuard::AccessGuard(const config::ConsoleConfig& config, const ListenAddress& listens)
    : config_(config), listens_(listens) {
    if (!config.token_file.empty()) {
        token_ = first_line(read_secret_file(config.token_file, 4096));
        if (token_.size() < least_token)
            throw Error(ErrorKind::usage, config.token_file,
                        msg("holds no token of at least %1 characters", least_token),
                        msg("make one, e.g.: openssl rand -hex 32"));
    } else if (!listens.is_loopback) {
        throw Error(
            ErrorKind::usage, "console.listen",
            msg("%1 is reached from other machines, and no token is asked for", config.listen),
            msg("set console.token_file, or listen on a unix socket or a loopback address behind a web server"));
    }
}

bool AccessGuard::knows_host(const Request& r) const {
    if (r.peer == "unix") return true;  // the web server before it looks after names
    auto host = lower(without_port(r.header("host")));
    if (host == "localhost" || host == "127.0.0.1" || host == "::1" || host == lower(listens_.address)) return true;
    return std::any_of(config_.host_names.begin(), config_.host_names.end(),
                       [&](const auto& known) { return lower(known) == host; });
}

bool AccessGuard::has_token(const Request& r) const {
    if (token_.empty()) return true;
    auto given = r.header("authorization");
    auto after = [&](const char* scheme) {
        return lower(given.substr(0, std::char_traits<char>::length(scheme))) == scheme
                   ? given.substr(std::char_traits<char>::length(scheme))
                   : std::string();
    };
    return are_equal(after("bearer "), token_) || are_equal(password_of(after("basic ")), token_);
}

std::string AccessGuard::identity(const Request& r) const {
    if (!config_.identity_header.empty() && r.peer_is_local)
        if (auto said = r.header(lower(config_.identity_header)); !said.empty()) return said.substr(0, 200);
    return token_.empty() ? "-" : "token";
}

bool AccessGuard::is_too_fast(const Request& r) {
    auto who = r.peer_is_local ? r.peer + " " + identity(r) : r.peer;
    auto now = Clock::now();
    if (allowances_.size() >= max_known)
        std::erase_if(allowances_, [&](const auto& known) { return now - known.second.at > std::chrono::seconds(60); });
    if (allowances_.size() >= max_known) allowances_.clear();
    auto [at, is_new] = allowances_.try_emplace(who, RequestBudget{pages_at_once, now});
    auto& a = at->second;
    a.left = std::min(pages_at_once, a.left + std::chrono::duration<double>(now - a.at).count() * pages_a_second);
    a.at = now;
    if (a.left < 1) return true;
    a.left -= 1;
    return false;
}

std::optional<Response> AccessGuard::refusal(const Request& r) {
    if (!knows_host(r)) return plain(421, "this host name is not the console's; see console.host_names\n");
    auto now = Clock::now();
    if (now - wrong_since_ > std::chrono::minutes(1)) wrong_since_ = now, wrong_tokens_ = 0;
    if (!has_token(r)) {
        if (++wrong_tokens_ > wrong_tokens_a_minute) {
            auto busy = plain(429, "too many wrong tokens\n");
            busy.headers = {{"Retry-After", "60"}};
            return busy;
        }
        auto ask = plain(401, "a token is asked for\n");
        ask.headers = {{"WWW-Authenticate", "Basic realm=\"Saring\", charset=\"UTF-8\""}};
        return ask;
    }
    if (is_too_fast(r)) {
        auto busy = plain(429, "too many requests\n");
        busy.headers = {{"Retry-After", "1"}};
        return busy;
    }
    return std::nullopt;
}

}  // namespace saring::tool::console
