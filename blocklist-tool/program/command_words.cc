#include "program/command_words.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "text/printable.h"

namespace saring::tool {
namespace {

// Edit distance: letters added, removed, replaced or swapped with the next.
std::size_t letters_between(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
    std::iota(d[0].begin(), d[0].end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a.size()][b.size()];
}

[[noreturn]] void no_such_command(const std::string& before, const std::string& word,
                                  const std::vector<const CLI::App*>& commands) {
    constexpr std::size_t longest = 40;
    const CLI::App* nearest = nullptr;
    std::size_t letters = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string all;
    for (const auto* c : commands) {
        all += (all.empty() ? "" : ", ") + c->get_name();
        auto between = word.size() > longest ? longest : letters_between(word, c->get_name());
        // A prefix of a command counts as distance 0.
        if (word.size() >= 2 && c->get_name().rfind(word, 0) == 0) between = 0;
        if (between < letters) letters = between, nearest = c;
    }
    throw Error(ErrorKind::usage, msg("command line"), msg("\"%1\" is not a command of %2", shown(word), before),
                nearest ? msg("did you mean: %1 %2", before, nearest->get_name()) : msg("the commands are: %1", all));
}

}  // namespace

std::vector<std::string> command_words(const CLI::App& app, std::vector<std::string> words) {
    if (!words.empty() && words[0] == "help") {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    const CLI::App* at = &app;
    std::string before = app.get_name();
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        auto commands = at->get_subcommands([](const CLI::App* c) { return !c->get_name().empty(); });
        if (commands.empty() || word == "--") break;
        if (word == "--config") ++i;
        if (word.empty() || word[0] == '-') continue;
        auto found =
            std::find_if(commands.begin(), commands.end(), [&](const CLI::App* c) { return c->get_name() == word; });
        if (found == commands.end()) no_such_command(before, word, commands);
        at = *found;
        before += " " + word;
    }
    return words;
}

}  // namespace saring::tool
