// Whether AppArmor, if enabled, permits Unbound the module's files. Debian's profile of Unbound includes a local file,
// into which the module's package writes a line.
#include <sstream>

#include "base/file.h"
#include "doctor/installation.h"

namespace saring::tool {
namespace {

constexpr const char* enabled = "/sys/module/apparmor/parameters/enabled";
constexpr const char* profile = "/etc/apparmor.d/usr.sbin.unbound";
constexpr const char* local = "/etc/apparmor.d/local/usr.sbin.unbound";
constexpr const char* rules = "/etc/apparmor.d/abstractions/unbound-saring";
constexpr const char* line = "include <abstractions/unbound-saring>";
constexpr std::size_t max_bytes = 1u << 20;

bool there(const char* path) { return ::access(path, F_OK) == 0; }

bool has_line() {
    std::istringstream lines(read_file(local, max_bytes));
    for (std::string one; std::getline(lines, one);) {
        auto first = one.find_first_not_of(" \t");
        if (first != std::string::npos && one.compare(first, std::string(line).size(), line) == 0) return true;
    }
    return false;
}

}  // namespace

void check_apparmor(Installation& i) {
    const std::string load = std::string("apparmor_parser -r ") + profile;
    if (!there(enabled) || read_file(enabled, max_bytes).rfind("Y", 0) != 0)
        return i.found.ok("apparmor", msg("is not in use"));
    if (!there(profile)) return i.found.ok("apparmor", msg("has no profile of Unbound (%1)", profile));
    if (!there(rules))
        return i.found.fail("apparmor", msg("%1 does not exist: AppArmor denies Unbound the module's files", rules),
                            "apt install --reinstall ./unbound-module-saring_*.deb");
    if (!there(local) || !has_line())
        return i.found.fail(
            "apparmor", msg("%1 does not include Saring's rules: AppArmor denies Unbound the module's files", local),
            "echo '" + std::string(line) + "' >>" + local + "; " + load);
    i.found.ok("apparmor", msg("%1 includes Saring's rules", local));
}

}  // namespace saring::tool
