#include "safety/rules.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <tuple>

#include "base/file.h"
#include "hostname/host_name.h"
#include "name/lookup_key.h"
#include "safety/special_addresses.h"

namespace saring::safety {
namespace {

constexpr std::int64_t day = 86400;

std::string in_brackets(const std::string& what) { return what.empty() ? "" : " (" + what + ")"; }

Finding name_finding(const ProtectedNames::Hit& hit, const OwnerName& target, bool own) {
    using How = ProtectedNames::How;
    if (hit.shared && hit.how != How::above)
        return {"shared-host", hit.name.to_string() + in_brackets(hit.what) +
                                   " carries many unrelated people's content under one name"};
    std::string name = hit.name.to_string() + in_brackets(hit.what);
    switch (hit.how) {
        case How::itself: return {own ? "own-name" : "never-block", name + " is protected"};
        case How::below: return {own ? "own-name" : "below-never-block", "names below " + name + " are protected"};
        case How::above:
            if (hit.name == target) return {"above-never-block", "names below " + name + " are protected"};
            break;
    }
    return {own ? "own-name" : "above-never-block",
            "a block of all below " + target.to_string() + " would take " + name + " along, which is protected"};
}

// The host name in a URL: feed.example in https://feed.example:8443/orders/; empty for axfr://192.0.2.1/zone, since an
// address needs no protected name.
std::string host_in(const std::string& url) {
    auto scheme = url.find("://");
    if (scheme == std::string::npos) return {};
    std::string host = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
    if (auto user = host.rfind('@'); user != std::string::npos) host.erase(0, user + 1);
    if (!host.empty() && host[0] == '[') return {};
    host = host.substr(0, host.find_first_of(":%"));
    return host.find_first_not_of("0123456789.") == std::string::npos ? std::string() : host;
}

std::vector<std::string> feed_urls(const config::Config& c) {
    std::vector<std::string> out;
    for (const auto& feed : c.feeds) out.push_back(feed.url);
    return out;
}

// The parts of the configuration on which the rules depend.
auto ingredients(const config::Config& c) {
    return std::tuple(c.safety, feed_urls(c), c.answer.redirect_cname, c.answer.redirect_a, c.answer.redirect_aaaa,
                      c.answer.soa_mname);
}

}  // namespace

Rules::Rules(const config::Config& config)
    : limits_(config.safety),
      popular_(config.safety.popular_lists, config.safety.popular_rank),
      suffixes_(config.safety.public_suffix_file),
      networks_(config.safety) {
    protect_own(config);
    if (limits_.shipped_never_block) never_.read(shipped_never_block(), "conf/never-block.txt");
    for (const auto& file : limits_.never_block_files) never_.read_whole(read_file(file, 64u << 20), file);
}

void Rules::protect_own(const config::Config& config) {
    auto protect = [&](const std::string& text, const std::string& what) {
        auto name = hostname::parse_name_input(text);
        if (name.label_count() > 1) own_.add(name, ProtectedNames::Extent::itself, what);
    };
    auto try_to_protect = [&](const std::string& text, const std::string& what) {
        try {
            protect(text, what);
        } catch (const Error&) {  // not a DNS name, so no order can block it
        }
    };
    for (const auto& name : limits_.own_names) protect(name, "the resolver, safety.own_names");
    for (const auto& feed : config.feeds)
        if (auto host = host_in(feed.url); !host.empty()) try_to_protect(host, "the host of the feed " + feed.name);
    if (!config.answer.redirect_cname.empty())
        protect(config.answer.redirect_cname, "the landing page, answer.redirect_cname");
    protect(config.answer.soa_mname, "the resolver, answer.soa_mname");
    char host[256] = "";
    if (::gethostname(host, sizeof host - 1) == 0 && host[0]) try_to_protect(host, "this machine");
    for (const auto* addresses : {&config.answer.redirect_a, &config.answer.redirect_aaaa})
        for (const auto& a : *addresses) own_addresses_.push_back({a, "the landing page"});
}

std::shared_ptr<const Rules> Rules::of(const config::Config& config) {
    static std::mutex mutex;
    static std::optional<decltype(ingredients(config))> known;
    static std::shared_ptr<const Rules> rules;
    std::lock_guard lock(mutex);
    if (auto now = ingredients(config); !rules || *known != now) {
        rules = std::make_shared<const Rules>(config);
        known = now;
    }
    return rules;
}

std::optional<Finding> Rules::check(const OwnerName& name, policy::Match match) const {
    auto own = own_.covered_by(name, match), listed = never_.names.covered_by(name, match);
    // A finding about the target itself is more precise than one about names in its subtree.
    auto as_itself = [](const auto& hit) { return hit && hit->how != ProtectedNames::How::above; };
    if (as_itself(own)) return name_finding(*own, name, true);
    if (as_itself(listed)) return name_finding(*listed, name, false);
    auto text = name.to_string();
    switch (suffixes_.kind(name)) {
        case PublicSuffixes::Kind::registry:
            return Finding{"public-suffix", text + " is a public suffix: people register their own names below it"};
        case PublicSuffixes::Kind::lent:
            if (match == policy::Match::exact)
                return Finding{"public-suffix", text + " is a public suffix: its host lends names below it to others"};
            return Finding{"shared-suffix",
                           text + " lends names below it to unrelated people, and all would be blocked"};
        case PublicSuffixes::Kind::none: break;
    }
    auto popular = check_popular(name, match);
    if (match == policy::Match::exact) return popular;
    if (own) return name_finding(*own, name, true);
    if (listed) return name_finding(*listed, name, false);
    if (popular) return popular;
    if (auto below = suffixes_.one_below(name))
        return Finding{"above-suffix", "a block of all below " + text + " would take " + *below +
                                           " along, a public suffix with unrelated people's names below it"};
    return std::nullopt;
}

std::optional<Finding> Rules::check_popular(const OwnerName& name, policy::Match match) const {
    auto hit = popular_.hit_by(name, match);
    if (!hit) return std::nullopt;
    return Finding{"popular", hit->name + " ranks " + std::to_string(hit->rank) + " in " + hit->file +
                                  ", among the first " + std::to_string(limits_.popular_rank) +
                                  " (safety.popular_rank)"};
}

std::optional<Finding> Rules::check(const Prefix& prefix) const {
    auto text = prefix.to_string();
    auto never_blocked = [&](const std::vector<ProtectedPrefix>& some) -> std::optional<Finding> {
        for (const auto& p : some)
            if (overlap(p.prefix, prefix))
                return Finding{"never-block-address", text + " overlaps " + p.prefix.to_string() + in_brackets(p.what) +
                                                          ", which is protected"};
        return std::nullopt;
    };
    if (auto own = never_blocked(own_addresses_)) return own;
    if (const char* use = special_use(prefix))
        return Finding{"special-address", text + " overlaps addresses for " + std::string(use)};
    if (auto listed = never_blocked(never_.prefixes)) return listed;
    unsigned shortest = prefix.family == 4 ? limits_.shortest_ipv4 : limits_.shortest_ipv6;
    if (prefix.length < shortest)
        return Finding{"wide-prefix", text + " is wider than /" + std::to_string(shortest) + " (safety.shortest_ipv" +
                                          std::to_string(prefix.family) + ")"};
    if (!networks_.can_tell())
        return Finding{"unknown-network", "it is unknown whether many unrelated sites share " + text +
                                              ": there is no ASN data (safety.asn_mmdb)"};
    if (auto network = networks_.shared(prefix))
        return Finding{"shared-network", text + " is in " + *network +
                                             ", a network that many unrelated sites share (safety.shared_asns)"};
    return std::nullopt;
}

std::optional<Finding> Rules::check_whole(const order::Order& order) const {
    std::size_t targets = order.domains.size() + order.addresses.size();
    if (targets == 0) return std::nullopt;
    if (targets > limits_.max_order_targets)
        return Finding{"too-many-targets", std::to_string(targets) + " targets in one order, more than " +
                                               std::to_string(limits_.max_order_targets) +
                                               " (safety.max_order_targets)"};
    if (order.expires - order.effective > limits_.max_order_lifetime_days * day)
        return Finding{"too-long", "it holds from " + format_rfc3339(order.effective) + " to " +
                                       format_rfc3339(order.expires) + ", longer than " +
                                       std::to_string(limits_.max_order_lifetime_days) +
                                       " days (safety.max_order_lifetime_days)"};
    return std::nullopt;
}

Screening Rules::screen(const order::Order& order) const {
    Screening out;
    if (order.action == policy::Action::passthru) return out;
    out.whole = check_whole(order);
    for (const auto& target : order.domains)
        if (auto f = check(target.name, target.match))
            out.held.push_back(
                {ledger::HeldKind::name, Bytes(LookupKey(target.name).view()), target.match, f->rule, f->why});
    for (const auto& prefix : order.addresses)
        if (auto f = check(prefix))
            out.held.push_back(
                {ledger::HeldKind::address, prefix_key(prefix), policy::Match::subtree, f->rule, f->why});
    return out;
}

std::vector<Rules::HeldName> Rules::screen(const list::NameSet& list) const {
    std::vector<std::size_t> suspects;
    auto suspect = [&](std::size_t place) { suspects.push_back(place); };
    own_.each_suspect(list, suspect);
    never_.names.each_suspect(list, suspect);
    popular_.each_suspect(list, suspect);
    suffixes_.each_suspect(list, suspect);
    std::sort(suspects.begin(), suspects.end());
    suspects.erase(std::unique(suspects.begin(), suspects.end()), suspects.end());
    std::vector<HeldName> out;
    for (auto place : suspects)
        if (auto f = check(name_of_key(list[place]), list.match(place))) out.push_back({place, *f});
    return out;
}

}  // namespace saring::safety
