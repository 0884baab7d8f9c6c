// The two sides of a comparison: a resolver, a policy zone, or the database. Each is queried name by name.
#pragma once

#include <chrono>
#include <memory>

#include "ledger/snapshot.h"
#include "migrate/observed_answer.h"

namespace saring::tool {

class AnswerSource {
public:
    virtual ~AnswerSource() = default;
    virtual ObservedAnswer see(const OwnerName& name) = 0;
    virtual const char* kind() const = 0;  // "resolver", "zone", "database"
    virtual std::string what() const = 0;  // address, file, or path of the database
    std::string in_words() const;          // "the resolver 192.0.2.53"
};

// Limits queries to `rate` a second, evenly spaced.
class QueryPacer {
public:
    explicit QueryPacer(unsigned rate) : gap_(std::chrono::nanoseconds(std::chrono::seconds(1)) / rate) {}
    void wait();

private:
    std::chrono::nanoseconds gap_;
    std::chrono::steady_clock::time_point next_{};
};

// Throws Error(network) if the resolver does not answer, stops answering, or refuses this host.
class ResolverSource : public AnswerSource {
public:
    ResolverSource(const std::string& address, const std::string& option, unsigned timeout, unsigned rate,
                   list::Landings landings, std::optional<ProbeKey> probe = {});
    ObservedAnswer see(const OwnerName& name) override;
    const char* kind() const override { return marked("resolver"); }
    std::string what() const override { return client_.address(); }

private:
    DnsClient client_;
    QueryPacer pace_;
    list::Landings landings_;
};

class PolicyZoneSource : public AnswerSource {
public:
    PolicyZoneSource(const rpz::PolicyZone& zone, std::string file) : zone_(zone), file_(std::move(file)) {}
    ObservedAnswer see(const OwnerName& name) override { return observe(zone_.ask(name)); }
    const char* kind() const override { return marked("zone"); }
    std::string what() const override { return file_; }

private:
    const rpz::PolicyZone& zone_;
    std::string file_;
};

class DatabaseSource : public AnswerSource {
public:
    DatabaseSource(const ledger::Snapshot& snapshot, const config::Config& config, policy::Region region, UnixTime now,
                   bool rehearsed)
        : snapshot_(snapshot), config_(config), region_(std::move(region)), now_(now), rehearsed_(rehearsed) {}
    policy::Verdict decide_on(const OwnerName& name, std::vector<policy::ConsideredEntry>* trace = nullptr) const {
        return decide(snapshot_, name, {now_, &region_, config_.answer.action}, trace);
    }
    ObservedAnswer see(const OwnerName& name) override { return observe(decide_on(name), config_, rehearsed_); }
    const char* kind() const override { return marked("database"); }
    std::string what() const override { return config_.database.path; }

    const ledger::Snapshot& snapshot() const { return snapshot_; }
    UnixTime now() const { return now_; }

private:
    const ledger::Snapshot& snapshot_;
    const config::Config& config_;
    policy::Region region_;
    UnixTime now_;
    bool rehearsed_;
};

}  // namespace saring::tool
