#include "program/session.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <optional>

#include "base/time_text.h"
#include "base/utf8.h"
#include "output/output.h"
#include "settings/settings.h"
#include "state/clock_state.h"
#include "terminal/pager.h"

namespace saring::tool {

const config::Config& Session::config() {
    if (!config_) config_ = std::make_unique<config::Config>(settings::load_config(config::config_path(config_option)));
    return *config_;
}

namespace {

// A warning only, unless the clock is certainly wrong: after one commit by a clock that was ahead, nothing could be
// committed until that time.
void judge_clock(const std::shared_ptr<ledger::Database>& database) {
    UnixTime now = now_unix();
    auto behind = clock_is_behind(Reading(database).snapshot, now);
    if (behind.empty()) return;
    auto remedy = msg("set the clock, e.g. with: timedatectl set-ntp true");
    if (now < earliest_time) throw Error(ErrorKind::refused, msg("clock"), behind, remedy);
    complain("blocklist-tool: " + tr("warning: %1; %2", behind, remedy));
}

}  // namespace

std::shared_ptr<ledger::Database> Session::database_to_write(bool dry_run) {
    auto database = ledger::Database::open_to_write(config());
    if (!dry_run) judge_clock(database);
    image_may_be_behind_ = !dry_run;
    return database;
}

std::shared_ptr<ledger::Database> Session::database_to_begin() {
    auto database = ledger::Database::open_to_write(config(), ledger::Creation::always);
    judge_clock(database);
    image_may_be_behind_ = begins_anew_ = true;
    return database;
}

void Session::choose_time_zone() {
    std::string zone;
    try {
        zone = config().time_zone;
    } catch (const Error&) {}
    if (!zone.empty()) return show_times_in(zone, config().source + ": display.time_zone");
    const char* given = std::getenv("TZ");
    if (!given || !*given) return;
    try {
        show_times_in(given, "TZ");
    } catch (const Error&) {  // an invalid TZ means UTC, as in the C library
    }
}

ledger::CommitInfo Session::commit_info(const std::string& command, const std::string& detail, UnixTime at) const {
    return {command, operator_name(), detail, at};
}

namespace {

std::string name_of(uid_t uid) {
    const passwd* entry = ::getpwuid(uid);
    return entry ? entry->pw_name : "uid " + std::to_string(uid);
}

// The user who logged in to this session (pam_loginuid); only privileged processes can change it afterwards. Nothing
// for services, timers and containers, which no login began.
std::optional<uid_t> login_uid() {
    std::ifstream file("/proc/self/loginuid");
    std::uint32_t uid = 0;
    constexpr auto unset = static_cast<std::uint32_t>(-1);
    return file >> uid && uid != unset ? std::optional<uid_t>(uid) : std::nullopt;
}

}  // namespace

std::string operator_name() {
    auto real = ::getuid();
    auto login = login_uid();
    return login && *login != real ? name_of(*login) + " as " + name_of(real) : name_of(real);
}

namespace {

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

void require_reason(const std::string& reason, bool dry_run) {
    if (dry_run) return;
    if (is_blank(reason))
        throw Error(ErrorKind::usage, "--reason", msg("is missing"),
                    msg("give a reason for the journal, or try first with --dry-run"));
    require_reason(reason);
}

void require_reason(const std::string& reason) {
    if (is_blank(reason))
        throw Error(ErrorKind::usage, "--reason", msg("is empty"), msg("give a reason; the journal keeps it"));
    if (!is_utf8(reason))
        throw Error(ErrorKind::usage, "--reason", msg("has a byte that is not UTF-8"),
                    msg("write the text in UTF-8; the journal keeps it"));
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& summary,
                      std::function<void()> body) {
    auto* command = parent.add_subcommand(name, summary);
    command->fallthrough();  // accepts --config after the command too
    command->callback(std::move(body));
    return command;
}

CLI::App* add_listing(CLI::App& parent, const std::string& name, const std::string& summary,
                      std::function<void()> body) {
    return add_command(parent, name, summary, [body = std::move(body)] {
        begin_paging();
        body();
    });
}

}  // namespace saring::tool
