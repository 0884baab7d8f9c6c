#include "ledger/map_guard.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>

#include "ledger/fault_trap.h"
#include "ledger/signal_chain.h"

namespace saring::ledger {
namespace {

// Read by the handler, hence plain atomics in a fixed place. A place is free while its
// owner is null, and its other members are written before the owner.
struct Place {
    std::atomic<std::atomic<bool>*> broken{nullptr};
    std::atomic<std::uintptr_t> begin{0}, end{0};
    std::atomic<bool> writable{false};
};
std::array<Place, 256> places;

std::mutex mutex;  // over the guards coming and going
unsigned guards = 0;
struct sigaction before;
std::uintptr_t page_size = 4096;

void on_bus_error(int number, siginfo_t* info, void* context) {
    auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (auto& place : places) {
        auto* broken = place.broken.load(std::memory_order_acquire);
        if (!broken || address < place.begin.load() || address >= place.end.load()) continue;
        auto page = address & ~(page_size - 1);
        int access = PROT_READ | (place.writable.load() ? PROT_WRITE : 0);
        // All that follows lies beyond the file's end as well.
        if (::mmap(reinterpret_cast<void*>(page), place.end.load() - page, access, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED) break;
        broken->store(true, std::memory_order_relaxed);
        return;
    }
    hand_on(before, number, info, context);
}

bool is_guarded(std::uintptr_t begin) {
    for (auto& place : places)
        if (place.broken.load() && begin >= place.begin.load() && begin < place.end.load()) return true;
    return false;
}

void guard(std::uintptr_t begin, std::uintptr_t end, bool writable, std::atomic<bool>* broken) {
    for (auto& place : places) {
        if (place.broken.load()) continue;
        place.begin.store(begin);
        place.end.store(end);
        place.writable.store(writable);
        place.broken.store(broken, std::memory_order_release);
        return;
    }
}

}  // namespace

MapGuard::MapGuard(const std::string& path) {
    std::lock_guard lock(mutex);
    if (guards++ == 0) {
        page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
        struct sigaction ours {};
        ours.sa_sigaction = on_bus_error;
        ours.sa_flags = SA_SIGINFO | SA_NODEFER;
        ::sigaction(SIGBUS, &ours, &before);
        FaultTrap::install();
    }
    struct stat file {};
    std::unique_ptr<FILE, int (*)(FILE*)> maps(std::fopen("/proc/self/maps", "re"), [](FILE* f) { return f ? std::fclose(f) : 0; });
    if (!maps || ::stat(path.c_str(), &file) != 0) return;
    char line[4096];
    while (std::fgets(line, sizeof line, maps.get())) {
        unsigned long begin = 0, end = 0, inode = 0;
        char access[5] = {};
        if (std::sscanf(line, "%lx-%lx %4s %*s %*s %lu", &begin, &end, access, &inode) != 4) continue;
        // The device may differ from what stat says, as on an overlay: inode and name must do.
        bool same = inode == file.st_ino && std::string(line).find(path.substr(path.rfind('/'))) != std::string::npos;
        if (!same || is_guarded(begin)) continue;
        guard(begin, end, access[1] == 'w', &broken_);
        if (head_) continue;
        head_ = reinterpret_cast<const volatile std::uint64_t*>(begin);
        head_before_ = *head_;
    }
}

bool MapGuard::covers(const void* begin, std::size_t size) {
    auto from = reinterpret_cast<std::uintptr_t>(begin);
    bool any = false;
    for (auto& place : places) {
        if (!place.broken.load(std::memory_order_acquire)) continue;
        any = true;
        if (from >= place.begin.load() && from < place.end.load()) return size <= place.end.load() - from;
    }
    return !any;
}

void MapGuard::cover_this_thread() {
    sigset_t faults;
    sigemptyset(&faults);
    sigaddset(&faults, SIGBUS);
    sigaddset(&faults, SIGSEGV);
    sigaddset(&faults, CallWatch::signal);
    ::pthread_sigmask(SIG_UNBLOCK, &faults, nullptr);
    FaultTrap::watch_this_thread();
}

MapGuard::~MapGuard() {
    std::lock_guard lock(mutex);
    for (auto& place : places)
        if (place.broken.load() == &broken_) place.broken.store(nullptr);
    if (--guards > 0) return;
    ::sigaction(SIGBUS, &before, nullptr);
    FaultTrap::uninstall();
}

}  // namespace saring::ledger
