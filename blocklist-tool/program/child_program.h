// Runs another program, without a shell, and keeps what it says.
#pragma once

#include <string>
#include <vector>

namespace saring::tool {

struct ChildOutput {
    int exit_code = -1;  // -1: it was not started, was ended by a signal, or took more than ten seconds
    std::string text;    // standard output and standard error, the first 64 KiB
};

// The first word names a program, looked for in PATH.
ChildOutput run_program(const std::vector<std::string>& words);

// Of a program as PATH has it, or in /usr/sbin and /sbin, which PATH lacks for who is not root; empty: nowhere.
std::string find_program(const std::string& name);

}  // namespace saring::tool
