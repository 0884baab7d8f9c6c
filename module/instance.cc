#include "instance.h"

#include <array>

#include "client_subnet.h"

namespace saring {
namespace {

constexpr std::uint16_t class_in = 1, type_a = 1, type_aaaa = 28;

constexpr std::size_t max_chain = 16;  // alias links followed in the cache

// The module's word about a query: a bit, and above it the edition of the snapshot in which
// nothing at or above the queried name was listed, 0 for none.
constexpr std::uint64_t at_end = 1;  // the landing sub-query was asked at the end
constexpr unsigned edition_shift = 1;

const std::uint8_t* wire(const OwnerName& name) { return reinterpret_cast<const std::uint8_t*>(name.wire().data()); }

// This thread's worker for the instances it works for (several dynlib modules may load
// this library). Plain data: the instance owns what it points at.
struct Slot {
    std::uint64_t generation = 0;
    Worker* worker = nullptr;
};
thread_local std::array<Slot, 4> my_slots;

std::vector<saring_client> clients_of(const saring_query& query) {
    std::vector<saring_client> clients(glue_clients(query.qstate, nullptr, 0));
    glue_clients(query.qstate, clients.data(), clients.size());
    return clients;
}

}  // namespace

struct Instance::Work {
    const saring_query& query;
    Worker& worker;
    const Snapshot& snapshot;
    OwnerName name;
    bool valid;

    Circumstances circumstances(const Config& config, const Region* region) const { return {query.now, region, config.answer.action}; }
};

std::uint64_t Instance::next_generation() {
    static std::atomic<std::uint64_t> counter{0};
    return ++counter;
}

Instance::Instance(Config config, module_env* env)
    : config_(std::move(config)), answerer_(config_), current_(next_generation()),
      opened_file_(data_stamp()), database_(Database::open(config_)),
      locator_(std::make_shared<Locator>(config_.region)),
      scribe_(config_.hits.path.empty() ? nullptr : std::make_unique<Scribe>(config_.hits, [this] { return locator(); })), watcher_(*this, env) {
    // Their answers differ from those of clients without the option.
    if (config_.answer.structured_error_option) glue_keep_apart(env, static_cast<std::uint16_t>(config_.answer.structured_error_option));
    if (config_.believe_client_subnet) glue_keep_apart(env, edns_option_client_subnet);
    Worker::Use use(worker());
    glue_log(saring_log_info, ("loaded: " + config_.database.path + ", serial " + std::to_string(use.snapshot().serial()) + ", " +
                               std::to_string(use.snapshot().name_count()) + " names").c_str());
}

Worker& Instance::worker() {
    auto wanted = current_.load(std::memory_order_acquire);
    for (const auto& slot : my_slots)
        if (slot.generation == wanted) return *slot.worker;
    MapGuard::cover_this_thread();
    std::lock_guard lock(mutex_);
    workers_.push_back(std::make_unique<Worker>(database_));
    if (scribe_) {
        auto& recorder = recorders_[std::this_thread::get_id()];
        if (!recorder) recorder = &scribe_->new_recorder();
        workers_.back()->hits = recorder;
    }
    std::move_backward(my_slots.begin(), my_slots.end() - 1, my_slots.end());
    my_slots[0] = {current_.load(), workers_.back().get()};
    return *my_slots[0].worker;
}

std::shared_ptr<const Locator> Instance::locator() {
    std::lock_guard lock(mutex_);
    return locator_;
}

// The worker's own reference, so that workers share no line of memory for it; valid until the
// worker asks again.
const Locator& Instance::locator(Worker& worker) {
    if (worker.locator_version != locator_version_.load(std::memory_order_acquire)) {
        std::lock_guard lock(mutex_);
        worker.locator = locator_;
        worker.locator_version = locator_version_;
    }
    return *worker.locator;
}

std::shared_ptr<Database> Instance::database() {
    std::lock_guard lock(mutex_);
    return database_;
}

saring_step Instance::operate(const saring_query& query, saring_event event) {
    if (event == saring_event_error) return saring_step_failed;
    // Unbound's own sub-queries, prefetch and priming are nobody's question: they pass.
    if (event == saring_event_new && !query.has_client) return saring_step_pass_on;
    if (query.qclass != class_in) return event == saring_event_new ? saring_step_pass_on : saring_step_finished;
    bool end = event == saring_event_done || (event == saring_event_landing && *query.state & at_end);
    try {
        Worker& mine = worker();
        if (event == saring_event_new && passes_by(mine, query)) return saring_step_pass_on;
        if (event == saring_event_done && leads_nowhere(mine, query)) return saring_step_finished;
        Worker::Use use(mine);
        Work w{query, mine, use.snapshot(), {}, false};
        w.valid = OwnerName::from_wire(query.qname, query.qname_len, w.name);
        if (!w.valid) return event == saring_event_new ? saring_step_pass_on : saring_step_finished;
        return end ? done(w) : enter(w);
    } catch (const std::exception& e) {  // damaged sizes may also ask for more memory than there is
        database_fails(e);
        if (query.has_client) failed_queries_.fetch_add(1, std::memory_order_relaxed);
        if (query.has_client && config_.failure.policy == FailurePolicy::servfail) return saring_step_failed;
        return end ? saring_step_finished : saring_step_pass_on;
    }
}

// Most questions: for a name that is known to be unlisted, since its whole neighbourhood is.
bool Instance::passes_by(Worker& worker, const saring_query& query) {
    if (query.landing_ready || !worker.surely_unlisted(query.qname, query.qname_len)) return false;
    found_unlisted(query, worker.edition());
    Counters::add(worker.counters.queries);
    return true;
}

void Instance::found_unlisted(const saring_query& query, std::uint64_t edition) { *query.state = (*query.state & at_end) | edition << edition_shift; }

// Most answers: addresses for a name that was found unlisted, while the database is what it
// was then and lists no address. There is nothing to look up.
bool Instance::leads_nowhere(const Worker& worker, const saring_query& query) {
    auto edition = *query.state >> edition_shift;
    if (edition == 0 || !worker.nothing_new_since(edition)) return false;
    struct Seen {
        bool name = false, address = false;
    } seen;
    saring_sink sink{&seen, [](void* self, const std::uint8_t*, std::size_t) { static_cast<Seen*>(self)->name = true; },
                     [](void* self, std::uint8_t, const std::uint8_t*) { static_cast<Seen*>(self)->address = true; }};
    glue_read_reply(query.qstate, &sink);
    return seen.address && !seen.name;
}

// The address that tells where a client is; false when there is none.
bool Instance::locatable(const Work& w, const sockaddr_storage* client, Prefix& address) const {
    bool known = client && address_of(*client, address);
    // Queries that carry the option are never shared, see the constructor.
    return (config_.believe_client_subnet && client_subnet(w.query, address)) || known;
}

Region Instance::locate(const Work& w, const Locator& locator, const sockaddr_storage* client) {
    Prefix address;
    Region region;
    if (std::string code = locatable(w, client, address) ? locator.region(address) : ""; !code.empty())
        region.codes.push_back(code);
    else
        region.everywhere = config_.region.unknown_is_inside;
    return region;
}

// Of each client that waits, in the order of glue_clients.
std::vector<Verdict> Instance::located(Work& w, const Leads& leads, const std::vector<saring_client>& clients) {
    const Locator& in_use = locator(w.worker);  // one for all: clients of one address get one verdict
    std::vector<Verdict> verdicts;
    for (const auto& client : clients) {
        Region region = locate(w, in_use, client.address);
        verdicts.push_back(judge(w.snapshot, w.name, leads, w.circumstances(config_, &region)));
    }
    return verdicts;
}

saring_step Instance::enter(Work& w) {
    static const Leads none;
    Verdict verdict = w.worker.verdicts.verdict(w.name, w.snapshot.edition(), w.query.now,
                                                [&] { return decide(w.snapshot, w.name, w.circumstances(config_, nullptr)); });
    if (!verdict.listed) found_unlisted(w.query, w.snapshot.edition());
    if (!w.query.landing_ready) Counters::add(w.worker.counters.queries);
    // This client may have the answer, but the next, in another region, may not.
    if (verdict.regional) glue_keep_out_of_cache(w.query.qstate);
    if (verdict.outcome == Outcome::pass && !verdict.regional) Counters::add(w.worker.counters.passed);
    return settle(w, none, verdict, false);
}

saring_step Instance::settle(Work& w, const Leads& leads, const Verdict& verdict, bool end) {
    auto goes_on = end ? saring_step_finished : saring_step_pass_on;
    // At the end only what the queried name had not said before.
    auto say = [&](const Verdict& v) {
        bool says = v.logged && !w.query.landing_ready && (!end || v.logged_trigger != Trigger::qname);
        if (says) rehearse(w.worker, w.query, *v.logged);
        return says;
    };
    if (!verdict.regional && !verdict.logged_regional) {
        if (say(verdict))
            for (const auto& client : clients_of(w.query)) record(w, *verdict.logged, verdict.logged_trigger, client);
        if (verdict.outcome != Outcome::block) return goes_on;
        if (verdict.by->action != Action::drop && !glue_is_shared(w.query.qstate)) return answer(w, verdict, end);
    }
    auto clients = clients_of(w.query);
    std::vector<Verdict> verdicts = located(w, leads, clients);
    if (!w.query.landing_ready)
        for (const auto& v : verdicts)
            if (v.outcome == Outcome::block && wants_landing(w, v) && ask_landing(w, end)) return saring_step_wait;
    if (verdict.regional || verdict.logged_regional)
        for (std::size_t i = 0; i < verdicts.size(); ++i) {
            const auto& v = verdicts[i];
            if (say(v)) record(w, *v.logged, v.logged_trigger, clients[i]);
            if (!end && v.outcome == Outcome::pass) Counters::add(w.worker.counters.passed);
        }
    answer_each(w, std::move(verdicts), std::move(clients));
    bool waited_for = glue_clients(w.query.qstate, nullptr, 0) > 0 || glue_is_shared(w.query.qstate);
    return waited_for ? goes_on : saring_step_finished;
}

bool Instance::wants_landing(const Work& w, const Verdict& verdict) const {
    return verdict.by->action == Action::redirect && !config_.answer.redirect_cname.empty() &&
           (w.query.qtype == type_a || w.query.qtype == type_aaaa);
}

bool Instance::ask_landing(Work& w, bool end) {
    OwnerName host = OwnerName::parse(config_.answer.redirect_cname);
    if (host == w.name || !glue_ask_landing(w.query.qstate, wire(host), host.wire().size(), w.query.module_id)) return false;
    if (end) *w.query.state |= at_end;
    return true;
}

void Instance::count(Worker& worker, const Verdict& verdict, std::uint64_t clients) {
    Counters::add(worker.counters.blocked[static_cast<std::size_t>(verdict.by->action)], clients);
    Counters::add(worker.counters.triggers[static_cast<std::size_t>(verdict.trigger)], clients);
}

void Instance::record(const Work& w, const Deciding& by, Trigger trigger, const saring_client& client) {
    if (!w.worker.hits) return;
    Prefix address;
    bool known = locatable(w, client.address, address);
    HitSight sight{now_microseconds(), known ? &address : nullptr, static_cast<Transport>(client.transport), &w.name, w.query.qtype, trigger, by.action, &by,
                   w.snapshot.serial()};
    if (!w.worker.hits->record(sight)) w.worker.hits->count(sight, known ? locator(w.worker).region(address) : std::string());
}

saring_step Instance::answer(Work& w, const Verdict& verdict, bool end) {
    if (!w.query.landing_ready && wants_landing(w, verdict) && ask_landing(w, end)) return saring_step_wait;
    auto clients = clients_of(w.query);
    if (!answerer_.answer_blocked(w.query, *verdict.by, verdict.trigger, w.snapshot)) return saring_step_failed;
    count(w.worker, verdict, clients.size());
    for (const auto& client : clients) record(w, *verdict.by, verdict.trigger, client);
    return saring_step_finished;
}

saring_step Instance::done(Work& w) {
    Leads leads;
    saring_sink sink = leads.sink();
    glue_read_reply(w.query.qstate, &sink);
    if (leads.names.empty() && leads.addresses.empty()) {
        // What failed half-way may still have stored the first links of a chain.
        for (OwnerName link = w.name; leads.names.size() < max_chain; link = leads.names.back()) {
            auto before = leads.names.size();
            if (!glue_read_cached(w.query.qstate, wire(link), link.wire().size(), w.query.qtype, &sink) || leads.names.size() == before) break;
        }
    }
    // Nothing was committed since the name was found unlisted: it need not be looked for again.
    bool unlisted = *w.query.state >> edition_shift == w.snapshot.edition();
    auto circumstances = w.circumstances(config_, nullptr);
    Verdict verdict = unlisted ? judge_leads(w.snapshot, leads, circumstances) : judge(w.snapshot, w.name, leads, circumstances);
    if (verdict.uncacheable()) evict(w, w.name);
    // What a passthru lets the queried name lead to is still listed for who asks for that.
    bool leads_stay = verdict.outcome == Outcome::pass
                          ? !judge_leads(w.snapshot, leads, w.circumstances(config_, nullptr)).uncacheable()
                          : !verdict.uncacheable();
    if (!leads_stay)
        for (const auto& name : leads.names) evict(w, name);
    if (!w.query.has_client) return saring_step_finished;
    return settle(w, leads, verdict, true);
}

// Clients of several regions may wait for this one answer: each gets its own, and the
// resolver's own queries that wait for it get what it is.
void Instance::answer_each(Work& w, std::vector<Verdict> verdicts, std::vector<saring_client> clients) {
    // Groups of one order each; those that are not blocked stay behind for the answer.
    std::size_t i = 0;
    while (i < verdicts.size()) {
        if (verdicts[i].outcome != Outcome::block) {
            ++i;
            continue;
        }
        const Verdict leader = verdicts[i];
        std::vector<std::uint8_t> mine;
        std::vector<Verdict> rest;
        std::vector<saring_client> rest_clients;
        for (std::size_t at = 0; at < verdicts.size(); ++at) {
            auto& v = verdicts[at];
            bool same = v.outcome == Outcome::block && v.by->index == leader.by->index && v.trigger == leader.trigger;
            mine.push_back(same);
            if (same) {
                count(w.worker, leader, 1);
                record(w, *leader.by, leader.trigger, clients[at]);
                continue;
            }
            rest.push_back(std::move(v));
            rest_clients.push_back(clients[at]);
        }
        struct Maker {
            Work& w;
            const Verdict& verdict;
            const Answerer& answerer;
        } maker{w, leader, answerer_};
        glue_answer_some(w.query.qstate, mine.data(), mine.size(), [](void* self) noexcept -> int {
            auto& m = *static_cast<Maker*>(self);
            try {
                return m.answerer.answer_blocked(m.w.query, *m.verdict.by, m.verdict.trigger, m.w.snapshot);
            } catch (...) {
                return 0;
            }
        }, &maker);
        verdicts = std::move(rest);
        clients = std::move(rest_clients);
        i = 0;
    }
}

void Instance::evict(const Work& w, const OwnerName& name) {
    glue_evict(w.query.qstate, wire(name), name.wire().size(), w.query.qtype);
}

void Instance::rehearse(Worker& worker, const saring_query& query, const Deciding& by) {
    Counters::add(worker.counters.rehearsed);
    if (query.now <= worker.last_rehearsal_line) {
        ++worker.rehearsals_unsaid;
        return;
    }
    std::string line = "log: would block a query for " + by.listed.to_string() + " by order " + by.order->id;
    if (worker.rehearsals_unsaid) line += ", and " + std::to_string(worker.rehearsals_unsaid) + " more before it";
    worker.last_rehearsal_line = query.now;
    worker.rehearsals_unsaid = 0;
    glue_log(saring_log_info, line.c_str());
}

}  // namespace saring
