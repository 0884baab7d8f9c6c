#include "hits/database.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>

#include "base/acting_owner.h"
#include "ledger/page_walk.h"

namespace saring::hits {
namespace {

constexpr unsigned max_readers = 256;
// Beyond the limit there is room for a batch and for what LMDB keeps of older snapshots.
constexpr std::size_t headroom = std::size_t{256} << 20;

using FileId = std::pair<dev_t, ino_t>;
FileId file_id(const std::string& path) {
    struct stat s {};
    return ::stat((path + "/data.mdb").c_str(), &s) == 0 ? FileId{s.st_dev, s.st_ino} : FileId{};
}

// Also where the limit was lowered below what the file has: it must shrink first.
std::size_t map_size(const config::HitsConfig& config) {
    struct stat s {};
    std::size_t has = ::stat((config.path + "/data.mdb").c_str(), &s) == 0 ? static_cast<std::size_t>(s.st_size) : 0;
    return std::max(2 * config.max_size, has) + headroom;
}

std::mutex open_mutex;
std::map<FileId, std::weak_ptr<HitsDatabase>> open_databases;

// Of the file that was looked at last, or closed: whoever records tries again each second, and a resolver that reloads
// opens it again; neither walks through what nobody has written to since.
struct {
    std::mutex mutex;
    FileId file;
    std::string stamp;
    Message damage;
    std::chrono::steady_clock::time_point when;
} looked_at;

// Who still has a damaged file open may go on writing to it, which mends nothing.
constexpr std::chrono::minutes damage_lasts{1};

std::optional<Message> known_damage(const FileId& file, const std::string& stamp) {
    std::lock_guard lock(looked_at.mutex);
    if (looked_at.file != file || looked_at.stamp.empty()) return std::nullopt;
    bool recent = !looked_at.damage.empty() && std::chrono::steady_clock::now() - looked_at.when < damage_lasts;
    if (looked_at.stamp != stamp && !recent) return std::nullopt;
    return looked_at.damage;
}

// Without a stamp: nothing is known.
void note_damage(const FileId& file, const std::string& stamp, const Message& damage) {
    std::lock_guard lock(looked_at.mutex);
    looked_at.file = file;
    looked_at.stamp = stamp;
    looked_at.damage = damage;
    looked_at.when = std::chrono::steady_clock::now();
}

std::string stamp_of(const std::string& path) {
    struct stat s {};
    if (::stat((path + "/data.mdb").c_str(), &s) != 0) return {};
    return std::to_string(s.st_dev) + " " + std::to_string(s.st_ino) + " " + std::to_string(s.st_size) + " " + std::to_string(s.st_mtim.tv_sec) + " " + std::to_string(s.st_mtim.tv_nsec);
}

void require_sound_pages(const ledger::lmdb::Environment& env, Progress& progress) {
    auto stamp = stamp_of(env.directory());
    auto file = file_id(env.directory());
    auto damage = known_damage(file, stamp);
    if (!damage) {
        damage = ledger::lmdb::damaged_page(env, progress).value_or(Message());
        note_damage(file, stamp, *damage);
    }
    if (!damage->empty()) throw ledger::lmdb::Failure(ledger::lmdb::Fault::corrupt, msg("database"), msg("corrupt: %1", *damage), "");
}

}  // namespace

void raise_hits_failure(const ledger::lmdb::Failure& f) {
    Message remedy;
    switch (f.fault()) {
        case ledger::lmdb::Fault::absent: remedy = msg("it is made by the first resolver that loads the module with this hits.path"); break;
        case ledger::lmdb::Fault::unavailable: remedy = msg("check hits.path, its permissions and who else uses it"); break;
        case ledger::lmdb::Fault::full: remedy = msg("free disk space, or lower hits.max_size_mib"); break;
        case ledger::lmdb::Fault::corrupt: remedy = msg("move the folder hits.path aside: a new one is made, and hits are recorded on"); break;
        case ledger::lmdb::Fault::schema: remedy = f.remedy(); break;
    }
    throw ledger::lmdb::Failure(f.fault(), f.subject().english() == "database" ? msg("hits database") : f.subject(), f.why(), remedy);
}

HitsDatabase::HitsDatabase(const config::HitsConfig& config, Mode mode)
    : environment_(config.path, {mode == Mode::read, mode == Mode::read ? 0 : map_size(config), max_readers, false, true}),
      writable_(mode != Mode::read) {}

std::shared_ptr<HitsDatabase> HitsDatabase::open_shared(const config::HitsConfig& config, Mode mode, Progress& progress) {
    if (config.path.empty()) throw ledger::lmdb::Failure(ledger::lmdb::Fault::absent, msg("hits database"), msg("hits.path is empty: hits are not recorded"), "");
    std::lock_guard lock(open_mutex);
    ActingOwner as(config.path);
    if (auto known = open_databases.find(file_id(config.path)); known != open_databases.end())
        if (auto db = known->second.lock(); db && db->environment_.is_whole() && (db->writable_ || mode == Mode::read)) return db;
    struct stat s {};
    if (mode == Mode::create && ::mkdir(config.path.c_str(), 0770) != 0 && errno != EEXIST)
        throw ledger::lmdb::Failure(ledger::lmdb::Fault::unavailable, config.path, msg("cannot create: %1", std::strerror(errno)), "");
    if (mode == Mode::write && ::stat((config.path + "/data.mdb").c_str(), &s) != 0)
        throw ledger::lmdb::Failure(ledger::lmdb::Fault::absent, msg("hits database"), msg("%1 holds none", config.path), "");
    std::shared_ptr<HitsDatabase> db(new HitsDatabase(config, mode));
    db->opened_ = file_id(config.path);
    if (mode == Mode::read) {
        ledger::lmdb::ReadTxn txn(db->environment_);
        db->tables_ = open_hits_tables(txn);
        txn.keep_handles();
    } else {
        // A write into a damaged page can end the resolver, and would again after each start.
        require_sound_pages(db->environment_, progress);
        mdb_reader_check(db->environment_.handle(), nullptr);
        ledger::lmdb::WriteTxn txn(db->environment_);
        db->tables_ = mode == Mode::create && !txn.open_db("meta") ? create_hits_tables(txn) : open_hits_tables(txn);
        ledger::lmdb::commit(std::move(txn));
    }
    db->sound_ = true;
    open_databases[db->opened_] = db;
    return db;
}

std::shared_ptr<HitsDatabase> HitsDatabase::open(const config::HitsConfig& config) {
    return in_hits([&] { return open_shared(config, Mode::read, no_progress()); });
}
std::shared_ptr<HitsDatabase> HitsDatabase::open_to_write(const config::HitsConfig& config) {
    return in_hits([&] { return open_shared(config, Mode::write, no_progress()); });
}
std::shared_ptr<HitsDatabase> HitsDatabase::create(const config::HitsConfig& config, Progress& progress) {
    return in_hits([&] { return open_shared(config, Mode::create, progress); });
}

HitsDatabase::~HitsDatabase() {
    if (!writable_ || !sound_ || !is_in_place()) return;
    try {
        // It was sound when it was opened, and who else wrote to it has looked as well.
        note_damage(opened_, stamp_of(environment_.directory()), {});
    } catch (...) {  // no memory: it is looked at again
    }
}

void HitsDatabase::distrust() {
    sound_ = false;
    note_damage(opened_, {}, {});
}

bool HitsDatabase::is_in_place() const { return environment_.is_whole() && file_id(environment_.directory()) == opened_; }

std::uint64_t HitsDatabase::used_bytes(const ledger::lmdb::Transaction& txn) const {
    std::uint64_t out = 0;
    for (MDB_dbi db : {tables_.blocks, tables_.index, tables_.order_numbers, tables_.order_ids, tables_.order_hours, tables_.name_hours, tables_.order_totals,
                       tables_.dropped_hours, tables_.instances, tables_.consumers, tables_.meta})
        out += txn.used_bytes(db);
    return out;
}

}  // namespace saring::hits
