#include "hits/pseudonym_key.h"

#include <sodium.h>
#include <unistd.h>

#include "base/regular_file.h"

namespace saring::hits {
namespace {

constexpr const char* file_name = "/pseudonym.key";

}  // namespace

// The file: "saring-pseudonym-key/1", the period's number and the key in hex, a word each.
std::optional<PseudonymKeeper::Kept> PseudonymKeeper::read() const {
    std::string path = folder_ + file_name;
    if (::access(path.c_str(), F_OK) != 0) return std::nullopt;
    std::string text = read_regular_file(path, 4096);
    Kept kept{};
    char hex[65];
    long long period = 0;
    std::size_t n = 0;
    if (std::sscanf(text.c_str(), "saring-pseudonym-key/1 %lld %64[0-9a-f]", &period, hex) != 2 ||
        sodium_hex2bin(kept.key.data(), kept.key.size(), hex, 64, nullptr, &n, nullptr) != 0 || n != kept.key.size())
        throw Error(ErrorKind::usage, path, msg("is no pseudonym key"), msg("remove it: a new one is made"));
    kept.period = period;
    return kept;
}

const PseudonymKey& PseudonymKeeper::key(HitsDatabase& db, Microseconds now) {
    auto period = static_cast<std::int64_t>(now / second_us / 86400 / days_);
    if (kept_ && kept_->period == period) return kept_->key;
    ledger::lmdb::WriteTxn lock(db.environment());  // never committed: another resolver may be doing the same
    kept_ = read();
    if (!kept_ || kept_->period != period) {
        Kept fresh{period, {}};
        randombytes_buf(fresh.key.data(), fresh.key.size());
        char hex[65];
        sodium_bin2hex(hex, sizeof hex, fresh.key.data(), fresh.key.size());
        write_file(folder_ + file_name, "saring-pseudonym-key/1 " + std::to_string(period) + " " + hex + "\n", 0600);
        kept_ = fresh;
    }
    return kept_->key;
}

}  // namespace saring::hits
