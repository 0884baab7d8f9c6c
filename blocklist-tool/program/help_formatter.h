// Translates CLI11's own words in --help and in errors of the command line.
#pragma once

#include <CLI/CLI.hpp>

#include "base/message.h"

namespace saring::tool {

// For the program and every command added to it later.
void speak_to_users(CLI::App& app);

// The error as a translatable message. CLI11 gives whole English sentences, which are matched with known formats.
Message complaint(const CLI::ParseError& e);

}  // namespace saring::tool
