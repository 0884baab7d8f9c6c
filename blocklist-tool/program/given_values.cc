#include "program/given_values.h"

#include <algorithm>

#include "base/error.h"
#include "text/printable.h"

namespace saring::tool {
namespace {

constexpr std::size_t longest = 19;  // digits that fit into 64 bits

bool is_count(const CLI::Option& option) {
    static const std::string names[] = {"COUNT", "DAYS", "N", "SECONDS", "SERIAL", "UINT"};
    return std::find(std::begin(names), std::end(names), option.get_type_name()) != std::end(names);
}

void check(const CLI::Option& option, const std::string& value) {
    if (value.empty())
        throw Error(ErrorKind::usage, option.get_name(), msg("is empty"), msg("give a value, or leave it out"));
    if (is_count(option) && (value[0] == '-' || value.size() > longest))
        throw Error(ErrorKind::usage, option.get_name(), msg("\"%1\" is out of range", shown(value)),
                    msg("write a number from 0 upwards"));
}

}  // namespace

void check_given_values(const CLI::App& app) {
    for (const auto* option : app.get_options())
        for (const auto& value : option->results()) check(*option, value);
    for (const auto* command : app.get_subcommands()) check_given_values(*command);
}

}  // namespace saring::tool
