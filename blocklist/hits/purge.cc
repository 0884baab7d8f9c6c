#include "hits/purge.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include "base/acting_owner.h"
#include "base/process_lock.h"
#include "base/time.h"
#include "hitlog/retention.h"
#include "hits/state.h"

namespace saring::hits {
namespace {

using namespace std::chrono_literals;

const std::string unfinished = ".purging";

[[noreturn]] void fail_purge(const std::string& path, const Message& doing) {
    throw Error(ErrorKind::database, path, doing + ": " + std::strerror(errno),
                msg("check hits.path and its permissions"));
}

void remove_unfinished(const std::string& folder) {
    DIR* dir = ::opendir(folder.c_str());
    if (!dir) return;
    while (const dirent* entry = ::readdir(dir)) {
        std::string name = entry->d_name;
        if (name.size() > unfinished.size() &&
            name.compare(name.size() - unfinished.size(), unfinished.size(), unfinished) == 0)
            ::unlink((folder + "/" + name).c_str());
    }
    ::closedir(dir);
}

// Somebody may still append to it.
bool may_have_a_writer(const Segment& s) {
    if (s.is_closed() || s.torn_bytes() == s.size()) return false;
    auto process = static_cast<pid_t>(s.head().process);
    bool lives = process > 0 && (::kill(process, 0) == 0 || errno == EPERM);
    // A resolver in a container has another number here.
    return lives || s.modified() >= now_unix() - 5;
}

void ask_for_new_segments(const std::string& folder, std::chrono::milliseconds patience) {
    auto waits = [&] {
        for (const auto& f : segment_files(folder)) {
            auto s = f.name.kind == SegmentKind::hits ? Segment::open(folder, f.file_name) : nullptr;
            if (s && s->hits() > 0 && may_have_a_writer(*s)) return true;
        }
        return false;
    };
    std::string path = rotation_request_path(folder);
    int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0 || ::futimens(fd, nullptr) != 0) fail_purge(path, msg("cannot write"));
    ::close(fd);
    for (auto until = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < until && waits();)
        std::this_thread::sleep_for(50ms);
}

class Purge {
public:
    Purge(const std::string& folder, const HitFilter& filter)
        : folder_(folder), filter_(filter), now_(now_microseconds()), counts_(folder, new_run_id(), "blocklist-tool") {}

    Purged run() {
        for (const auto& f : segment_files(folder_)) {
            if (f.name.kind != SegmentKind::hits) continue;
            auto s = Segment::open(folder_, f.file_name);
            if (s && (holds_wanted(*s) || holds_unreadable(*s))) purge(*s);
        }
        counts_.close();
        return std::move(out_);
    }

private:
    // Also a damaged frame of that time: nobody can say whose its records were.
    bool holds_wanted(Segment& s) {
        if (s.hits() == 0 || s.last() < filter_.since || s.first() >= filter_.until) return false;
        for (const auto& f : s.frames())
            if (f.header.type == FrameType::hits) {
                auto payload = s.payload(f);
                if (!payload && f.header.last >= filter_.since && f.header.first < filter_.until) return true;
                if (!payload) continue;
                RecordColumns columns(f.header, *payload, unpacker_);
                if (!columns.may_hold(filter_)) continue;
                columns.read_columns(unpacker_);
                if (!columns.accepted(filter_).empty()) return true;
            }
        return false;
    }

    // Bytes that nobody can read, of the time that the file was written in.
    bool holds_unreadable(Segment& s) {
        s.frames();
        bool has_torn_tail = s.torn_bytes() > 0 && s.torn_bytes() < s.size() && !may_have_a_writer(s);
        bool has_damage =
            std::any_of(s.damage().begin(), s.damage().end(), [&](const Damage& d) { return !is_frame(s, d.offset); });
        return (has_torn_tail || has_damage) && s.begun() - hour_us < filter_.until &&
               std::max(s.modified() * second_us, s.last()) >= filter_.since;
    }
    static bool is_frame(Segment& s, std::uint64_t offset) {
        return std::any_of(s.frames().begin(), s.frames().end(), [&](const auto& f) { return f.offset == offset; });
    }

    void purge(Segment& s) {
        if (!s.is_counted()) cover(s, folder_, counts_, now_);
        std::string path = folder_ + "/" + s.file_name();
        std::uint64_t removed = 0;
        try {
            SegmentWriter to(path + unfinished, s.head());
            for (const auto& f : s.frames())
                if (auto payload = s.payload(f)) removed += copy(f, *payload, to);
            std::uint64_t unreadable = 0;
            for (const auto& d : s.damage()) unreadable += d.hits;
            to.set_sequences(s.first_sequence(), s.last_sequence());
            to.close(packer_, true);
            // First the word, then the deed: killed in between too many are said to be purged, and it is done again.
            note_purged(folder_, s.file_name(), purged_of(folder_, s.file_name()) + removed + unreadable);
            if (::rename((path + unfinished).c_str(), path.c_str()) != 0) fail_purge(path, msg("cannot replace"));
        } catch (...) {
            ::unlink((path + unfinished).c_str());
            throw;
        }
        out_.hits += removed;
        out_.damage.insert(out_.damage.end(), s.damage().begin(), s.damage().end());
    }

    // All but what is unwanted; how many that was.
    std::uint64_t copy(const FrameAt& f, ByteView payload, SegmentWriter& to) {
        if (f.header.type != FrameType::hits) return to.append(f.header, payload), 0;
        RecordColumns columns(f.header, payload, unpacker_);
        if (!columns.may_hold(filter_)) return to.append(f.header, payload), 0;
        columns.read_columns(unpacker_);
        auto unwanted = columns.accepted(filter_);
        if (unwanted.empty()) return to.append(f.header, payload), 0;
        builder_.clear();
        auto next = unwanted.begin();
        for (std::uint32_t row = 0; row < columns.size(); ++row) {
            if (next != unwanted.end() && *next == row) ++next;
            else builder_.add(RecordOf(columns.hit(row)));
        }
        if (!builder_.empty()) {
            auto header = builder_.header();
            header.number = f.header.number;
            to.append(header, builder_.payload(packer_, columns.instance));
        }
        return unwanted.size();
    }

    const std::string& folder_;
    const HitFilter& filter_;
    const Microseconds now_;
    CountsLog counts_;
    Packer packer_;
    Unpacker unpacker_;
    FrameBuilder builder_;
    Purged out_;
};

}  // namespace

Purged purge_hits(const std::string& folder, const HitFilter& filter, std::chrono::milliseconds patience) {
    require_hit_log(folder);
    ActingOwner as(folder);
    ProcessLock lock(folder + "/purge.lock", msg("hits purge"), "", now_unix(),
                     msg("check hits.path and its permissions"));
    remove_unfinished(folder);
    ask_for_new_segments(folder, patience);
    return Purge(folder, filter).run();
}

}  // namespace saring::hits
