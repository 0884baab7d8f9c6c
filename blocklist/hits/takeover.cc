#include "hits/takeover.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <memory>

#include "base/acting_owner.h"
#include "base/process_lock.h"
#include "base/time.h"
#include "hitlog/counts_log.h"
#include "hitlog/folder.h"
#include "hitlog/records.h"
#include "hits/earlier_blocks.h"
#include "hits/state.h"
#include "name/lookup_key.h"

namespace saring::hits {
namespace {

constexpr std::uint32_t schema = 1;
constexpr std::size_t rows_a_frame = 16384;
constexpr std::uint64_t segment_bytes = 64u << 20;

[[noreturn]] void refuse_database(const std::string& folder, const Message& why) {
    throw Error(ErrorKind::database, folder + "/data.mdb", why,
                msg("stop resolvers of earlier versions and try again; move the file aside to do without its hits"));
}

// All of it, as it is now.
class Database {
public:
    explicit Database(const std::string& folder) : folder_(folder) {
        check(::mdb_env_create(&env_));
        struct stat s {};
        ::stat((folder + "/data.mdb").c_str(), &s);
        check(::mdb_env_set_mapsize(env_, static_cast<std::size_t>(s.st_size) + (std::size_t{64} << 20)));
        check(::mdb_env_set_maxdbs(env_, 16));
        check(::mdb_env_open(env_, folder.c_str(), MDB_RDONLY, 0640));
        check(::mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn_));
    }
    ~Database() {
        if (txn_) ::mdb_txn_abort(txn_);
        ::mdb_env_close(env_);
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void each(const char* table, const std::function<void(ByteView key, ByteView value)>& visit) {
        MDB_dbi db;
        MDB_cursor* cursor = nullptr;
        check(::mdb_dbi_open(txn_, table, 0, &db));
        check(::mdb_cursor_open(txn_, db, &cursor));
        std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closed(cursor, ::mdb_cursor_close);
        MDB_val key, value;
        for (int rc = ::mdb_cursor_get(cursor, &key, &value, MDB_FIRST); rc != MDB_NOTFOUND;
             rc = ::mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
            check(rc);
            visit({static_cast<const char*>(key.mv_data), key.mv_size},
                  {static_cast<const char*>(value.mv_data), value.mv_size});
        }
    }

private:
    void check(int rc) {
        if (rc != 0) refuse_database(folder_, msg("cannot read: %1", ::mdb_strerror(rc)));
    }
    const std::string& folder_;
    MDB_env* env_ = nullptr;
    MDB_txn* txn_ = nullptr;
};

std::uint64_t stored_number(ByteView value) { return ByteReader(value, "count").integer<std::uint64_t>(); }

class Taking {
public:
    explicit Taking(const std::string& folder) : folder_(folder), db_(folder) {}

    Takeover run() {
        db_.each("meta", [&](ByteView key, ByteView value) { meta_[std::string(key)] = Bytes(value); });
        if (meta_["schema"].size() != 4 || ByteReader(meta_["schema"], "schema").integer<std::uint32_t>() != schema ||
            meta_["id"].size() != 8)
            refuse_database(folder_, msg("is of an unknown schema"));
        run_ = from_be(meta_["id"]);
        remove_unfinished();
        records();
        counts();
        state();
        out_.there_was_one = true;
        return out_;
    }

private:
    std::uint64_t meta(const char* name) { return meta_[name].size() == 8 ? stored_number(meta_[name]) : 0; }

    void remove_unfinished() {
        for (const auto& f : segment_files(folder_))
            if (f.name.id.run == run_) ::unlink((folder_ + "/" + f.file_name).c_str());
    }

    void records() {
        db_.each("blocks", [&](ByteView key, ByteView block) {
            std::vector<Hit> hits;
            try {
                hits = hits_of_block(from_be(key), block);
            } catch (const Error&) {
                ++out_.damaged;
                return;
            }
            for (const auto& h : hits) add(h);
        });
        end_frame();
        auto last = meta("next_sequence");
        if (segment_ && last > 1) segment_->set_sequences(first_sequence_, last - 1);
        end_segment();
    }

    void add(const Hit& h) {
        if (!building_.empty() && (building_.full() || building_.hour() != hour_of(h.time) || instance_ != h.instance))
            end_frame();
        if (building_.empty()) begin_frame(h);
        building_.add(RecordOf(h));
        ++out_.hits;
    }
    // A segment a day: so that they retire as their hits grow old.
    void begin_frame(const Hit& h) {
        instance_ = h.instance;
        if (segment_ && (segment_->size() >= segment_bytes || day_ != h.time / day_us)) end_segment();
        if (segment_) return;
        day_ = h.time / day_us;
        first_sequence_ = h.sequence;
        SegmentHead head{{run_, ++segments_}, h.instance, 0, std::max<Microseconds>(h.time, 0)};
        segment_ = std::make_unique<SegmentWriter>(folder_, SegmentKind::hits, head);
        if (first_file_.empty()) first_file_ = segment_->path().substr(folder_.size() + 1);
    }
    void end_frame() {
        if (building_.empty()) return;
        segment_->append(building_.header(), building_.payload(packer_, instance_));
        building_.clear();
    }
    void end_segment() {
        if (!segment_) return;
        segment_->close(packer_, true);
        counted_.push_back({segment_->id(), segment_->next_number()});
        segment_.reset();
    }

    void counts() {
        CountsLog log(folder_, run_, "");
        std::map<Bytes, std::string> ids;
        db_.each("order_ids", [&](ByteView key, ByteView value) { ids[Bytes(key)] = value; });
        Totals totals;
        db_.each("instances", [&](ByteView name, ByteView value) {
            ByteReader in(value, "instance totals");
            auto& i = totals.instances[std::string(name)];
            i.recorded = in.integer<std::uint64_t>();
            i.dropped = in.integer<std::uint64_t>();
            i.uncounted = in.integer<std::uint64_t>();
            i.last = in.integer<Microseconds>();
        });
        db_.each("order_totals", [&](ByteView key, ByteView value) {
            if (key.size() == 5 && key[4] <= static_cast<char>(Action::log))
                totals.orders[{ids[Bytes(key.substr(0, 4))], static_cast<Action>(key[4])}] += stored_number(value);
        });
        // Keys are in the order of hours; each table by itself.
        HitCounts some(rows_a_frame * 2);
        Hour hour = 0;
        auto hours = [&](const char* table, auto add) {
            db_.each(table, [&](ByteView key, ByteView value) {
                if (key.size() < 3) return;
                auto now = static_cast<Hour>(from_be(key.substr(0, 3)));
                if (some.rows() >= rows_a_frame || now / 24 != hour / 24) flush(log, some, hour);
                hour = now;
                add(hour, key.substr(3), stored_number(value));
            });
            flush(log, some, hour);
        };
        hours("order_hours", [&](Hour h, ByteView rest, std::uint64_t n) {
            if (rest.size() < 5 || rest[4] > static_cast<char>(Action::log)) return;
            some.add_row(
                HitCounts::OrderRow{h, ids[Bytes(rest.substr(0, 4))], rest.substr(5), static_cast<Action>(rest[4]), n});
            ++out_.hours;
        });
        hours("name_hours", [&](Hour h, ByteView rest, std::uint64_t n) {
            if (rest.size() < 4) return;
            ByteView matched = rest.substr(4);
            Bytes octets = matched.empty() || matched[0] == '\0' ? Bytes(matched) : Bytes(name_of_key(matched).wire());
            some.add_row(HitCounts::NameRow{h, ids[Bytes(rest.substr(0, 4))], octets, n});
        });
        hours("dropped_hours", [&](Hour h, ByteView, std::uint64_t n) { some.add_dropped_hour(h, n); });
        // Its own words for what of the records is counted: all.
        for (const auto& [id, end] : counted_)
            log.append(id, 0, end, "", HitCounts(1), 0, std::max<Microseconds>(hour * hour_us, 0));
        log.inherit({run_, 0}, totals, std::max<Microseconds>(hour * hour_us, 0));
        log.close();
    }
    static void flush(CountsLog& log, HitCounts& some, Hour hour) {
        if (some.rows() > 0 || !some.dropped_hours().empty()) log.append_hours(some, hour * hour_us);
        some.clear();
    }

    void state() {
        out_.purged = meta("purged");
        if (out_.purged > 0) note_purged(folder_, first_file_.empty() ? "data.mdb" : first_file_, out_.purged);
        db_.each("consumers", [&](ByteView name, ByteView value) {
            auto position = shipped(folder_, std::string(name));
            position[run_] = stored_number(value);
            set_shipped(folder_, std::string(name), position);
        });
    }

    const std::string& folder_;
    Database db_;
    std::map<std::string, Bytes> meta_;
    RunId run_ = 0;
    Takeover out_;
    Packer packer_;
    FrameBuilder building_;
    std::unique_ptr<SegmentWriter> segment_;
    std::uint32_t segments_ = 0;
    std::uint64_t first_sequence_ = 0;
    Microseconds day_ = 0;
    std::string instance_, first_file_;
    std::vector<std::pair<SegmentId, std::uint32_t>> counted_;
};

void flush_folder(const std::string& folder) {
    int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

}  // namespace

bool has_earlier_database(const std::string& folder) {
    return !folder.empty() && ::access((folder + "/data.mdb").c_str(), F_OK) == 0;
}

Takeover take_over_earlier(const std::string& folder) {
    ActingOwner as(folder);
    if (!has_earlier_database(folder)) return {};
    ProcessLock lock(folder + "/purge.lock", msg("hits migrate"), "", now_unix(),
                     msg("check hits.path and its permissions"));
    auto out = Taking(folder).run();
    flush_folder(folder);
    ::unlink((folder + "/data.mdb").c_str());
    ::unlink((folder + "/lock.mdb").c_str());
    return out;
}

}  // namespace saring::hits
