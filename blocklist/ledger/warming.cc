#include "ledger/warming.h"

#include <fcntl.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace saring::ledger {
namespace {

constexpr std::uint64_t slice = 16 << 20;

// What the kernel reckons can be had without swapping (proc(5), MemAvailable).
std::uint64_t available_memory() {
    std::ifstream in("/proc/meminfo");
    std::string line;
    while (std::getline(in, line))
        if (line.rfind("MemAvailable:", 0) == 0) return std::stoull(line.substr(13)) << 10;
    return 0;
}

}  // namespace

Warming::Warming(const lmdb::Environment& environment) : size_(lmdb::reach(environment.handle())), available_(available_memory()) {
    lmdb::check(mdb_env_get_fd(environment.handle(), &file_), marked("cannot read"));
}

bool Warming::step() {
    if (!fits() || at_ >= size_) return false;
    auto n = std::min(slice, size_ - at_);
    if (::posix_fadvise(file_, static_cast<off_t>(at_), static_cast<off_t>(n), POSIX_FADV_WILLNEED) != 0) return false;
    at_ += n;
    return at_ < size_;
}

}  // namespace saring::ledger
