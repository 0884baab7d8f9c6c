// Asking a resolver whether it does as the database says, for `selftest` and `doctor`.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "dns_client.h"
#include "output.h"
#include "session.h"

namespace saring::tool {

using Engine = std::mt19937;

// Keeps `size` of all that is offered, each with the same chance.
template <typename T>
class Reservoir {
public:
    Reservoir(std::size_t size, Engine& engine) : size_(size), engine_(engine) {}
    void offer(const T& item) {
        ++seen_;
        if (kept_.size() < size_)
            kept_.push_back(item);
        else if (auto at = std::uniform_int_distribution<std::size_t>(0, seen_ - 1)(engine_); at < size_)
            kept_[at] = item;
    }
    const std::vector<T>& kept() const { return kept_; }

private:
    std::size_t size_, seen_ = 0;
    Engine& engine_;
    std::vector<T> kept_;
};

// Names that an order in force blocks for everyone; below a subtree now and then one nobody listed.
std::vector<OwnerName> blocked_names(const Snapshot& s, const Config& config, std::size_t size, Engine& engine, UnixTime now);

// An answer in words: its code, addresses, aliases, extended errors.
std::string said(const std::optional<DnsAnswer>& answer);

// Of a name that is not to be blocked: empty when the answer is right, else what is wrong with it.
std::string wrong_with_pass(const std::optional<DnsAnswer>& answer, const Config& config);

// Asks for the A record of `name`. {"name", "expected", "action", "order", "answer", "right", "problem"};
// what is expected follows from the database, unless the name is one that nothing may block.
Json ask_and_judge(const DnsClient& resolver, const OwnerName& name, bool never_block, const Snapshot& snapshot, const Config& config, UnixTime now);

}  // namespace saring::tool
