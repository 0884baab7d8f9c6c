#include "hits/state.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/acting_owner.h"
#include "base/regular_file.h"

namespace saring::hits {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t max_bytes = 16u << 20;
const std::string prefix = "shipped-", suffix = ".json";

std::string purged_path(const std::string& folder) { return folder + "/purged.json"; }
std::string consumer_path(const std::string& folder, const std::string& name) {
    return folder + "/" + prefix + name + suffix;
}

Json read_state(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0) return Json::object();
    Json j;
    try {
        j = Json::parse(read_regular_file(path, max_bytes), nullptr, false);
    } catch (const Error& e) { throw Error(ErrorKind::database, e.subject(), e.why(), e.remedy()); }
    if (!j.is_object()) throw Error(ErrorKind::database, path, msg("is damaged"), msg("remove it"));
    return j;
}

void write_state(const std::string& folder, const std::string& path, const Json& j) {
    ActingOwner as(folder);
    try {
        write_file(path, j.dump(1) + "\n", 0640);
    } catch (const Error& e) { throw Error(ErrorKind::database, e.subject(), e.why(), e.remedy()); }
}

Position position_in(const Json& j) {
    Position out;
    for (const auto& [run, sequence] : j.items())
        if (sequence.is_number_unsigned()) out[std::strtoull(run.c_str(), nullptr, 16)] = sequence.get<std::uint64_t>();
    return out;
}

std::uint64_t number(const Json& j, const char* name) {
    auto at = j.find(name);
    return at != j.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

}  // namespace

std::vector<Consumer> consumers(const std::string& folder) {
    std::vector<std::string> names;
    if (DIR* dir = ::opendir(folder.c_str())) {
        while (const dirent* entry = ::readdir(dir)) {
            std::string name = entry->d_name;
            if (name.size() > prefix.size() + suffix.size() && name.compare(0, prefix.size(), prefix) == 0 &&
                name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0)
                names.push_back(name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
        }
        ::closedir(dir);
    }
    std::sort(names.begin(), names.end());
    std::vector<Consumer> out;
    for (const auto& name : names) out.push_back({name, shipped(folder, name)});
    return out;
}

Position shipped(const std::string& folder, const std::string& consumer) {
    return position_in(read_state(consumer_path(folder, consumer)));
}

void set_shipped(const std::string& folder, const std::string& consumer, const Position& position) {
    Json j = Json::object();
    for (const auto& [run, sequence] : position) j[run_text(run)] = sequence;
    write_state(folder, consumer_path(folder, consumer), j);
}

std::string known_log_id(const std::string& folder) {
    std::string path = folder + "/log-id";
    try {
        auto text = ::access(path.c_str(), R_OK) == 0 ? read_regular_file(path, 64) : Bytes();
        return text.size() == 17 ? text.substr(0, 16) : std::string();
    } catch (const Error&) { return {}; }
}

std::string log_id(const std::string& folder) {
    std::string path = folder + "/log-id";
    auto read = [&] { return ::access(path.c_str(), F_OK) == 0 ? read_regular_file(path, 64) : Bytes(); };
    try {
        ActingOwner as(folder);
        if (auto known = read(); known.size() == 17) return known.substr(0, 16);
        write_file(path, run_text(new_run_id()) + "\n", 0640, true);
    } catch (const Error& e) {
        if (::access(path.c_str(), F_OK) != 0) throw Error(ErrorKind::database, e.subject(), e.why(), e.remedy());
    }
    auto made = read();  // by this process or, at the same moment, another
    if (made.size() != 17) throw Error(ErrorKind::database, path, msg("is damaged"), msg("remove it"));
    return made.substr(0, 16);
}

std::uint64_t purged_hits(const std::string& folder) {
    auto out = number(read_state(purged_path(folder)), "gone");
    for (const auto& [name, n] : purged_by_segment(folder)) out += n;
    return out;
}

std::map<std::string, std::uint64_t> purged_by_segment(const std::string& folder) {
    std::map<std::string, std::uint64_t> out;
    auto j = read_state(purged_path(folder));
    if (auto segments = j.find("segments"); segments != j.end() && segments->is_object())
        for (const auto& [name, n] : segments->items()) out[name] = number(*segments, name.c_str());
    return out;
}

std::uint64_t purged_of(const std::string& folder, const std::string& segment) {
    auto known = purged_by_segment(folder);
    auto at = known.find(segment);
    return at == known.end() ? 0 : at->second;
}

// Segments that have expired are one sum: the file stays as small as the folder.
void note_purged(const std::string& folder, const std::string& segment, std::uint64_t removed) {
    auto j = read_state(purged_path(folder));
    auto files = segment_files(folder);
    auto is_needed = [&](const std::string& name) {
        auto id = parse_segment_name(name);
        return std::any_of(files.begin(), files.end(), [&](const SegmentFile& f) {
            return f.file_name == name || (id && f.name.kind == SegmentKind::hits && f.name.id.run == id->id.run &&
                                           f.name.id.number < id->id.number);
        });
    };
    Json out{{"gone", number(j, "gone")}, {"segments", Json::object()}};
    for (const auto& [name, n] : purged_by_segment(folder)) {
        if (is_needed(name)) out["segments"][name] = n;
        else out["gone"] = out["gone"].get<std::uint64_t>() + n;
    }
    out["segments"][segment] = removed;
    write_state(folder, purged_path(folder), out);
}

}  // namespace saring::hits
