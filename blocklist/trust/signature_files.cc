#include "trust/signature_files.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"

namespace saring::trust {

namespace fs = std::filesystem;

std::string signature_path(const std::string& document, const minisign::KeyId& key) {
    return document + "." + minisign::to_string(key) + ".minisig";
}

std::vector<SignatureFile> find_signatures(const std::string& document) {
    fs::path path(document), folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::string begin = path.filename().string() + ".";
    constexpr std::string_view end = "minisig";
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        std::string name = entry.path().filename().string();
        if (name.size() < begin.size() + end.size() || name.compare(0, begin.size(), begin) != 0) continue;
        if (name.substr(name.size() - end.size()) != end) continue;
        std::string middle = name.substr(begin.size(), name.size() - begin.size() - end.size());
        bool key_id = middle.size() >= 2 && middle.size() <= 17 &&
                      middle.find_first_not_of("0123456789ABCDEF") == middle.size() - 1 && middle.back() == '.';
        if (middle.empty() || key_id)
            found.push_back((path.has_parent_path() ? folder / name : fs::path(name)).string());
    }
    std::sort(found.begin(), found.end());
    return read_signatures(found);
}

std::vector<SignatureFile> read_signatures(const std::vector<std::string>& paths) {
    if (paths.size() > max_signatures)
        throw Error(ErrorKind::usage, paths.front(), msg("is one of %1 signatures", paths.size()),
                    msg("keep at most 32"));
    std::vector<SignatureFile> out;
    for (const auto& p : paths) out.push_back({p, read_file(p, max_signature_bytes)});
    return out;
}

}  // namespace saring::trust
