// Runs another program, without a shell, and returns its output.
#pragma once

#include <string>
#include <vector>

namespace saring::tool {

struct ChildOutput {
    int exit_code = -1;  // -1: not started, ended by a signal, or killed after ten seconds
    std::string text;    // standard output and standard error, the first 64 KiB
};

// The first word is a program, looked for in PATH.
ChildOutput run_program(const std::vector<std::string>& words);

// Path of a program: from PATH, or from /usr/sbin and /sbin, which are often not in PATH; empty: not found.
std::string find_program(const std::string& name);

}  // namespace saring::tool
