#include "session.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "base/time_text.h"
#include "terminal/pager.h"

namespace saring::tool {

const Config& Session::config() {
    if (!config_) config_ = std::make_unique<Config>(load_config(config_path(config_option)));
    return *config_;
}

void Session::choose_time_zone() {
    std::string zone;
    try {
        zone = config().time_zone;
    } catch (const Error&) {
    }
    if (!zone.empty()) return show_times_in(zone, "display.time_zone");
    const char* given = std::getenv("TZ");
    if (!given || !*given) return;
    try {
        show_times_in(given, "TZ");
    } catch (const Error&) {  // anybody's environment: UTC, as the C library would have it
    }
}

CommitInfo Session::commit_info(const std::string& command, const std::string& detail, UnixTime at) const {
    return {command, operator_name(), detail, at};
}

std::string operator_name() {
    if (const char* behind_sudo = std::getenv("SUDO_USER"); behind_sudo && *behind_sudo) return behind_sudo;
    if (const passwd* entry = ::getpwuid(::geteuid())) return entry->pw_name;
    return "uid " + std::to_string(::geteuid());
}

void require_reason(const std::string& reason) {
    if (reason.find_first_not_of(" \t\r\n") == std::string::npos)
        throw Error(ErrorKind::usage, "--reason", msg("is empty"), msg("say why, for those who ask later"));
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& summary, std::function<void()> body) {
    auto* command = parent.add_subcommand(name, summary);
    command->fallthrough();  // lets --config stand behind the command
    command->callback(std::move(body));
    return command;
}

CLI::App* add_listing(CLI::App& parent, const std::string& name, const std::string& summary, std::function<void()> body) {
    return add_command(parent, name, summary, [body = std::move(body)] {
        begin_paging();
        body();
    });
}

}  // namespace saring::tool
