// One loaded module: configuration, the image in force and the state of each worker thread.
// Made in init() and destroyed in deinit(), while no worker runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "answer.h"
#include "base/probe_key.h"
#include "config/config.h"
#include "geo/locator.h"
#include "glue.h"
#include "judge.h"
#include "recording/hit_recording.h"
#include "startup.h"
#include "status_file.h"
#include "watcher.h"
#include "worker.h"

namespace saring {

class Instance {
public:
    // An absent or unusable image, location data or configuration is logged once and shown in the state file; the
    // watcher's thread looks for new images and location data. `position`: saring_start's.
    Instance(const Startup& startup, module_env* env, int position);

    saring_step operate(const saring_query& query, saring_event event);
    saring_storing before_storing(const saring_query& query, const reply_info* response);
    std::size_t memory() const { return sizeof *this; }
    bool keeps() const { return keeping_.seconds > 0; }
    Sweeper::Kept kept_handling() const { return keeping_.judges; }
    // Unbound sends a kept answer from its cache: adds the EDE and records the hit.
    void kept_answered(const saring_kept& kept);

    // For the watcher's thread:
    const config::Config& config() const { return config_; }
    Images& images() { return images_; }
    void reload_location();
    // Before the walk that follows a new image, or an order that began or ended.
    void listing_changes(UnixTime now) { last_change_.store(now, std::memory_order_release); }
    // `last`: Unbound unloads the module.
    void write_status(const Watcher::Progress& progress, bool last = false);

private:
    // The query being processed.
    struct QueryContext {
        const saring_query& query;
        Worker& worker;
        const image::Reader& image;
        OwnerName name;
        std::optional<bool> probe = {};  // is_probe's result

        policy::Circumstances circumstances(const config::Config& config, const policy::Region* region) const {
            return {query.now, region, config.answer.action, &worker.crowded};
        }
    };
    // saring_query::state: these bits, and above them the edition of the image in which neither the queried name nor
    // a name above it is listed (0: unknown).
    static constexpr std::uint64_t at_end = 1;          // the landing sub-query was started after resolving
    static constexpr std::uint64_t in_alias_chain = 2;  // the alias chain starts at or passes a listed name
    static constexpr std::uint64_t failed = 4;          // no image was in force; counted in failed_queries_
    static constexpr std::uint64_t entered = 8;         // through operate(): not so for sub-queries of dns64
    static constexpr std::uint64_t flags = at_end | in_alias_chain | failed | entered;
    static constexpr unsigned edition_shift = 4;
    static bool has_no_targets(const image::Reader& image, const saring_query& query);
    saring_step without_image(const saring_query& query, bool end);
    saring_step enter(QueryContext& w);
    saring_step done(QueryContext& w);
    saring_step answer_clients(QueryContext& w, const AnswerTargets& targets, const policy::Verdict& verdict, bool end);
    saring_step answer(QueryContext& w, const policy::Verdict& verdict, const std::vector<saring_client>& clients,
                       bool end);
    void answer_separately(QueryContext& w, const std::map<const sockaddr_storage*, policy::Verdict>& blocked);
    bool wants_landing(const QueryContext& w, const policy::Verdict& verdict) const;
    bool ask_landing(QueryContext& w, bool end);
    void count(QueryContext& w, const policy::Verdict& verdict, std::uint64_t clients);
    bool is_probe(QueryContext& w) const;
    // keeping.cc
    void keep(const QueryContext& w, const policy::Verdict& verdict);
    std::optional<saring_step> met_kept(const QueryContext& w, const policy::Verdict& verdict);
    bool is_probe(const saring_kept& kept) const;
    // storing.cc
    void before_cached_links(const saring_query& query);
    void clean_up(const QueryContext& w, const AnswerTargets& targets, const policy::Verdict& verdict);
    bool strip_additional(const QueryContext& w);
    bool may_have_changed_since(UnixTime then, UnixTime now) const;
    static void keep_chain_out_of_cache(saring_end end, const saring_query& query);
    void evict(const QueryContext& w, const OwnerName& name);
    void evict_steps(const QueryContext& w, const OwnerName& name);
    policy::Region locate(const QueryContext& w, const geo::Locator& locator, const sockaddr_storage* client);
    void rehearse(QueryContext& w, const policy::Deciding& by);
    void shorten(const QueryContext& w, const OwnerName& name);
    bool client_address(const QueryContext& w, const sockaddr_storage* client, Prefix& address) const;
    void record(QueryContext& w, const policy::Deciding& by, policy::Trigger trigger, const saring_client& client);
    void record(Worker& worker, const HitEvent& hit);
    std::shared_ptr<const geo::Locator> locator();
    const std::shared_ptr<const geo::Locator>& locator(Worker& worker);
    Worker& worker();
    std::shared_ptr<const geo::Locator> load_location();

    const config::Config config_;
    const std::string outdated_, unusable_;  // Startup's
    const std::optional<ProbeKey> probe_key_;
    // keeping.cc
    struct Keeping {
        unsigned seconds;  // for which Unbound may send a blocked answer from its cache; 0: never
        Sweeper::Kept judges;
    };
    static Keeping keeping_of(const config::Config& config, module_env* env, int position);
    const Keeping keeping_;
    const Answerer answerer_;
    const std::uint64_t id_;  // unique in this process
    Images images_;

    std::mutex mutex_;  // guards workers_, locator_ and location_why_; held briefly
    std::vector<std::unique_ptr<Worker>> workers_;
    std::shared_ptr<const geo::Locator> locator_;
    std::atomic<std::uint64_t> locator_version_{1};  // incremented, under mutex_, when locator_ is replaced
    // The watcher's: replaced data, held until no worker uses it, since freeing it takes too long for a worker.
    std::vector<std::shared_ptr<const geo::Locator>> replaced_locators_;
    std::string locator_files_;  // file_stamp of the location files at the last look
    std::string location_why_;   // why the location data cannot be used; else empty
    StatusFile status_file_;
    const UnixTime loaded_ = now_unix();  // when the configuration was read

    std::atomic<std::uint64_t> failed_queries_{0};
    std::atomic<UnixTime> last_change_{0};     // see listing_changes
    std::unique_ptr<HitRecording> recording_;  // null: hits are not recorded
    std::unique_ptr<Watcher> watcher_;         // last member, destroyed first: its thread uses the others
};

}  // namespace saring
