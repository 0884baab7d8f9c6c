#include "terminal/pager.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "child_program.h"
#include "terminal/terminal.h"

namespace saring::tool {
namespace {

pid_t pager = 0;

std::string pager_command() {
    const char* wanted = std::getenv("PAGER");
    std::string command = wanted ? wanted : find_program("less").empty() ? "" : "less";
    return command == "cat" ? "" : command;
}

// Ctrl-C reaches both processes. less stays, so the shell must not get the terminal back before it has gone.
void interrupted(int signal) {
    ::close(STDOUT_FILENO);
    while (::waitpid(pager, nullptr, 0) < 0 && errno == EINTR) {
    }
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

}  // namespace

void begin_paging() {
    if (pager != 0 || !is_terminal()) return;
    terminal_width();  // of the terminal, while it is still there
    auto command = pager_command();
    if (command.empty()) return;
    ::setenv("LESS", "FRX", 0);  // leave when it fits, pass colours, leave the screen as it is
    ::setenv("LV", "-c", 0);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    const char* const words[] = {"sh", "-c", command.c_str(), nullptr};
    int failed = ::posix_spawn(&pager, "/bin/sh", &actions, nullptr, const_cast<char* const*>(words), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[0]);
    if (failed == 0) {
        std::fflush(stdout);
        ::dup2(ends[1], STDOUT_FILENO);
        ::signal(SIGINT, interrupted);
    } else {
        pager = 0;
    }
    ::close(ends[1]);
}

void end_paging() {
    if (pager == 0) return;
    std::fflush(stdout);
    ::close(STDOUT_FILENO);
    while (::waitpid(pager, nullptr, 0) < 0 && errno == EINTR) {
    }
    pager = 0;
}

}  // namespace saring::tool
