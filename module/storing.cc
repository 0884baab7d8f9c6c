// Instance's part of the cache invariant (sweeper.h): what may enter Unbound's message cache while a query is
// processed, and what leaves it afterwards.
#include "instance.h"

namespace saring {
namespace {

// The owners and addresses in the additional section.
AnswerTargets additional(const reply_info* reply) {
    AnswerTargets targets;
    saring_sink sink = targets.sink();
    for (std::size_t i = 0; i < glue_additional_count(reply); ++i) glue_read_additional(reply, i, &sink);
    return targets;
}

}  // namespace

// Unbound follows cached aliases without asking upstream and stores the combined message, so before_storing is not
// called for it.
void Instance::before_cached_links(const saring_query& query) {
    AnswerTargets targets;
    saring_sink sink = targets.sink();
    saring_end end = glue_follow_cached(query.qstate, query.qname, query.qname_len, &sink);
    if (targets.empty()) return;
    Worker& this_worker = worker();
    Worker::ImageUse use(this_worker, images_);
    if (use.image()) {
        OwnerName name;
        policy::Circumstances c{query.now, nullptr, config_.answer.action, &this_worker.crowded};
        if (!OwnerName::from_wire(query.qname, query.qname_len, name)) return;
        if (!decide(*use.image(), name, c).uncacheable() && !judge_targets(*use.image(), targets, c).uncacheable())
            return;
        *query.state |= in_alias_chain;
    } else if (config_.failure.policy == config::FailurePolicy::resolve) {
        return;
    }
    keep_chain_out_of_cache(end, query);
}

// Prevents Unbound from storing a message that it combines from cached aliases and the cached answer at their end.
// If that answer is a kept one, Unbound must not find it but ask upstream.
void Instance::keep_chain_out_of_cache(saring_end end, const saring_query& query) {
    if (end == saring_end_cached) glue_keep_out_of_cache(query.qstate);
    if (end == saring_end_kept) glue_ask_no_cache(query.qstate);
}

// Also if the clock was set back since then.
bool Instance::may_have_changed_since(UnixTime then, UnixTime now) const {
    return then <= last_change_.load(std::memory_order_acquire) || then > now;
}

saring_storing Instance::before_storing(const saring_query& query, const reply_info* response) {
    if (*query.state & in_alias_chain) return saring_store_no_chain;
    Worker& this_worker = worker();
    Worker::ImageUse use(this_worker, images_);
    // Safe to store: the whole cache is swept as soon as there is an image.
    if (!use.image())
        return config_.failure.policy == config::FailurePolicy::resolve ? saring_store : saring_store_records;
    const image::Reader& image = *use.image();
    AnswerTargets targets, extra = additional(response);
    saring_sink sink = targets.sink();
    if (image.address_count() == 0) {
        sink.address = nullptr;
        extra.addresses.clear();
    }
    glue_read_answer(response, &sink);
    auto end = saring_end_not_cached;
    if (!targets.aliases.empty())
        end = glue_follow_cached(query.qstate, octets(targets.aliases.back()), targets.aliases.back().wire().size(),
                                 &sink);
    policy::Circumstances c{query.now, nullptr, config_.answer.action, &this_worker.crowded};
    auto question_is_uncacheable = [&] {
        // The queried name was unlisted in the same image when the query entered: no need to look again.
        if (!query.is_step && *query.state >> edition_shift == image.edition()) return false;
        OwnerName name;
        return OwnerName::from_wire(query.qname, query.qname_len, name) &&
               decide(image, name, query.qtype, c).uncacheable();
    };
    // Names that this query asked for earlier, which this response does not show, were never judged or may have become
    // listed since then.
    bool unsure_of_chain =
        query.is_step && (!(*query.state & entered) || may_have_changed_since(query.started, query.now));
    if (unsure_of_chain || question_is_uncacheable() || judge_targets(image, targets, c).uncacheable()) {
        if (targets.aliases.empty() && !unsure_of_chain) return saring_store_records;
        *query.state |= in_alias_chain;
        keep_chain_out_of_cache(end, query);
        return saring_store_no_chain;
    }
    return judge_targets(image, extra, c).uncacheable() ? saring_store_records : saring_store;
}

// Evicts what Unbound has just stored of a query's answer, and stores what is allowed after all.
void Instance::clean_up(const QueryContext& w, const AnswerTargets& targets, const policy::Verdict& verdict) {
    if (verdict.uncacheable()) evict(w, w.name);
    // A passthru of the queried name allows its targets in this answer, but not for clients that query the targets.
    bool targets_stay = verdict.outcome == policy::Outcome::pass
                            ? !judge_targets(w.image, targets, w.circumstances(config_, nullptr)).uncacheable()
                            : !verdict.uncacheable();
    if (!targets_stay)
        for (const auto& names : {targets.aliases, targets.services})
            for (const auto& name : names) evict(w, name);
    if (verdict.listed) {
        evict_steps(w, w.name);
        for (const auto& name : targets.aliases) evict_steps(w, name);
    }
    // Of a block by region, some clients may get the answer.
    if (verdict.outcome == policy::Outcome::block && !verdict.regional) return;
    if (verdict.outcome != policy::Outcome::pass && strip_additional(w)) evict(w, w.name);
    if (verdict.uncacheable()) return;
    glue_store(w.query.qstate, w.query.module_id);
    if (!verdict.rehearsed()) return;
    shorten(w, w.name);
    for (const auto& names : {targets.aliases, targets.services})
        for (const auto& name : names) shorten(w, name);
}

// Removes listed names' addresses from the additional section. Returns whether there were any.
bool Instance::strip_additional(const QueryContext& w) {
    auto reply = glue_reply(w.query.qstate);
    bool stripped = false;
    for (auto i = glue_additional_count(reply); i-- > 0;) {
        AnswerTargets extra;
        saring_sink sink = extra.sink();
        glue_read_additional(reply, i, &sink);
        if (extra.empty() || !judge_targets(w.image, extra, w.circumstances(config_, nullptr)).uncacheable()) continue;
        glue_remove_additional(w.query.qstate, i);
        stripped = true;
    }
    return stripped;
}

// A rehearsed answer is cached no longer than a block would be, so that a repeated query is counted again.
void Instance::shorten(const QueryContext& w, const OwnerName& name) {
    glue_shorten_cached(w.query.qstate, octets(name), name.wire().size(), w.query.qtype, config_.answer.ttl);
}

void Instance::evict(const QueryContext& w, const OwnerName& name) {
    glue_evict(w.query.qstate, octets(name), name.wire().size(), w.query.qtype);
}

// Evicts the QNAME minimisation steps towards a name. Unbound may store a step that was judged by the previous
// image after the walk for the new image has passed its bin.
void Instance::evict_steps(const QueryContext& w, const OwnerName& name) {
    for (auto labels = name.label_count(); labels > 0; --labels) {
        OwnerName step = name.suffix(labels);
        if (decide(w.image, step, w.circumstances(config_, nullptr)).uncacheable())
            glue_evict(w.query.qstate, octets(step), step.wire().size(), type_a);
    }
}

}  // namespace saring
