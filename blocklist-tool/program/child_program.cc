#include "program/child_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <sstream>

namespace saring::tool {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto time_limit = std::chrono::seconds(10);
constexpr std::size_t max_output = 64 << 10;  // bytes

// False at the time limit.
bool read_until(int fd, Clock::time_point end, std::string& out) {
    for (;;) {
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd waiting{fd, POLLIN, 0};
        if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) return false;
        char buffer[4096];
        ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n <= 0) return true;
        if (out.size() < max_output) out.append(buffer, static_cast<std::size_t>(n));
    }
}

}  // namespace

ChildOutput run_program(const std::vector<std::string>& words) {
    ChildOutput out;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return out;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    int failed = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed == 0) {
        if (!read_until(ends[0], Clock::now() + time_limit, out.text)) ::kill(child, SIGKILL);
        int status = 0;
        if (::waitpid(child, &status, 0) == child && WIFEXITED(status)) out.exit_code = WEXITSTATUS(status);
    }
    ::close(ends[0]);
    return out;
}

std::string find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
    const char* path = std::getenv("PATH");
    std::istringstream folders(std::string(path ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (auto file = folder + "/" + name; !folder.empty() && ::access(file.c_str(), X_OK) == 0) return file;
    return "";
}

}  // namespace saring::tool
