#include "image/publish.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <map>
#include <mutex>
#include <set>

#include "base/process_lock.h"
#include "image/file.h"
#include "image/file_writer.h"
#include "image/refusal.h"
#include "ledger/changes.h"
#include "ledger/journal.h"
#include "ledger/snapshot.h"

namespace saring::image {
namespace {

Error failed(const std::string& folder, const Message& doing, int error) {
    return {ErrorKind::database, folder, doing + ": " + std::strerror(error),
            msg("check the path and its permissions; the image in force stays")};
}

// Mode 0755 whatever the umask: resolvers read the folder as another user, and nothing in it is secret.
void make_folder(const std::string& folder) {
    constexpr mode_t mode = 0755;
    if (::mkdir(folder.c_str(), mode) == 0 ? ::chmod(folder.c_str(), mode) != 0 : errno != EEXIST)
        throw failed(folder, msg("cannot create"), errno);
}

// The lock is in the ledger's folder: a resolver can open, and so lock, files in the image's folder.
ProcessLock lock_publishing(const std::string& ledger, unsigned wait_seconds) {
    LockWait patience{std::chrono::seconds(wait_seconds), {}, msg("wait for it, or stop it; the image in force stays")};
    auto remedy = msg("check the path and its permissions; the image in force stays");
    return {ledger + "/publish.lock", msg("image"), "", now_unix(), remedy, patience};
}

template <std::size_t N>
std::array<std::uint8_t, N> bytes_of(ByteView text) {
    std::array<std::uint8_t, N> out{};
    std::memcpy(out.data(), text.data(), std::min(N, text.size()));
    return out;
}

// Includes the journal's hash, since a ledger and a restored copy may reach the same serial with different content.
State state_of(const ledger::Snapshot& ledger) {
    State s;
    s.ledger = read_ledger_id(ledger.transaction(), ledger.tables());
    s.serial = ledger.serial();
    if (auto last = read_journal(ledger.transaction(), ledger.tables(), s.serial)) s.journal = bytes_of<32>(last->hash);
    return s;
}

// Whether the ledger was in that state at some time.
bool has_passed(const ledger::Snapshot& ledger, const State& now, const State& then) {
    if (then.ledger != now.ledger || then.serial > now.serial) return false;
    auto record = read_journal(ledger.transaction(), ledger.tables(), then.serial);
    return record ? bytes_of<32>(record->hash) == then.journal : then.serial == 0 && then.journal == Hash{};
}

ImageOrder image_order(const ledger::Snapshot& ledger, policy::OrderIndex index, ByteView value,
                       std::uint64_t changed) {
    policy::OrderRecord all = ledger::decode_order_record(value);
    ImageOrder o;
    o.index = index;
    o.changed = changed;
    auto& r = o.record;
    r.kind = all.kind, r.action = all.action;
    r.issued = all.issued, r.effective = all.effective, r.expires = all.expires, r.lifted = all.lifted;
    r.id = all.id, r.authority = all.authority, r.category = all.category, r.regions = all.regions;
    o.texts = ledger.texts(index);
    return o;
}

Footer footer_of(const ledger::Snapshot& ledger, const State& state) {
    Footer f;
    f.state = f.base = state;
    f.names = ledger.name_count();
    f.addresses = ledger.address_count();
    return f;
}

FileRef write_base(const ledger::Snapshot& ledger, int folder, const State& state) {
    FileWriter out(folder, Kind::base, ledger.name_count());
    const auto& txn = ledger.transaction();
    ledger::lmdb::Cursor names(txn, ledger.tables().names), addresses(txn, ledger.tables().addresses),
        orders(txn, ledger.tables().orders);
    for (auto item = names.first(); item; item = names.next()) out.name(item->key, item->value);
    for (auto item = addresses.first(); item; item = addresses.next())
        out.address(prefix_of_key(item->key), item->value);
    for (auto item = orders.first(); item; item = orders.next()) {
        auto index = static_cast<policy::OrderIndex>(from_be(item->key));
        out.order(image_order(ledger, index, item->value, 0));
    }
    return out.finish(footer_of(ledger, state));
}

// The present image, on which the next one is based.
struct Before {
    Current current;
    State base;
    std::shared_ptr<const File> delta;  // null: no delta
    std::uint64_t keys() const { return delta ? delta->footer().keys + delta->addresses().count() : 0; }
};

// The keys that commits changed, each with the last serial that changed it.
struct ChangedKeys {
    std::map<Bytes, std::uint64_t> names, addresses;
    std::map<policy::OrderIndex, std::uint64_t> orders;
    std::uint64_t size() const { return names.size() + addresses.size(); }
};

// False when they are more than `limit` names and addresses, or not recorded.
bool add_commits(const ledger::Snapshot& ledger, std::uint64_t after, std::uint64_t until, std::uint64_t limit,
                 const std::vector<Bytes>* names_of_new_lists, ChangedKeys& out, Message& why) try {
    for (auto serial = after + 1; serial <= until; ++serial) {
        ledger::Changes changes = read_changes(ledger.transaction(), ledger.tables(), serial);
        if (!changes.whole_lists_added.empty()) {
            if (serial != until || !names_of_new_lists) return why = msg("serial %1 added a whole list", serial), false;
            for (const auto& name : *names_of_new_lists) out.names[name] = serial;
        }
        for (auto& e : changes.entries) (e.address ? out.addresses : out.names)[std::move(e.key)] = serial;
        for (const auto& r : changes.records)
            if (r.table == ledger::RecordTable::orders || r.table == ledger::RecordTable::texts)
                out.orders[static_cast<policy::OrderIndex>(from_be(r.key))] = serial;
        if (out.size() > limit) return why = msg("more than %1 names and addresses changed", limit), false;
    }
    return true;
} catch (const Error& e) {
    why = e.message();
    return false;
}

// Merges the sorted content of the previous delta with the new changes. For a key in both, the new one counts.
template <typename Old, typename New, typename TakeOld, typename TakeNew>
void merge_sorted(const Old& old, const New& fresh, TakeOld take_old, TakeNew take_new) {
    auto o = old.begin();
    auto n = fresh.begin();
    while (o != old.end() || n != fresh.end()) {
        bool newer = n != fresh.end() && (o == old.end() || n->first <= o->first);
        if (newer && o != old.end() && o->first == n->first) ++o;
        newer ? take_new(*n++) : take_old(*o++);
    }
}

// Writes everything in `changed` and everything in a previous delta of the same base.
FileRef write_delta(const ledger::Snapshot& ledger, int folder, Footer f, const File* former,
                    const ChangedKeys& changed) {
    const auto& txn = ledger.transaction();
    std::vector<std::pair<Bytes, Claims>> names, addresses;
    std::vector<std::pair<policy::OrderIndex, const ImageOrder*>> orders;
    if (former) {
        const File& old = *former;
        NameCursor(old).each({},
                             [&](ByteView key, SetId set) { return names.emplace_back(key, old.sets()[set]), true; });
        old.addresses().each(
            [&](const Prefix& p, SetId set) { addresses.emplace_back(prefix_key(p), old.sets()[set]); });
        for (const auto& o : old.orders()) orders.emplace_back(o->index, o.get());
    }
    FileWriter out(folder, Kind::delta, names.size() + changed.names.size());
    auto now = [&](MDB_dbi table, ByteView key) { return txn.get(table, key).value_or(ByteView()); };
    merge_sorted(
        names, changed.names, [&](const auto& o) { out.name(o.first, o.second.value(), o.second.changed()); },
        [&](const auto& n) { out.name(n.first, now(ledger.tables().names, n.first), n.second); });
    merge_sorted(
        addresses, changed.addresses,
        [&](const auto& o) { out.address(prefix_of_key(o.first), o.second.value(), o.second.changed()); },
        [&](const auto& n) { out.address(prefix_of_key(n.first), now(ledger.tables().addresses, n.first), n.second); });
    merge_sorted(
        orders, changed.orders, [&](const auto& o) { out.order(*o.second); },
        [&](const auto& n) {
            ByteView value = now(ledger.tables().orders, be32(n.first));
            out.order(value.empty() ? ImageOrder{n.first, n.second, false, {}, {}}
                                    : image_order(ledger, n.first, value, n.second));
        });
    return out.finish(f);
}

// A base file that this process has verified, and its file status then. Commands that publish many times need not read
// hundreds of MiB each time.
class VerifiedBase {
public:
    bool is(const struct ::stat& now, const FileRef& ref) {
        std::lock_guard lock(mutex_);
        return ref_ == ref && same(stood_, now);
    }
    // Skipped for a recently changed file: a further change within the clock's tick would not show in its times.
    void remember(const struct ::stat& stood, const FileRef& ref) {
        constexpr std::int64_t settled_ns = 100'000'000, second_ns = 1'000'000'000;
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        auto age = (now.tv_sec - stood.st_ctim.tv_sec) * second_ns + now.tv_nsec - stood.st_ctim.tv_nsec;
        if (age < settled_ns) return;
        std::lock_guard lock(mutex_);
        stood_ = stood;
        ref_ = ref;
    }

private:
    static bool same(const struct ::stat& a, const struct ::stat& b) {
        auto same = [](const timespec& x, const timespec& y) { return x.tv_sec == y.tv_sec && x.tv_nsec == y.tv_nsec; };
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size && same(a.st_mtim, b.st_mtim) &&
               same(a.st_ctim, b.st_ctim);
    }

    std::mutex mutex_;
    struct ::stat stood_ {};
    std::optional<FileRef> ref_;
};
VerifiedBase verified_base;

// Throws Refusal unless the base's file has its hash.
void verify_base(int folder, const FileRef& ref) {
    OpenFile file = open_file(folder, file_name(Kind::base, ref));
    struct ::stat stands {};
    bool known = ::fstat(file.fd.get(), &stands) == 0;
    if (known && verified_base.is(stands, ref)) return;
    if (file.size != ref.size || hash_of(file) != ref.hash)
        throw Refusal(Reason::mismatch, file.name, msg("its hash does not match its name"));
    if (known) verified_base.remember(stands, ref);
}

// Removes image files that `current` does not name. Leaves other programs' files.
void remove_unnamed(int folder, const Current& current) {
    std::set<std::string> named{file_name(Kind::base, current.base)};
    if (current.delta) named.insert(file_name(Kind::delta, *current.delta));
    int fd = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* entries = fd < 0 ? nullptr : ::fdopendir(fd);
    if (!entries) return;  // the next publication removes them
    while (const dirent* e = ::readdir(entries)) {
        std::string name = e->d_name;
        bool ours =
            name.rfind("base-", 0) == 0 || name.rfind("delta-", 0) == 0 || name.rfind(unfinished_prefix, 0) == 0;
        if (ours && named.count(name) == 0) ::unlinkat(folder, name.c_str(), 0);
    }
    ::closedir(entries);
}

void require_own(const Current& current, const LedgerId& ledger, const std::string& path) {
    if (current.state.ledger != ledger)
        throw Error(ErrorKind::database, path,
                    msg("has the image of another database, of serial %1", current.state.serial),
                    msg("restore that database; or, if this one is right: blocklist-tool db init"));
}

Before look(int folder, const Current& current) {
    Before b;
    b.current = current;
    verify_base(folder, b.current.base);
    b.base = b.current.state;
    if (b.current.delta) {
        b.delta = File::load(folder, Kind::delta, *b.current.delta);
        const Footer& f = b.delta->footer();
        b.base = f.base;
        if (f.state != b.current.state || f.base_hash != b.current.base.hash)
            throw Refusal(Reason::mismatch, current_name, msg("names files that do not belong together"));
    }
    return b;
}

}  // namespace

Publication publish(ledger::Database& database, const std::string& path, const PublishOptions& options) {
    ProcessLock lock = lock_publishing(database.environment().directory(), options.wait_seconds);
    make_folder(path);
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) throw failed(path, msg("cannot open"), errno);
    // Read after taking the lock, so that the last of several publishers publishes the newest state.
    ledger::lmdb::ReadTxn txn(database.environment());
    ledger::Snapshot ledger(txn, database.tables());
    State state = state_of(ledger);
    Publication done;
    done.serial = state.serial;
    done.ledger = state.ledger;

    std::optional<Before> before;
    try {
        Current current = read_current(folder.get());
        if (!options.replaces_others) require_own(current, state.ledger, path);
        before = look(folder.get(), current);
        if (!has_passed(ledger, state, before->current.state))
            done.folded = msg("the published image is not an earlier state of this database"), before.reset();
    } catch (const Refusal& r) {
        done.folded = r.reason() == Reason::absent ? msg("nothing was published before") : r.message();
    }
    Current now{state, {}, {}};
    if (before && before->current.state == state) {
        now = before->current;
    } else {
        ChangedKeys changed;
        auto limit = options.max_delta ? options.max_delta : fold_limit(ledger.name_count());
        bool known = before && add_commits(ledger, before->current.state.serial, state.serial, limit,
                                           options.names_of_new_lists, changed, done.folded);
        bool fits = known && before->keys() + changed.size() <= limit;
        if (known && !fits) done.folded = msg("more than %1 names and addresses changed", limit);
        done.how = fits ? Publication::How::delta : Publication::How::base;
        done.changed = changed.size();
        Footer footer = footer_of(ledger, state);
        if (fits) {
            now.base = before->current.base;
            footer.base = before->base;
            footer.changes_since = before->delta ? before->delta->footer().changes_since : before->base.serial;
        } else {
            now.base = write_base(ledger, folder.get(), state);
            footer.changes_since = before ? before->current.state.serial : state.serial;
        }
        footer.base_hash = now.base.hash;
        // Beside a new base the delta lists the same; it only records what changed.
        if (known) now.delta = write_delta(ledger, folder.get(), footer, fits ? before->delta.get() : nullptr, changed);
        write_current(folder.get(), now);
    }
    remove_unnamed(folder.get(), now);
    return done;
}

}  // namespace saring::image
