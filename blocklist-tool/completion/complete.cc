#include "completion/complete.h"

#include <algorithm>
#include <sstream>

#include "output/output.h"

namespace saring::tool {
namespace {

constexpr std::size_t max_candidates = 1000;

struct Candidate {
    std::string word, about;
};

class Candidates {
public:
    Candidates(const std::string& typed, const std::string& before) : typed_(typed), before_(before) {}
    // Skips text with characters that must not reach a terminal: the sanitised word would not be the real one.
    void add(const std::string& word, const std::string& about) {
        if (word.rfind(typed_, 0) == 0 && !word.empty() && shown(word) == word && found_.size() < max_candidates)
            found_.push_back({before_ + word, about});
    }
    void print() const {
        for (const auto& c : found_)
            tool::print(c.word + "\t" + shown(c.about.substr(0, c.about.find_first_of(";\n"))));
    }

private:
    std::string typed_, before_;  // before_: "--option=" of the same word
    std::vector<Candidate> found_;
};

bool begins(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

void add_orders(Session& session, Candidates& out) {
    Reading(session.database()).snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        out.add(r.id, std::string(to_string(r.state(now_unix()))) + ", " + r.authority);
    });
}

void add_lists(Session& session, Candidates& out) {
    Reading(session.database()).snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        if (begins(r.id, "list:")) out.add(r.id.substr(5), to_string(r.state(now_unix())));
    });
}

// Adds values by the option's type name, as --help shows it. False: values of this type cannot be listed.
bool add_values(Session& session, const CLI::Option& option, Candidates& out) {
    std::string type = option.get_type_name();
    if (auto open = type.find('{'), close = type.find('}'); open != std::string::npos && close != std::string::npos) {
        std::istringstream words(type.substr(open + 1, close - open - 1));
        for (std::string word; std::getline(words, word, ',');) out.add(word, "");
    } else if (begins(type, "ID") || begins(type, "ORDER")) {
        add_orders(session, out);
    } else if (begins(type, "LIST")) {
        add_lists(session, out);
    } else if (begins(type, "FEED")) {
        for (const auto& feed : session.config().feeds) out.add(feed.name, feed.url);
    } else if (begins(type, "ACTION")) {
        for (const char* action : {"nxdomain", "nodata", "refused", "redirect", "drop", "passthru", "log"})
            out.add(action, "");
    } else {
        return false;
    }
    return true;
}

void offer_value(Session& session, const CLI::Option& option, const std::string& typed, const std::string& before) {
    std::string type = option.get_type_name();
    if (type.find("FILE") != std::string::npos) return print(":files");
    if (begins(type, "DIR")) return print(":dirs");
    Candidates out(typed, before);
    if (add_values(session, option, out)) out.print();
}

// Looks in the command itself and in its parents, whose options are accepted after it too.
const CLI::Option* find_option(const CLI::App* app, const std::string& word) {
    for (; app; app = app->get_parent())
        for (const CLI::Option* option : app->get_options())
            if (option->nonpositional() && option->check_name(word)) return option;
    return nullptr;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

CLI::App* subcommand(CLI::App& app, const std::string& name) {
    auto named = app.get_subcommands([&](CLI::App* a) { return a->check_name(name); });
    return named.empty() ? nullptr : named.front();
}

const CLI::Option* positional(const CLI::App& app, std::size_t number) {
    for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->get_positional(); })) {
        auto most = static_cast<std::size_t>(std::max(option->get_items_expected_max(), 1));
        if (number < most) return option;
        number -= most;
    }
    return nullptr;
}

void offer_options(const CLI::App* app, const std::string& typed) {
    Candidates out(typed, "");
    for (; app; app = app->get_parent())
        for (const CLI::Option* option : app->get_options([](const CLI::Option* o) { return o->nonpositional(); }))
            // --version belongs to the program only.
            for (const auto& name : option->get_lnames())
                if (name != "version" || !app->get_parent()) out.add("--" + name, option->get_description());
    out.print();
}

void offer(CLI::App& app, Session& session, const std::vector<std::string>& words) {
    CLI::App* at = &app;
    const CLI::Option* awaiting = nullptr;  // the option that takes the next word as its value
    std::size_t operands = 0;
    bool options_over = false;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const auto& word = words[i];
        if (awaiting) {
            if (awaiting->check_name("--config")) session.config_option = word;
            awaiting = nullptr;
        } else if (!options_over && word == "--") {
            options_over = true;
        } else if (!options_over && word.size() > 1 && word[0] == '-') {
            auto equals = word.find('=');
            if (equals != std::string::npos && begins(word, "--config="))
                session.config_option = word.substr(equals + 1);
            const auto* option = equals == std::string::npos ? find_option(at, word) : nullptr;
            if (option && takes_value(*option)) awaiting = option;
        } else if (auto* below = subcommand(*at, word); below && operands == 0) {
            at = below;
        } else {
            ++operands;
        }
    }
    const auto& typed = words.back();
    if (awaiting) return offer_value(session, *awaiting, typed, "");
    if (auto equals = typed.find('='); !options_over && begins(typed, "--") && equals != std::string::npos) {
        const auto* option = find_option(at, typed.substr(0, equals));
        if (option && takes_value(*option))
            offer_value(session, *option, typed.substr(equals + 1), typed.substr(0, equals + 1));
        return;
    }
    if (!options_over && begins(typed, "-")) return offer_options(at, typed);
    Candidates below(typed, "");
    for (const CLI::App* command : at->get_subcommands([](const CLI::App* a) { return !a->get_group().empty(); }))
        below.add(command->get_name(), command->get_description());
    below.print();
    if (const auto* operand = positional(*at, operands)) offer_value(session, *operand, typed, "");
}

}  // namespace

void complete(CLI::App& app, Session& session, const std::vector<std::string>& words) {
    if (words.empty()) return;
    try {
        offer(app, session, words);
    } catch (const Error&) {
        // Without configuration or database there are no names to offer. A message would appear in the command line.
    }
}

}  // namespace saring::tool
