// Unbound's installation and configuration, according to unbound -V and unbound-checkconf.
#include <algorithm>
#include <sstream>

#include "config/module_chain.h"
#include "doctor/installation.h"
#include "program/child_program.h"

namespace saring::tool {
namespace {

std::string line_with(const std::string& text, const std::string& beginning) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.rfind(beginning, 0) == 0) return line.substr(beginning.size());
    return "";
}

bool has_word(const std::string& text, const std::string& word) {
    std::istringstream words(text);
    for (std::string w; words >> w;)
        if (w == word) return true;
    return false;
}

std::string one_line(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

bool check_program(Installation& i, const std::string& program) {
    if (program.empty()) {
        i.found.fail("unbound.program", msg("there is no program \"%1\"", i.options.unbound),
                     "apt install ./unbound_*.deb ./unbound-module-saring_*.deb");
        return false;
    }
    auto said = run_program({program, "-V"});
    auto version = line_with(said.text, "Version "), modules = line_with(said.text, "Linked modules:");
    if (said.exit_code != 0 || version.empty()) {
        i.found.fail("unbound.program",
                     msg("%1 -V says \"%2\", exit code %3", program, one_line(said.text), said.exit_code),
                     program + " -V");
        return false;
    }
    if (has_word(modules, "dynlib"))
        i.found.ok("unbound.program", msg("%1: version %2, built with dynlib", program, version));
    else
        i.found.fail("unbound.program",
                     msg("%1: version %2 was built without dynlib, and can load no module", program, version),
                     "apt install ./unbound_*+saring*.deb ./unbound-module-saring_*.deb");
    return true;
}

// All values of an option of unbound.conf.
std::vector<std::string> option(const std::string& checkconf, const std::string& conf, const std::string& name) {
    std::vector<std::string> out;
    std::istringstream lines(run_program({checkconf, "-o", name, conf}).text);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) out.push_back(line);
    return out;
}

void check_chain(Installation& i, const std::string& chain) {
    const auto& conf = i.options.unbound_conf;
    std::istringstream words(chain);
    std::string other_modules;
    int position = -1, n = 0;
    for (std::string word; words >> word; ++n) {
        if (word == "dynlib" && position < 0) position = n;
        if (word != "dynlib") other_modules += " " + word;
    }
    Message line = msg("in the last file of %1 that sets it: module-config: \"dynlib%2\"", conf, other_modules);
    if (position < 0)
        return i.found.fail("unbound.chain", msg("module-config \"%1\" has no dynlib: the module is not loaded", chain),
                            line);
    try {
        config::require_place_in_chain(chain.c_str(), position);
        i.found.ok("unbound.chain", msg("module-config \"%1\"", chain));
    } catch (const Error& e) { i.found.fail("unbound.chain", msg("%1: the module refuses to start", e.why()), line); }
}

// Address and port at which a client on this machine reaches Unbound.
std::string listening_at(const std::vector<std::string>& interfaces, const std::string& port) {
    std::string host = "127.0.0.1", at = port;
    if (!interfaces.empty()) {
        auto first = interfaces.front();
        if (auto mark = first.find('@'); mark != std::string::npos)
            at = first.substr(mark + 1), first = first.substr(0, mark);
        bool is_address =
            first.find_first_not_of("0123456789.") == std::string::npos || first.find(':') != std::string::npos;
        if (is_address) host = first == "0.0.0.0" ? "127.0.0.1" : first == "::" || first == "::0" ? "::1" : first;
    }
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + at;
}

}  // namespace

void check_unbound(Installation& i) {
    auto program = find_program(i.options.unbound);
    if (!check_program(i, program)) return;
    // From the same folder: that of another build may accept other configurations.
    auto checkconf = find_program(program.substr(0, program.rfind('/') + 1) + "unbound-checkconf");
    if (checkconf.empty())
        return i.found.unseen("unbound.config", msg("there is no unbound-checkconf beside %1", program),
                              "apt install ./unbound_*.deb");
    const auto& conf = i.options.unbound_conf;
    auto said = run_program({checkconf, conf});
    if (said.exit_code != 0 && said.text.find("ermission denied") != std::string::npos)
        i.found.unseen("unbound.config", one_line(said.text), "sudo blocklist-tool doctor");
    else if (said.exit_code != 0) i.found.fail("unbound.config", one_line(said.text), "unbound-checkconf " + conf);
    else i.found.ok("unbound.config", msg("%1: unbound-checkconf accepts it", conf));
    auto chain = option(checkconf, conf, "module-config");
    if (chain.empty() || run_program({checkconf, "-o", "module-config", conf}).exit_code != 0) return;
    i.unbound_conf_read = true;
    check_chain(i, chain.front());
    auto value = [&](const char* name) {
        auto values = option(checkconf, conf, name);
        return values.empty() ? std::string() : values.front();
    };
    if (auto chroot = value("chroot"); !chroot.empty())
        i.found.warn("unbound.chroot", msg("chroot \"%1\" hides the module's files from Unbound", chroot),
                     msg("in %1: chroot: \"\"", conf));
    i.unbound_user = value("username");
    i.resolver = listening_at(option(checkconf, conf, "interface"), value("port"));
    for (const auto& file : option(checkconf, conf, "dynlib-file"))
        if (i.module_file.empty() || file.find("saring") != std::string::npos) i.module_file = file;
}

}  // namespace saring::tool
