#include "setup/questions.h"

#include <functional>
#include <iostream>

#include "base/standard_output.h"
#include "output/output.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

using Take = std::function<void(const std::string&)>;

// `take` throws Error for an invalid answer. An empty line means `otherwise`.
void ask(const std::string& question, const std::string& otherwise, const Take& take) {
    for (;;) {
        print(question + (otherwise.empty() ? "" : toned(" [" + otherwise + "]", Tone::faint)) + ": ", "");
        standard_output::flush();
        std::string line;
        if (!std::getline(std::cin, line))
            throw Error(ErrorKind::usage, "setup", msg("input ended before the last answer"),
                        msg("nothing was written: answer all questions, or give options and --non-interactive"));
        if (auto end = line.find_last_not_of(" \t\r"); end == std::string::npos) line = otherwise;
        else line = line.substr(line.find_first_not_of(" \t"), end + 1 - line.find_first_not_of(" \t"));
        try {
            return take(line);
        } catch (const Error& e) {
            print("  " + shown(translated(e.why() + (e.remedy().empty() ? Message() : "; " + e.remedy()))));
        }
    }
}

// Repeats the question until an empty line.
void ask_all(const std::string& question, const std::string& further, const Take& take) {
    bool more = true;
    for (bool first = true; more; first = false)
        ask(first ? question : further, "", [&](const std::string& text) {
            if (text.empty()) more = false;
            else take(text);
        });
}

void ask_threshold(SetupPlan& plan) {
    ask(tr("How many of them must have signed an order"), "1", [&](const std::string& text) {
        if (text.empty() || text.size() > 2 || text.find_first_not_of("0123456789") != std::string::npos ||
            std::stoul(text) < 1 || std::stoul(text) > plan.keys.size())
            throw Error(ErrorKind::usage, "threshold", msg("is \"%1\"", text), msg("write 1 to %1", plan.keys.size()));
        plan.threshold = static_cast<unsigned>(std::stoul(text));
    });
}

void ask_feed(SetupPlan& plan) {
    bool any = !plan.feeds.empty();
    ask(tr("Address of the feed (https://..., empty: none, orders come by hand)"), "", [&](const std::string& url) {
        if (url.empty()) return;
        SetupPlan().add_feed(url);
        ask(tr("Its name, as its publisher calls it"), "ministry",
            [&, url](const std::string& name) { plan.add_feed(name + "=" + url); });
        any = true;
    });
    if (!any) return;
    bool same = !plan.keys.empty();
    ask(tr("Public key that signs the feed (RW... or a .pub file)"), same ? tr("the same as for orders") : "",
        [&](const std::string& text) {
            plan.add_key(same && text == tr("the same as for orders") ? plan.keys.front().key.base64() : text,
                         trust::KeyRole::feed);
        });
}

void ask_action(SetupPlan& plan) {
    ask(tr("Action for blocked names: nxdomain, nodata, refused, redirect, or log to rehearse"), plan.action,
        [&](const std::string& text) { plan.set_action(text); });
    if (plan.action == "redirect" && plan.landings.empty())
        ask(tr("The landing page's address or host"), "", [&](const std::string& text) { plan.add_landing(text); });
}

}  // namespace

void ask_setup(SetupPlan& plan, std::string& unbound_dir, const SetupOpen& open) {
    if (open.keys) {
        ask_all(tr("Public key that signs orders (RW... or a .pub file; empty: none yet)"),
                tr("Next one (empty: no more)"),
                [&](const std::string& text) { plan.add_key(text, trust::KeyRole::order); });
        if (plan.keys.size() > 1) ask_threshold(plan);
    }
    if (open.feeds) ask_feed(plan);
    if (open.action) ask_action(plan);
    if (open.database)
        ask(tr("Folder of the database"), plan.database, [&](const std::string& text) { plan.database = text; });
    if (open.unbound)
        ask(tr("Unbound's folder for configuration files (-: do not configure Unbound)"), unbound_dir,
            [&](const std::string& text) { unbound_dir = text == "-" ? "" : text; });
}

}  // namespace saring::tool
