#include "safety/popular_names.h"

#include <algorithm>
#include <charconv>

#include "base/file.h"
#include "hostname/host_name.h"
#include "name/lookup_key.h"

namespace saring::safety {
namespace {

constexpr std::size_t max_file = 256u << 20;

// Removes a first label "www", if more than a public suffix remains.
ByteView without_www(ByteView key, ByteView www) {
    bool has = key.size() > www.size() && key.substr(key.size() - www.size()) == www &&
               key[key.size() - www.size() - 1] == '\0';
    return has && std::count(key.begin(), key.end(), '\0') > 2 ? key.substr(0, key.size() - www.size()) : key;
}

}  // namespace

PopularNames::PopularNames(const std::vector<std::string>& files, std::uint32_t max_rank) {
    for (const auto& file : files) read(file, max_rank);
    auto before = [this](const Entry& a, const Entry& b) {
        auto order = key_of(a).compare(key_of(b));
        return order < 0 || (order == 0 && a.rank < b.rank);
    };
    std::sort(entries_.begin(), entries_.end(), before);
    auto same = [this](const Entry& a, const Entry& b) { return key_of(a) == key_of(b); };
    entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
}

void PopularNames::read(const std::string& file, std::uint32_t max_rank) {
    const char* format = marked("write lines \"rank,name\", as Tranco and Umbrella do");
    Bytes text = read_file(file, max_file);
    if (text.compare(0, 2, "PK") == 0 || text.compare(0, 2, "\x1f\x8b") == 0)
        throw Error(ErrorKind::usage, file, msg("is compressed"),
                    msg("unpack it, and name the CSV file in safety.popular_lists"));
    auto number = static_cast<std::uint16_t>(files_.size());
    auto first = entries_.size();
    files_.push_back(file.substr(file.rfind('/') + 1));
    std::uint64_t line_number = 0;
    for (std::size_t at = text.compare(0, 3, "\xef\xbb\xbf") == 0 ? 3 : 0; at < text.size();) {
        ++line_number;
        auto end = std::min(text.find('\n', at), text.size());
        auto line = ByteView(text).substr(at, end - at);
        at = end + 1;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty()) continue;
        std::uint32_t rank = 0;
        auto parsed = std::from_chars(line.data(), line.data() + line.size(), rank);
        auto name = line.substr(static_cast<std::size_t>(parsed.ptr - line.data()));
        if (parsed.ec != std::errc() || rank == 0 || name.size() < 2 || name[0] != ',' ||
            name.find(',', 1) != ByteView::npos)
            throw Error(ErrorKind::usage, file + ":" + std::to_string(line_number),
                        msg("\"%1\" is no rank and name", Bytes(line.substr(0, 80))), msg(format));
        if (rank > max_rank) continue;
        OwnerName owner;
        if (hostname::read_host_name(name.substr(1), owner)) continue;  // not a site: a ranking counts queries
        LookupKey key(owner);
        auto kept = without_www(key.view(), www);
        entries_.push_back(
            {static_cast<std::uint32_t>(keys_.size()), rank, static_cast<std::uint16_t>(kept.size()), number});
        keys_.append(kept);
    }
    if (entries_.size() == first)
        throw Error(ErrorKind::usage, file, msg("ranks no name at %1 or before (safety.popular_rank)", max_rank),
                    msg(format));
}

std::optional<PopularNames::Hit> PopularNames::hit_by(const OwnerName& target, policy::Match match) const {
    LookupKey whole(target);
    auto key = without_www(whole.view(), www);
    bool with_below = match != policy::Match::exact && key.size() == whole.view().size();
    auto at = std::lower_bound(entries_.begin(), entries_.end(), key,
                               [this](const Entry& e, ByteView k) { return key_of(e) < k; });
    // Subtree: popular names below the target follow it in key order.
    auto best = entries_.end();
    for (; at != entries_.end() && key_of(*at).substr(0, key.size()) == key; ++at) {
        if (key_of(*at).size() > key.size() && !with_below) break;
        if (best == entries_.end() || at->rank < best->rank) best = at;
    }
    if (best == entries_.end()) return std::nullopt;
    return Hit{name_of_key(key_of(*best)).to_string(), best->rank, files_[best->file]};
}

}  // namespace saring::safety
