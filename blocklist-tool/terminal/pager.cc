#include "terminal/pager.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "base/standard_output.h"
#include "program/child_program.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

pid_t pager = 0;

// The pager and its arguments, split at spaces, without a shell. Empty: none is wanted or found.
std::vector<std::string> pager_words() {
    const char* wanted = std::getenv("PAGER");
    std::istringstream in(wanted ? wanted : "less");
    std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
    if (words.empty() || words == std::vector<std::string>{"cat"}) return {};
    words[0] = find_program(words[0]);
    return words[0].empty() ? std::vector<std::string>{} : words;
}

// Ctrl-C reaches both processes. less ignores it, so wait for less before the shell gets the terminal back.
void interrupted(int signal) {
    ::close(STDOUT_FILENO);
    while (::waitpid(pager, nullptr, 0) < 0 && errno == EINTR) {}
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

}  // namespace

void begin_paging() {
    if (pager != 0 || !is_terminal()) return;
    terminal_width();  // remember the width while standard output is still the terminal
    auto words = pager_words();
    if (words.empty()) return;
    ::setenv("LESS", "FRX", 0);  // exit if it fits, pass colours, do not clear the screen
    ::setenv("LV", "-c", 0);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int failed = ::posix_spawn(&pager, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[0]);
    if (failed == 0) {
        standard_output::flush();
        ::dup2(ends[1], STDOUT_FILENO);
        ::signal(SIGINT, interrupted);
        ::signal(SIGPIPE, SIG_IGN);  // leaving the pager early is not a failure
    } else {
        pager = 0;
    }
    ::close(ends[1]);
}

bool end_paging() {
    if (pager == 0) return false;
    ::close(STDOUT_FILENO);
    while (::waitpid(pager, nullptr, 0) < 0 && errno == EINTR) {}
    pager = 0;
    return true;
}

}  // namespace saring::tool
