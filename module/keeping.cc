// Kept answers (answer.keep): blocked answers in Unbound's message cache. Which ones are kept, and what the module does
// when Unbound sends one.
//
// A query for a blocked name then costs what any cached answer costs. Only answers that the qname alone decides, for
// every client alike, are kept. The sweeper evicts them when an image is published or an order begins or ends
// (sweeper.h); they leave the cache early enough that no client's copy outlives the order.
#include <utility>

#include "base/bytes.h"
#include "client_subnet.h"
#include "dns_numbers.h"
#include "instance.h"

namespace saring {
namespace {

constexpr unsigned max_asked_anew = 64;      // per second and worker
constexpr std::size_t serial_from_end = 20;  // of an SOA's rdata

ByteView view(const std::uint8_t* octets, std::size_t size) { return {reinterpret_cast<const char*>(octets), size}; }

}  // namespace

Instance::Keeping Instance::keeping_of(const config::Config& config, module_env* env, int position) {
    const char* why_not = nullptr;
    auto may = glue_keeping(env, position, &why_not);
    if (why_not && config.answer.keep)
        glue_log(SARING_ANSWERS_NOT_KEPT, (std::string("answer.keep has no effect: ") + why_not).c_str());
    if (may == saring_leaves_kept) return {0, Sweeper::Kept::leave};
    // reload_keep_cache may have left some that no callback would complete any more.
    if (may == saring_may_not_keep || config.answer.keep == 0) return {0, Sweeper::Kept::evict};
    return {config.answer.keep, Sweeper::Kept::judge};
}

void Instance::keep(const QueryContext& w, const policy::Verdict& v) {
    if (!keeps() || v.trigger != policy::Trigger::qname || !is_everyones(v)) return;
    // Answers of other actions have no SOA, or an address that must never be taken for the name's own.
    if (v.by->action != policy::Action::nxdomain && v.by->action != policy::Action::nodata) return;
    // Whether these pass also depends on names below, see judge.h.
    if (w.query.qtype == type_ds || w.query.qtype == type_dnskey) return;
    UnixTime left = std::min(v.by->order->expires, v.by->order->lifted) - w.query.now - config_.answer.ttl;
    auto life = std::min<UnixTime>(left, keeping_.seconds);
    if (life <= 0 || !w.worker.asked_again.seen(w.name.wire(), w.query.qtype, w.query.now)) return;
    glue_keep(w.query.qstate, v.by->index, static_cast<std::uint32_t>(life));
    // An image published, or an order that began or ended, in the meantime: the walk for it may have passed already.
    // The later of the two sees the other, since the image is replaced and read under a lock.
    auto in_force = images_.in_force();
    if (!in_force || in_force->edition() != w.image.edition() || now_unix() != w.query.now) evict(w, w.name);
}

// The iterator found a kept answer, through an alias or while resolving a name server, and took it for upstream's. If
// the query is not to be blocked, it is resolved again, upstream. That restarts Unbound's counters against hostile
// delegations, hence our own limit.
std::optional<saring_step> Instance::met_kept(const QueryContext& w, const policy::Verdict& v) {
    if (glue_asks_no_cache(w.query.qstate) || !glue_reply_has_kept(w.query.qstate)) return std::nullopt;
    if (w.query.has_client && is_everyones(v)) return std::nullopt;
    evict(w, w.name);  // in case Unbound has stored it like this
    if (std::exchange(w.worker.second, w.query.now) != w.query.now) w.worker.asked_anew = 0;
    if (++w.worker.asked_anew > max_asked_anew) return saring_step_failed;
    glue_ask_no_cache(w.query.qstate);
    return saring_step_again;
}

bool Instance::is_probe(const saring_kept& kept) const {
    std::size_t size = 0;
    const std::uint8_t* option = probe_key_ ? glue_kept_client_option(&kept, ProbeKey::edns_option, &size) : nullptr;
    OwnerName name;
    return option && OwnerName::from_wire(kept.qname, kept.qname_len, name) &&
           probe_key_->accepts(view(option, size), name.wire(), kept.qtype, kept.now.tv_sec);
}

void Instance::kept_answered(const saring_kept& kept) {
    Worker& mine = worker();
    Worker::ImageUse use(mine, images_);
    // Null for a moment after another database was put back, which does not have the order.
    const image::ImageOrder* order = use.image() ? use.image()->image().order(kept.order) : nullptr;
    Counters::add(mine.counters.queries);
    if (kept.wants_options && order) {
        std::size_t ignored = 0;
        bool structured = kept.options_in && answerer_.structured_option() &&
                          glue_kept_client_option(&kept, answerer_.structured_option(), &ignored);
        const Bytes& option =
            answerer_.reason(order->record, kept.order, use.image()->image(), structured, mine.reasons);
        glue_add_kept_option(&kept, edns_option_ede, reinterpret_cast<const std::uint8_t*>(option.data()),
                             option.size());
        if (kept.options_in && is_probe(kept)) return Counters::add(mine.counters.probes);
    }
    auto action = kept_action(kept.rcode);
    Counters::add(mine.counters.kept);
    Counters::add(mine.counters.blocked[static_cast<std::size_t>(action)]);
    Counters::add(mine.counters.triggers[static_cast<std::size_t>(policy::Trigger::qname)]);
    if (!mine.hits) return;
    Prefix address;
    bool known = geo::address_of(*kept.client.address, address);
    std::size_t size = 0;
    if (const auto* option =
            config_.believe_client_subnet ? glue_kept_client_option(&kept, edns_option_client_subnet, &size) : nullptr)
        known |= client_subnet(option, size, address);
    std::uint64_t serial =
        kept.soa_len < serial_from_end ? 0 : from_be(view(kept.soa + kept.soa_len - serial_from_end, 4));
    HitEvent hit{hitlog::Microseconds{kept.now.tv_sec} * hitlog::second_us + kept.now.tv_usec,
                 known ? &address : nullptr,
                 static_cast<hitlog::Transport>(kept.client.transport),
                 view(kept.qname, kept.qname_len),
                 kept.qtype,
                 policy::Trigger::qname,
                 action,
                 view(kept.listed, kept.listed_len),
                 order ? ByteView(order->record.id) : ByteView(),
                 serial};
    if (order) return record(mine, hit);
    mine.hits->count(hit, {});
}

}  // namespace saring
