#include "instance.h"

#include "answer.h"

namespace saring {
namespace {

constexpr std::uint16_t class_in = 1;

std::uint64_t next_generation() {
    static std::atomic<std::uint64_t> counter{0};
    return ++counter;
}

// The worker of this thread for the instance it last worked for. Plain data: the
// instance owns what it points at, so a thread's end leaves nothing behind.
thread_local std::uint64_t my_generation = 0;
thread_local Worker* my_worker = nullptr;

}  // namespace

Instance::Instance(Config config)
    : config_(std::move(config)), database_(Database::open(config_)), generation_(next_generation()) {
    Worker probe(database_);
    Worker::Use use(probe);
    glue_log(saring_log_info, ("loaded: " + config_.database.path + ", serial " + std::to_string(use.snapshot().serial()) + ", " +
                               std::to_string(use.snapshot().name_count()) + " names").c_str());
}

Worker& Instance::worker() {
    if (my_generation != generation_) {
        auto fresh = std::make_unique<Worker>(database_);
        std::lock_guard lock(workers_mutex_);
        workers_.push_back(std::move(fresh));
        my_worker = workers_.back().get();
        my_generation = generation_;
    }
    return *my_worker;
}

saring_step Instance::operate(const saring_query& query, saring_event event) {
    switch (event) {
        case saring_event_new: return enter(query);
        case saring_event_done: return saring_step_finished;
        case saring_event_error: break;
    }
    return saring_step_failed;
}

saring_step Instance::enter(const saring_query& query) {
    // Unbound's own sub-queries, prefetch and priming are nobody's question.
    if (!query.has_client || query.qclass != class_in) return saring_step_pass_on;
    OwnerName name;
    if (!OwnerName::from_wire(query.qname, query.qname_len, name)) return saring_step_pass_on;
    try {
        Worker& mine = worker();
        Worker::Use use(mine);
        Verdict verdict = decide(use.snapshot(), name, {query.now, nullptr, config_.answer.action});
        if (failing_.load(std::memory_order_relaxed) && failing_.exchange(false))
            glue_log(saring_log_info, "the database can be read again");
        if (verdict.logged) rehearse(mine, query, *verdict.logged);
        if (verdict.outcome != Outcome::block) return saring_step_pass_on;
        return answer_blocked(query, *verdict.by, verdict.trigger, use.snapshot().serial(), config_) ? saring_step_finished : saring_step_failed;
    } catch (const Error& e) {
        return unavailable(e.what());
    }
}

saring_step Instance::unavailable(const char* why) {
    bool resolve = config_.failure.policy == FailurePolicy::resolve;
    if (!failing_.exchange(true))
        glue_log(saring_log_error, (std::string(why) + "; until it is mended queries are " + (resolve ? "resolved unchecked" : "refused with SERVFAIL") +
                                    " (failure.policy)").c_str());
    return resolve ? saring_step_pass_on : saring_step_failed;
}

void Instance::rehearse(Worker& worker, const saring_query& query, const Deciding& by) {
    if (query.now <= worker.last_rehearsal_line) {
        ++worker.rehearsals_unsaid;
        return;
    }
    std::string line = "log: would block a query for " + by.listed.to_string() + " by order " + by.order.id;
    if (worker.rehearsals_unsaid) line += ", and " + std::to_string(worker.rehearsals_unsaid) + " more before it";
    worker.last_rehearsal_line = query.now;
    worker.rehearsals_unsaid = 0;
    glue_log(saring_log_info, line.c_str());
}

std::size_t Instance::memory() const { return sizeof *this + workers_.size() * sizeof(Worker); }

}  // namespace saring
