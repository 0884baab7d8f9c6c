#include "quality/quality_log.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "base/acting_owner.h"
#include "base/file.h"
#include "quality/quality_output.h"

namespace saring::tool {
namespace {

constexpr UnixTime longest_gap = 900;        // seconds
constexpr std::size_t max_day = 256u << 20;  // bytes
constexpr const char* name_end = ".ndjson";

std::string day_of(UnixTime t) { return format_rfc3339(t).substr(0, 10); }
std::string file_of(const config::QualityConfig& c, UnixTime t) { return c.path + "/" + day_of(t) + name_end; }

Json line_of(const QualityReading& r) {
    const auto& s = r.statistics;
    Json recursion = Json::array();
    // An empty bucket is left out unless the next one is not empty: its end is where that one begins.
    for (std::size_t i = 0; i < s.recursion.size(); ++i)
        if (s.recursion[i].replies || (i + 1 < s.recursion.size() && s.recursion[i + 1].replies))
            recursion.push_back({s.recursion[i].up_to, s.recursion[i].replies});
    Json j{{"time", format_rfc3339(r.time)},
           {"resolver", r.resolver},
           {"region", r.region},
           {"clock", s.time},
           {"queries", s.queries},
           {"cache_hits", s.cache_hits},
           {"recursive_replies", s.recursive_replies},
           {"unanswered", s.unanswered},
           {"waiting", s.waiting},
           {"recursion", recursion}};
    if (s.is_extended()) j.update({{"answers", *s.answers}, {"servfail", *s.servfail}});
    return j;
}

// Throws Json::exception or Error for a line that is none.
QualityReading reading_of(const std::string& line) {
    auto j = Json::parse(line);
    QualityReading out{parse_rfc3339(j.at("time").get<std::string>(), "time"), j.at("resolver"), j.at("region"), {}};
    auto& s = out.statistics;
    s.time = j.at("clock");
    s.queries = j.at("queries");
    s.cache_hits = j.at("cache_hits");
    s.recursive_replies = j.at("recursive_replies");
    s.unanswered = j.at("unanswered");
    s.waiting = j.at("waiting");
    for (const auto& b : j.at("recursion")) s.recursion.push_back({b.at(0), b.at(1)});
    if (j.contains("answers")) s.answers = j["answers"].get<std::uint64_t>(), s.servfail = j.at("servfail");
    return out;
}

void remove_old(const config::QualityConfig& c, UnixTime now) {
    auto oldest = day_of(now - UnixTime{c.keep_days} * day_seconds) + name_end;
    DIR* folder = ::opendir(c.path.c_str());
    if (!folder) return;
    while (const auto* entry = ::readdir(folder)) {
        std::string name = entry->d_name;
        if (name.size() == oldest.size() && name.ends_with(name_end) && name < oldest)
            ::unlink((c.path + "/" + name).c_str());
    }
    ::closedir(folder);
}

std::vector<QualityReading> readings_of(const config::QualityConfig& c, UnixTime since, UnixTime until) {
    std::vector<QualityReading> out;
    for (auto day = since - since % day_seconds; day < until; day += day_seconds) {
        auto path = file_of(c, day);
        if (::access(path.c_str(), F_OK) != 0) continue;
        std::istringstream lines(read_file(path, max_day));
        std::size_t number = 0, damaged = 0, first = 0;
        for (std::string line; std::getline(lines, line);) {
            ++number;
            try {
                auto r = reading_of(line);
                if (r.time >= since && r.time < until) out.push_back(std::move(r));
            } catch (const std::exception&) {
                if (damaged++ == 0) first = number;
            }
        }
        if (damaged)
            complain(trn("blocklist-tool: %2: %1 reading is damaged and left out, in line %3",
                         "blocklist-tool: %2: %1 readings are damaged and left out, the first in line %3", damaged,
                         shown(path), first));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    return out;
}

}  // namespace

void keep_readings(const config::QualityConfig& c, const std::vector<QualityReading>& readings, UnixTime now) {
    if (c.path.empty() || readings.empty()) return;
    ActingOwner owner(c.path);
    std::string text;
    for (const auto& r : readings) text += json_line(line_of(r)) + "\n";
    auto path = file_of(c, now);
    auto fail = [&](const std::string& which) {
        throw Error(ErrorKind::usage, which, std::strerror(errno),
                    msg("quality.path is a folder that this user may write to; empty: nothing is kept"));
    };
    if (::mkdir(c.path.c_str(), 0755) != 0 && errno != EEXIST) fail(c.path);
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) fail(path);
    // A line that a crash or a full disk cut short stays one line.
    struct stat at {};
    char last = '\n';
    if (::fstat(fd, &at) == 0 && at.st_size > 0 && ::pread(fd, &last, 1, at.st_size - 1) == 1 && last != '\n')
        text.insert(text.begin(), '\n');
    bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    int failed = errno;
    ::close(fd);
    errno = failed;
    if (!written) fail(path);
    remove_old(c, now);
}

std::vector<OrderMark> order_marks(const ledger::Snapshot& snapshot, UnixTime since, UnixTime until) {
    std::vector<OrderMark> out;
    snapshot.each_order([&](policy::OrderIndex, const policy::OrderRecord& r) {
        auto begin = std::max(r.applied, r.effective), end = std::min(r.expires, r.lifted);
        if (begin >= since && begin < until) out.push_back({begin, true, r.id});
        if (end >= since && end < until) out.push_back({end, false, r.id});
    });
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    return out;
}

std::vector<QualityBin> kept_quality(const config::QualityConfig& config, UnixTime since, UnixTime until,
                                     UnixTime width, const std::vector<OrderMark>& marks) {
    struct Sum {
        std::string region;
        ResolverStatistics statistics;
    };
    std::map<std::pair<UnixTime, std::string>, Sum> sums;
    std::map<std::string, QualityReading> last;
    if (!config.path.empty())
        for (auto& r : readings_of(config, since - longest_gap, until)) {
            auto before = last.find(r.resolver);
            if (before != last.end() && r.time >= since && r.time - before->second.time <= longest_gap) {
                auto& sum = sums[{since + (r.time - since) / width * width, r.resolver}];
                sum.region = r.region;
                add(sum.statistics, statistics_between(before->second.statistics, r.statistics));
            }
            last.insert_or_assign(r.resolver, std::move(r));
        }
    std::vector<QualityBin> out;
    for (const auto& [key, sum] : sums) {
        QualityBin bin{key.first, key.second, sum.region, quality_of(sum.statistics), {}};
        for (const auto& m : marks)
            if (m.time >= bin.begin && m.time < bin.begin + width) bin.marks.push_back(m);
        out.push_back(std::move(bin));
    }
    return out;
}

Json quality_bins_json(const std::vector<QualityBin>& bins) {
    Json out = Json::array();
    for (const auto& b : bins) {
        Json j = quality_json(b.region.empty() ? b.resolver : b.region + "=" + b.resolver, b.quality);
        j.erase("error");
        j["begin"] = format_rfc3339(b.begin);
        j["orders"] = Json::array();
        for (const auto& m : b.marks)
            j["orders"].push_back(
                {{"time", format_rfc3339(m.time)}, {"order", m.order}, {"change", m.begins ? "begins" : "ends"}});
        out.push_back(std::move(j));
    }
    return out;
}

}  // namespace saring::tool
