#include "instance.h"

#include <array>
#include <atomic>
#include <utility>

#include "client_subnet.h"
#include "dns_numbers.h"
#include "hitlog/client.h"

namespace saring {
namespace {

// This thread's Worker of each instance (module-config may load this library several times). Plain data: the
// instance owns the Worker.
struct Slot {
    std::uint64_t instance = 0;
    Worker* worker = nullptr;
};
thread_local std::array<Slot, 4> my_slots;

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

// Without a key the tool's own queries count as hits; blocking works all the same.
std::optional<ProbeKey> usable_probe_key(const config::Config& config) {
    try {
        return ProbeKey::read_or_create(config.module.status_file);
    } catch (const Error& e) {
        glue_log(SARING_PROBE_KEY_UNUSABLE,
                 (std::string(e.what()) + "; queries of doctor and selftest count as hits").c_str());
        return std::nullopt;
    }
}

std::string answers_without_image(const config::Config& config) {
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
      images_(config_.database.image_folder(), answers_without_image(config_)),
      status_file_(config_.module.status_file) {
    // Clients with these options may need another answer than clients without, so they never share a query.
    if (config_.answer.structured_error_option)
        glue_unshare_option(env, static_cast<std::uint16_t>(config_.answer.structured_error_option));
    if (config_.believe_client_subnet) glue_unshare_option(env, edns_option_client_subnet);
    if (!outdated_.empty())
        glue_log(SARING_CONFIG_REFUSED, (outdated_ + "; the previous configuration stays in force; correct it, then: "
                                                     "blocklist-tool config check && unbound-control reload")
                                            .c_str());
    if (!unusable_.empty())
        glue_log(SARING_CONFIG_UNUSABLE, (unusable_ + "; queries are " + answers_without_image(config_) +
                                          "; correct it, then: unbound-control reload")
                                             .c_str());
    locator_ = load_location();
    images_.look();
    // Threads start last: they use the other members.
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

// Each worker holds its own reference, so that workers do not share a cache line. Valid until the worker's next call.
const std::shared_ptr<const geo::Locator>& Instance::locator(Worker& worker) {
    if (worker.locator_version != locator_version_.load(std::memory_order_acquire)) {
        std::lock_guard lock(mutex_);
        worker.locator = locator_;
        worker.locator_version = locator_version_;
    }
    return worker.locator;
}

saring_step Instance::operate(const saring_query& query, saring_event event) {
    if (event == saring_event_error) return saring_step_failed;
    *query.state |= entered;
    // Unbound answers class ANY with the records of class IN, which would bypass the blocklist. No client needs it.
    if (query.qclass == class_any && event == saring_event_new && query.has_client) {
        saring_answer refused{rcode_refused, nullptr, 0, 0, 0};
        return glue_answer(query.qstate, &refused) ? saring_step_finished : saring_step_failed;
    }
    if (query.qclass == class_in && event == saring_event_new) before_cached_links(query);
    // Unbound's own sub-queries, prefetches and priming have no client: they pass.
    if (event == saring_event_new && !query.has_client) return saring_step_pass_on;
    if (query.qclass != class_in) return event == saring_event_new ? saring_step_pass_on : saring_step_finished;
    bool end = event == saring_event_done || (event == saring_event_landing && *query.state & at_end);
    Worker& this_worker = worker();
    Worker::ImageUse use(this_worker, images_);
    if (!use.image()) return without_image(query, end);
    if (event == saring_event_done && has_no_targets(*use.image(), query)) return saring_step_finished;
    QueryContext w{query, this_worker, *use.image(), {}};
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

// Fast path for most answers: nothing but addresses, for a name that is unlisted in this image, while the image lists
// no addresses.
bool Instance::has_no_targets(const image::Reader& image, const saring_query& query) {
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

// The address by which a client is located; false: none known.
bool Instance::client_address(const QueryContext& w, const sockaddr_storage* client, Prefix& address) const {
    bool known = client && geo::address_of(*client, address);
    // The option of the first client is this client's: queries with it are never shared, see the constructor.
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
    if (std::string code = client_address(w, client, address) ? locator.region(address) : ""; !code.empty())
        region.codes.push_back(code);
    else region.everywhere = config_.region.unknown_is_inside;
    return region;
}

saring_step Instance::enter(QueryContext& w) {
    static const AnswerTargets none;
    if (auto& preset = w.worker.preset; preset.verdict && *preset.name == w.name && preset.type == w.query.qtype)
        return answer(w, *std::exchange(preset.verdict, nullptr), clients_of(w.query), false);
    policy::Verdict verdict = decide(w.image, w.name, w.query.qtype, w.circumstances(config_, nullptr));
    if (!verdict.listed) *w.query.state = (*w.query.state & flags) | w.image.edition() << edition_shift;
    if (!w.query.landing_ready) Counters::add(w.worker.counters.queries);
    // The answer depends on the client's region: do not cache it.
    if (verdict.regional) glue_keep_out_of_cache(w.query.qstate);
    if (verdict.regional || verdict.logged_regional) glue_stop_sharing(w.query.qstate);
    if (verdict.outcome == policy::Outcome::pass && !verdict.regional) Counters::add(w.worker.counters.passed);
    return answer_clients(w, none, verdict, false);
}

// Gives each client the answer for its region. Clients of several regions, and Unbound's own queries, may wait for one
// query; those that are not blocked keep waiting. `end`: the query has been resolved.
saring_step Instance::answer_clients(QueryContext& w, const AnswerTargets& targets, const policy::Verdict& verdict,
                                     bool end) {
    auto goes_on = end ? saring_step_finished : saring_step_pass_on;
    auto clients = clients_of(w.query);
    // After resolving, only rehearsals by a target: those by the queried name were recorded when the query entered.
    auto record_rehearsal = [&](const policy::Verdict& v, auto first, auto last) {
        if (!v.logged || w.query.landing_ready || (end && v.logged_trigger == policy::Trigger::qname)) return;
        rehearse(w, *v.logged);
        for (; first != last; ++first) record(w, *v.logged, v.logged_trigger, *first);
    };
    bool regional = verdict.regional || verdict.logged_regional, shared = glue_is_shared(w.query.qstate);
    if (!regional && !(shared && verdict.outcome == policy::Outcome::block)) {
        record_rehearsal(verdict, clients.begin(), clients.end());
        return verdict.outcome == policy::Outcome::block ? answer(w, verdict, clients, end) : goes_on;
    }
    auto in_use = locator(w.worker);  // the same for all: clients of one address get one verdict
    std::map<const sockaddr_storage*, policy::Verdict> blocked;
    for (auto client = clients.begin(); client != clients.end(); ++client) {
        policy::Region region = locate(w, *in_use, client->address);
        policy::Verdict v = judge(w.image, w.name, w.query.qtype, targets, w.circumstances(config_, &region));
        record_rehearsal(v, client, client + 1);
        if (!end && v.outcome == policy::Outcome::pass) Counters::add(w.worker.counters.passed);
        if (v.outcome != policy::Outcome::block) continue;
        if (clients.size() == 1 && !shared) return answer(w, v, clients, end);
        blocked.emplace(client->address, std::move(v));
    }
    if (blocked.empty()) return goes_on;
    answer_separately(w, blocked);
    return glue_clients(w.query.qstate, nullptr, 0) > 0 || glue_is_shared(w.query.qstate) ? goes_on
                                                                                          : saring_step_finished;
}

// Blocked clients of a query for which others still wait are each answered by a query of their own.
void Instance::answer_separately(QueryContext& w, const std::map<const sockaddr_storage*, policy::Verdict>& blocked) {
    struct Choice {
        const std::map<const sockaddr_storage*, policy::Verdict>& blocked;
        Worker& worker;
        Worker::PresetVerdict preset;
    } choice{blocked, w.worker, {&w.name, w.query.qtype, nullptr}};
    glue_split_clients(
        w.query.qstate,
        [](void* self, const sockaddr_storage* client) noexcept -> int {
            auto& c = *static_cast<Choice*>(self);
            auto found = c.blocked.find(client);
            c.preset.verdict = found == c.blocked.end() ? nullptr : &found->second;
            c.worker.preset = c.preset;
            return c.preset.verdict != nullptr;
        },
        &choice);
    w.worker.preset = {};
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

// Whether the query is from blocklist-tool and has no other client.
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
    Bytes matched;  // hitlog form of the listed prefix
    if (trigger == policy::Trigger::address) matched = hitlog::matched_octets(trigger, by.listed, by.prefix);
    record(w.worker, {hitlog::now_microseconds(), client_address(w, client.address, address) ? &address : nullptr,
                      static_cast<hitlog::Transport>(client.transport), w.name.wire(), w.query.qtype, trigger,
                      by.action, trigger == policy::Trigger::address ? ByteView(matched) : by.listed.wire(),
                      by.order->id, w.image.serial()});
}

void Instance::record(Worker& worker, const HitEvent& hit) {
    if (!worker.hits->record(hit))
        worker.hits->count(hit, hit.client ? locator(worker)->region(*hit.client) : std::string());
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
    // Resolution failed half-way along a chain of aliases: judge where the cached part leads.
    if (targets.empty()) glue_follow_cached(w.query.qstate, w.query.qname, w.query.qname_len, &sink);
    // The name was unlisted in the same image when the query entered: no need to look again.
    bool unlisted = *w.query.state >> edition_shift == w.image.edition();
    auto circumstances = w.circumstances(config_, nullptr);
    policy::Verdict verdict = unlisted ? judge_targets(w.image, targets, circumstances)
                                       : judge(w.image, w.name, w.query.qtype, targets, circumstances);
    if (auto step = met_kept(w, verdict)) return *step;
    clean_up(w, targets, verdict);
    if (!w.query.has_client) return saring_step_finished;
    return answer_clients(w, targets, verdict, true);
}

void Instance::rehearse(QueryContext& w, const policy::Deciding& by) {
    auto& worker = w.worker;
    const auto& query = w.query;
    if (is_probe(w)) return Counters::add(worker.counters.probes);
    Counters::add(worker.counters.rehearsed);
    if (query.now == worker.last_rehearsal_line) {
        ++worker.rehearsals_not_logged;
        return;
    }
    std::string line = "would block a query for " + by.listed.to_string() + " by order " + by.order->id;
    if (worker.rehearsals_not_logged)
        line += ", and " + std::to_string(worker.rehearsals_not_logged) + " more before it";
    worker.last_rehearsal_line = query.now;
    worker.rehearsals_not_logged = 0;
    glue_log(SARING_REHEARSAL, line.c_str());
}

}  // namespace saring
