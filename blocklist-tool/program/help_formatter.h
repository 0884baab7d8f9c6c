// --help, and what is wrong with a command line, in the user's language: CLI11's own words.
#pragma once

#include <CLI/CLI.hpp>

#include "base/message.h"

namespace saring::tool {

// Of the program and every command added to it later.
void speak_to_users(CLI::App& app);

// What CLI11 complains of, taken apart again: it gives whole sentences in English.
Message complaint(const CLI::ParseError& e);

}  // namespace saring::tool
