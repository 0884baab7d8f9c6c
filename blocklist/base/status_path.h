// Paths of the module's status files. Several Unbound processes may share one saring.toml: each writes its own file,
// with its process id in the name, beside the configured path, and the configured path is a symbolic link to the file
// of the process that started last.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace saring {

// "/run/saring/module.json" and process 42 -> "/run/saring/module.42.json".
inline std::string status_file_of(const std::string& configured, long process) {
    std::filesystem::path path(configured);
    return (path.parent_path() / (path.stem().string() + "." + std::to_string(process) + path.extension().string()))
        .string();
}

// The process id in such a file's name; nothing for any other name.
inline std::optional<long> process_of_status_file(const std::string& configured, const std::string& file_name) {
    std::filesystem::path path(configured);
    std::string before = path.stem().string() + ".", after = path.extension().string();
    if (file_name.size() <= before.size() + after.size() || file_name.rfind(before, 0) != 0 ||
        file_name.compare(file_name.size() - after.size(), after.size(), after) != 0)
        return std::nullopt;
    std::string digits = file_name.substr(before.size(), file_name.size() - before.size() - after.size());
    if (digits.size() > 10 || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return std::stol(digits);
}

}  // namespace saring
