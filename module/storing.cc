// What an Instance lets into Unbound's message cache, and takes out of it: see sweeper.h.
#include "instance.h"

namespace saring {
namespace {

// What the additional section has addresses for, and these.
AnswerTargets additional(const reply_info* reply) {
    AnswerTargets targets;
    saring_sink sink = targets.sink();
    for (std::size_t i = 0; i < glue_additional_count(reply); ++i) glue_read_additional(reply, i, &sink);
    return targets;
}

}  // namespace

// Unbound follows aliases that lie in its cache without a question upstream, and stores the whole.
void Instance::before_cached_links(const saring_query& query) {
    AnswerTargets targets;
    saring_sink sink = targets.sink();
    saring_end end = glue_follow_cached(query.qstate, query.qname, query.qname_len, &sink);
    if (targets.empty()) return;
    Worker& mine = worker();
    Worker::ImageUse use(mine, images_);
    if (use.image()) {
        OwnerName name;
        policy::Circumstances c{query.now, nullptr, config_.answer.action, &mine.crowded};
        if (!OwnerName::from_wire(query.qname, query.qname_len, name)) return;
        if (!decide(*use.image(), name, c).uncacheable() && !judge_targets(*use.image(), targets, c).uncacheable())
            return;
        *query.state |= in_chain;
    } else if (config_.failure.policy == config::FailurePolicy::resolve) {
        return;
    }
    keep_from(end, query);
}

// Unbound shall not store what it puts together from aliases and the answer at their end, where both lie in the cache.
// A kept answer is not even to be found: the network's is wanted.
void Instance::keep_from(saring_end end, const saring_query& query) {
    if (end == saring_end_cached) glue_keep_out_of_cache(query.qstate);
    if (end == saring_end_kept) glue_ask_no_cache(query.qstate);
}

saring_storing Instance::before_storing(const saring_query& query, const reply_info* response) {
    if (*query.state & in_chain) return saring_store_no_chain;
    Worker& mine = worker();
    Worker::ImageUse use(mine, images_);
    // Once there is an image the whole cache is swept.
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
    auto end = saring_end_elsewhere;
    if (!targets.aliases.empty())
        end = glue_follow_cached(query.qstate, octets(targets.aliases.back()), targets.aliases.back().wire().size(),
                                 &sink);
    policy::Circumstances c{query.now, nullptr, config_.answer.action, &mine.crowded};
    auto question_is_uncacheable = [&] {
        // The queried name was found unlisted in the same image: it need not be looked for again.
        if (!query.is_step && *query.state >> edition_shift == image.edition()) return false;
        OwnerName name;
        return OwnerName::from_wire(query.qname, query.qname_len, name) &&
               decide(image, name, query.qtype, c).uncacheable();
    };
    if (question_is_uncacheable() || judge_targets(image, targets, c).uncacheable()) {
        if (targets.aliases.empty()) return saring_store_records;
        *query.state |= in_chain;
        keep_from(end, query);
        return saring_store_no_chain;
    }
    return judge_targets(image, extra, c).uncacheable() ? saring_store_records : saring_store;
}

// After Unbound has stored what it stores of a query's answer.
void Instance::clean_up(const QueryContext& w, const AnswerTargets& targets, const policy::Verdict& verdict) {
    if (verdict.uncacheable()) evict(w, w.name);
    // What a passthru lets the queried name lead to is still listed for who asks for that.
    bool leads_stay = verdict.outcome == policy::Outcome::pass
                          ? !judge_targets(w.image, targets, w.circumstances(config_, nullptr)).uncacheable()
                          : !verdict.uncacheable();
    if (!leads_stay)
        for (const auto& names : {targets.aliases, targets.services})
            for (const auto& name : names) evict(w, name);
    if (verdict.listed) {
        evict_steps(w, w.name);
        for (const auto& name : targets.aliases) evict_steps(w, name);
    }
    if (verdict.outcome == policy::Outcome::block) return;
    if (verdict.outcome == policy::Outcome::none && strip_additional(w)) evict(w, w.name);
    if (verdict.uncacheable()) return;
    glue_store(w.query.qstate, w.query.module_id);
    if (!verdict.rehearsed()) return;
    shorten(w, w.name);
    for (const auto& names : {targets.aliases, targets.services})
        for (const auto& name : names) shorten(w, name);
}

// Addresses that nobody asked for, of names that are listed.
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

// A rehearsed answer lives no longer than a block would, so that who asks again is counted again.
void Instance::shorten(const QueryContext& w, const OwnerName& name) {
    glue_shorten_cached(w.query.qstate, octets(name), name.wire().size(), w.query.qtype, config_.answer.ttl);
}

void Instance::evict(const QueryContext& w, const OwnerName& name) {
    glue_evict(w.query.qstate, octets(name), name.wire().size(), w.query.qtype);
}

// The steps of QNAME minimisation towards a name are questions of their own. Unbound may be about to store
// one, judged already, while an order is committed and swept for.
void Instance::evict_steps(const QueryContext& w, const OwnerName& name) {
    for (auto labels = name.label_count(); labels > 0; --labels) {
        OwnerName step = name.suffix(labels);
        if (decide(w.image, step, w.circumstances(config_, nullptr)).uncacheable())
            glue_evict(w.query.qstate, octets(step), step.wire().size(), type_a);
    }
}

}  // namespace saring
