#include "instance.h"

#include <array>
#include <atomic>
#include <utility>

#include "client_subnet.h"
#include "dns_numbers.h"
#include "hitlog/client.h"

namespace saring {
namespace {

// This thread's worker for the instances it works for (several dynlib modules may load
// this library). Plain data: the instance owns what it points at.
struct Slot {
    std::uint64_t instance = 0;
    Worker* worker = nullptr;
};
thread_local std::array<Slot, 4> my_slots;

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

// Without one the tool's own questions count as hits; that is no reason not to block.
std::optional<ProbeKey> usable_probe_key(const config::Config& config) {
    try {
        return ProbeKey::read_or_create(config.module.status_file);
    } catch (const Error& e) {
        glue_log(SARING_PROBE_KEY_UNUSABLE,
                 (std::string(e.what()) + "; queries of doctor and selftest count as hits").c_str());
        return std::nullopt;
    }
}

std::string fate_without_image(const config::Config& config) {
    return std::string(config.failure.policy == config::FailurePolicy::resolve ? "resolved unchecked"
                                                                               : "refused with SERVFAIL") +
           " (failure.policy)";
}

std::vector<saring_client> clients_of(const saring_query& query) {
    std::vector<saring_client> clients(glue_clients(query.qstate, nullptr, 0));
    glue_clients(query.qstate, clients.data(), clients.size());
    return clients;
}

}  // namespace

Instance::Instance(const Startup& startup, module_env* env, int position)
    : config_(startup.config),
      outdated_(startup.outdated),
      unusable_(startup.unusable),
      probe_key_(usable_probe_key(config_)),
      keeping_(keeping_of(config_, env, position)),
      answerer_(config_),
      id_(next_id()),
      images_(config_.database.image_folder(), fate_without_image(config_)),
      status_file_(config_.module.status_file) {
    // Their answers differ from those of clients without the option.
    if (config_.answer.structured_error_option)
        glue_keep_apart(env, static_cast<std::uint16_t>(config_.answer.structured_error_option));
    if (config_.believe_client_subnet) glue_keep_apart(env, edns_option_client_subnet);
    if (!outdated_.empty())
        glue_log(SARING_CONFIG_REFUSED, (outdated_ + "; the previous configuration stays in force; correct it, then: "
                                                     "blocklist-tool config check && unbound-control reload")
                                            .c_str());
    if (!unusable_.empty())
        glue_log(SARING_CONFIG_UNUSABLE, (unusable_ + "; queries are " + fate_without_image(config_) +
                                          "; correct it, then: unbound-control reload")
                                             .c_str());
    locator_ = load_location();
    images_.look();
    // The threads come last: they use all that stands above.
    if (!config_.hits.path.empty())
        recording_ = std::make_unique<HitRecording>(config_.hits, [this] { return locator(); });
    watcher_ = std::make_unique<Watcher>(*this, env);
}

Worker& Instance::worker() {
    for (const auto& slot : my_slots)
        if (slot.instance == id_) return *slot.worker;
    std::lock_guard lock(mutex_);
    workers_.push_back(std::make_unique<Worker>());
    if (recording_) workers_.back()->hits = &recording_->new_recorder();
    std::move_backward(my_slots.begin(), my_slots.end() - 1, my_slots.end());
    my_slots[0] = {id_, workers_.back().get()};
    return *my_slots[0].worker;
}

std::shared_ptr<const geo::Locator> Instance::locator() {
    std::lock_guard lock(mutex_);
    return locator_;
}

// The worker's own reference, so that workers share no line of memory for it; valid until the
// worker asks again.
const geo::Locator& Instance::locator(Worker& worker) {
    if (worker.locator_version != locator_version_.load(std::memory_order_acquire)) {
        std::lock_guard lock(mutex_);
        worker.locator = locator_;
        worker.locator_version = locator_version_;
    }
    return *worker.locator;
}

saring_step Instance::operate(const saring_query& query, saring_event event) {
    if (event == saring_event_error) return saring_step_failed;
    // Class ANY would be answered with the records of class IN. Nobody needs it.
    if (query.qclass == class_any && event == saring_event_new && query.has_client) {
        saring_answer refused{rcode_refused, nullptr, 0, 0, 0};
        return glue_answer(query.qstate, &refused) ? saring_step_finished : saring_step_failed;
    }
    if (query.qclass == class_in && event == saring_event_new) before_cached_links(query);
    // Unbound's own sub-queries, prefetch and priming are nobody's question: they pass.
    if (event == saring_event_new && !query.has_client) return saring_step_pass_on;
    if (query.qclass != class_in) return event == saring_event_new ? saring_step_pass_on : saring_step_finished;
    bool end = event == saring_event_done || (event == saring_event_landing && *query.state & at_end);
    Worker& mine = worker();
    Worker::ImageUse use(mine, images_);
    if (!use.image()) return without_image(query, end);
    if (event == saring_event_done && leads_nowhere(*use.image(), query)) return saring_step_finished;
    QueryContext w{query, mine, *use.image(), {}};
    if (!OwnerName::from_wire(query.qname, query.qname_len, w.name))
        return event == saring_event_new ? saring_step_pass_on : saring_step_finished;
    return end ? done(w) : enter(w);
}

saring_step Instance::without_image(const saring_query& query, bool end) {
    if (query.has_client && !(*query.state & failed)) failed_queries_.fetch_add(1, std::memory_order_relaxed);
    *query.state |= failed;
    if (query.has_client && config_.failure.policy == config::FailurePolicy::servfail)
        return answerer_.say_not_ready(query);
    return end ? saring_step_finished : saring_step_pass_on;
}

// Most answers: addresses for a name that was found unlisted in this image, which lists no address. There is nothing
// to look up.
bool Instance::leads_nowhere(const image::Reader& image, const saring_query& query) {
    if (*query.state >> edition_shift != image.edition() || image.address_count() > 0) return false;
    struct TargetKinds {
        bool name = false, address = false;
    } seen;
    auto see_name = [](void* self, const std::uint8_t*, std::size_t) { static_cast<TargetKinds*>(self)->name = true; };
    saring_sink sink{&seen, see_name, see_name, [](void* self, std::uint8_t, const std::uint8_t*) {
                         static_cast<TargetKinds*>(self)->address = true;
                     }};
    auto reply = glue_reply(query.qstate);
    glue_read_answer(reply, &sink);
    return seen.address && !seen.name && glue_additional_count(reply) == 0;
}

// The address that tells where a client is; false when there is none.
bool Instance::locatable(const QueryContext& w, const sockaddr_storage* client, Prefix& address) const {
    bool known = client && geo::address_of(*client, address);
    // Queries that carry the option are never shared, see the constructor.
    std::size_t size = 0;
    if (const auto* option = config_.believe_client_subnet
                                 ? glue_client_option(w.query.qstate, edns_option_client_subnet, &size)
                                 : nullptr)
        known |= client_subnet(option, size, address);
    return known;
}

policy::Region Instance::locate(const QueryContext& w, const geo::Locator& locator, const sockaddr_storage* client) {
    Prefix address;
    policy::Region region;
    if (std::string code = locatable(w, client, address) ? locator.region(address) : ""; !code.empty())
        region.codes.push_back(code);
    else region.everywhere = config_.region.unknown_is_inside;
    return region;
}

saring_step Instance::enter(QueryContext& w) {
    static const AnswerTargets none;
    if (auto& given = w.worker.given; given.verdict && *given.name == w.name && given.type == w.query.qtype)
        return answer(w, *std::exchange(given.verdict, nullptr), clients_of(w.query), false);
    policy::Verdict verdict = decide(w.image, w.name, w.query.qtype, w.circumstances(config_, nullptr));
    if (!verdict.listed) *w.query.state = (*w.query.state & flags) | w.image.edition() << edition_shift;
    if (!w.query.landing_ready) Counters::add(w.worker.counters.queries);
    // This client may have the answer, but the next, in another region, may not.
    if (verdict.regional) glue_keep_out_of_cache(w.query.qstate);
    if (verdict.regional || verdict.logged_regional) glue_stay_alone(w.query.qstate);
    if (verdict.outcome == policy::Outcome::pass && !verdict.regional) Counters::add(w.worker.counters.passed);
    return settle(w, none, verdict, false);
}

// Clients of several regions may wait for one answer, and queries of the resolver's own: each gets its own.
saring_step Instance::settle(QueryContext& w, const AnswerTargets& targets, const policy::Verdict& verdict, bool end) {
    auto goes_on = end ? saring_step_finished : saring_step_pass_on;
    auto clients = clients_of(w.query);
    // At the end only what the queried name had not said before.
    auto say = [&](const policy::Verdict& v, auto first, auto last) {
        if (!v.logged || w.query.landing_ready || (end && v.logged_trigger == policy::Trigger::qname)) return;
        rehearse(w, *v.logged);
        for (; first != last; ++first) record(w, *v.logged, v.logged_trigger, *first);
    };
    bool regional = verdict.regional || verdict.logged_regional, shared = glue_is_shared(w.query.qstate);
    if (!regional && !(shared && verdict.outcome == policy::Outcome::block)) {
        say(verdict, clients.begin(), clients.end());
        return verdict.outcome == policy::Outcome::block ? answer(w, verdict, clients, end) : goes_on;
    }
    const geo::Locator& in_use = locator(w.worker);  // one for all: clients of one address get one verdict
    std::map<const sockaddr_storage*, policy::Verdict> blocked;
    for (auto client = clients.begin(); client != clients.end(); ++client) {
        policy::Region region = locate(w, in_use, client->address);
        policy::Verdict v = judge(w.image, w.name, w.query.qtype, targets, w.circumstances(config_, &region));
        say(v, client, client + 1);
        if (!end && v.outcome == policy::Outcome::pass) Counters::add(w.worker.counters.passed);
        if (v.outcome != policy::Outcome::block) continue;
        if (clients.size() == 1 && !shared) return answer(w, v, clients, end);
        blocked.emplace(client->address, std::move(v));
    }
    if (blocked.empty()) return goes_on;
    answer_apart(w, blocked);
    return glue_clients(w.query.qstate, nullptr, 0) > 0 || glue_is_shared(w.query.qstate) ? goes_on
                                                                                          : saring_step_finished;
}

// Others wait for the answer of this query as it is: who is blocked is answered in a query of its own.
void Instance::answer_apart(QueryContext& w, const std::map<const sockaddr_storage*, policy::Verdict>& blocked) {
    struct Choice {
        const std::map<const sockaddr_storage*, policy::Verdict>& blocked;
        Worker& worker;
        Worker::Given given;
    } choice{blocked, w.worker, {&w.name, w.query.qtype, nullptr}};
    glue_ask_apart(
        w.query.qstate,
        [](void* self, const sockaddr_storage* client) noexcept -> int {
            auto& c = *static_cast<Choice*>(self);
            auto found = c.blocked.find(client);
            c.given.verdict = found == c.blocked.end() ? nullptr : &found->second;
            c.worker.given = c.given;
            return c.given.verdict != nullptr;
        },
        &choice);
    w.worker.given = {};
}

bool Instance::wants_landing(const QueryContext& w, const policy::Verdict& verdict) const {
    return verdict.by->action == policy::Action::redirect && !config_.answer.redirect_cname.empty() &&
           (w.query.qtype == type_a || w.query.qtype == type_aaaa);
}

bool Instance::ask_landing(QueryContext& w, bool end) {
    OwnerName host = OwnerName::parse(config_.answer.redirect_cname);
    if (host == w.name || !glue_ask_landing(w.query.qstate, octets(host), host.wire().size(), w.query.module_id))
        return false;
    if (end) *w.query.state |= at_end;
    return true;
}

void Instance::count(QueryContext& w, const policy::Verdict& verdict, std::uint64_t clients) {
    if (is_probe(w)) return Counters::add(w.worker.counters.probes);
    Counters::add(w.worker.counters.blocked[static_cast<std::size_t>(verdict.by->action)], clients);
    Counters::add(w.worker.counters.triggers[static_cast<std::size_t>(verdict.trigger)], clients);
}

// Asked by the tool, and by nobody else at the same time.
bool Instance::is_probe(QueryContext& w) const {
    if (w.probe) return *w.probe;
    std::size_t size = 0;
    const std::uint8_t* option =
        probe_key_ ? glue_client_option(w.query.qstate, ProbeKey::edns_option, &size) : nullptr;
    w.probe =
        option &&
        probe_key_->accepts({reinterpret_cast<const char*>(option), size}, w.name.wire(), w.query.qtype, w.query.now) &&
        glue_clients(w.query.qstate, nullptr, 0) <= 1;
    return *w.probe;
}

void Instance::record(QueryContext& w, const policy::Deciding& by, policy::Trigger trigger,
                      const saring_client& client) {
    if (!w.worker.hits || is_probe(w)) return;
    Prefix address;
    Bytes matched;  // a prefix
    if (trigger == policy::Trigger::address) matched = hitlog::matched_octets(trigger, by.listed, by.prefix);
    record(w.worker, {hitlog::now_microseconds(), locatable(w, client.address, address) ? &address : nullptr,
                      static_cast<hitlog::Transport>(client.transport), w.name.wire(), w.query.qtype, trigger,
                      by.action, trigger == policy::Trigger::address ? ByteView(matched) : by.listed.wire(),
                      by.order->id, w.image.serial()});
}

void Instance::record(Worker& worker, const HitEvent& hit) {
    if (!worker.hits->record(hit))
        worker.hits->count(hit, hit.client ? locator(worker).region(*hit.client) : std::string());
}

saring_step Instance::answer(QueryContext& w, const policy::Verdict& verdict, const std::vector<saring_client>& clients,
                             bool end) {
    if (!w.query.landing_ready && wants_landing(w, verdict) && ask_landing(w, end)) return saring_step_wait;
    if (!answerer_.answer_blocked(w.query, verdict, w.image.image(), w.worker.reasons)) return saring_step_failed;
    count(w, verdict, clients.size());
    for (const auto& client : clients) record(w, *verdict.by, verdict.trigger, client);
    if (!end) keep(w, verdict);
    return saring_step_finished;
}

saring_step Instance::done(QueryContext& w) {
    AnswerTargets targets;
    saring_sink sink = targets.sink();
    glue_read_answer(glue_reply(w.query.qstate), &sink);
    // An answer that failed half-way: where would it have led?
    if (targets.empty()) glue_follow_cached(w.query.qstate, w.query.qname, w.query.qname_len, &sink);
    // The name was found unlisted in the same image: it need not be looked for again.
    bool unlisted = *w.query.state >> edition_shift == w.image.edition();
    auto circumstances = w.circumstances(config_, nullptr);
    policy::Verdict verdict = unlisted ? judge_targets(w.image, targets, circumstances)
                                       : judge(w.image, w.name, w.query.qtype, targets, circumstances);
    if (auto step = met_kept(w, verdict)) return *step;
    clean_up(w, targets, verdict);
    if (!w.query.has_client) return saring_step_finished;
    return settle(w, targets, verdict, true);
}

void Instance::rehearse(QueryContext& w, const policy::Deciding& by) {
    auto& worker = w.worker;
    const auto& query = w.query;
    if (is_probe(w)) return Counters::add(worker.counters.probes);
    Counters::add(worker.counters.rehearsed);
    if (query.now <= worker.last_rehearsal_line) {
        ++worker.rehearsals_unsaid;
        return;
    }
    std::string line = "would block a query for " + by.listed.to_string() + " by order " + by.order->id;
    if (worker.rehearsals_unsaid) line += ", and " + std::to_string(worker.rehearsals_unsaid) + " more before it";
    worker.last_rehearsal_line = query.now;
    worker.rehearsals_unsaid = 0;
    glue_log(SARING_REHEARSAL, line.c_str());
}

}  // namespace saring
