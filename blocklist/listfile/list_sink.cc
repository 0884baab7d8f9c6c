#include <algorithm>

#include "hostname/host_name.h"
#include "listfile/list_rules.h"
#include "name/lookup_key.h"

namespace saring::listfile {
namespace {

// A cheap test for the beginning of an address; Prefix::parse() decides.
bool looks_like_address(std::string_view text) {
    if (text.size() < 2 || text.size() > 49) return false;
    bool six = text.find(':') != std::string_view::npos;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '/' ||
               (six && (c == ':' || ((c | 32) >= 'a' && (c | 32) <= 'f')));
    });
}

bool below(ByteView key, ByteView ancestor) { return key.substr(0, ancestor.size()) == ancestor; }

}  // namespace

void ListSink::begin(std::uint64_t number, std::string_view text) {
    number_ = number;
    text_ = text;
    said_ = fits_ = marked_ = false;
}

void ListSink::end() {
    if (!said_) return;
    ++fit_.lines;
    fit_.fitting += fits_;
    marks_ += marked_;
}

bool ListSink::name(std::string_view text, policy::Match match) {
    OwnerName name;
    if (!hostname::parse_plain_host(text, name)) {
        if (auto refusal = hostname::read_host_name(text, name)) {
            bad(refusal->reason(), counting_ ? Message() : refusal->remedy());
            return false;
        }
    }
    said_ = fits_ = true;
    if (!counting_) out_.names.add(LookupKey(name).view(), match);
    return true;
}

void ListSink::wildcard(std::string_view name) {
    if (match_ == policy::Match::exact)
        return bad(msg("is a wildcard, but exact names were requested"), msg("give --match subtree"));
    this->name(name, match_);
}

bool ListSink::address(std::string_view text) {
    if (!looks_like_address(text)) return false;
    try {
        auto prefix = Prefix::parse(text);
        said_ = fits_ = true;
        if (!counting_) out_.addresses.push_back(prefix);
    } catch (const Error& e) {
        OwnerName name;
        auto refusal = hostname::read_host_name(text, name);
        if (!refusal || refusal->fault != hostname::HostFault::prefix) return false;
        bad(msg("is not a prefix"), e.why() + "; " + e.remedy());
    }
    return true;
}

void ListSink::bad(const Message& reason, const Message& hint) {
    said_ = true;
    if (!counting_) out_.refuse(number_, text_, reason, hint);
}

void ListSink::skip(const Message& reason, bool fits) {
    said_ = true;
    fits_ |= fits;
    if (!counting_) out_.skip(number_, text_, reason);
}

void ListSink::except(std::string_view text, bool all_below) {
    OwnerName name;
    if (!counting_ && !hostname::read_host_name(text, name))
        exceptions_.add(LookupKey(name).view(), all_below ? policy::Match::subtree : policy::Match::exact);
}

void ListSink::answer(std::string_view text) {
    OwnerName name;
    if (!counting_ && !hostname::read_host_name(text, name)) answered_.add(LookupKey(name).view());
}

list::NameSet ListSink::finish() {
    auto& names = out_.names;
    names.sort_unique();
    std::sort(out_.addresses.begin(), out_.addresses.end());
    out_.addresses.erase(std::unique(out_.addresses.begin(), out_.addresses.end()), out_.addresses.end());
    exceptions_.sort_unique();
    answered_.sort_unique();
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < exceptions_.size(); ++i) {
        auto at = names.lower_bound(exceptions_[i]);
        bool one = exceptions_.match(i) == policy::Match::exact;
        for (; at < names.size() && (one ? names[at] == exceptions_[i] : below(names[at], exceptions_[i])); ++at)
            open.push_back(at);
    }
    for (std::size_t i = 0; i < answered_.size(); ++i) {
        LookupKey key(name_of_key(answered_[i]));
        for (std::size_t labels = key.labels(); labels > 1; --labels)
            if (auto at = names.find(key.ancestor(labels))) open.push_back(*at);
    }
    std::sort(open.begin(), open.end());
    open.erase(std::unique(open.begin(), open.end()), open.end());
    names.drop(open);
    list::NameSet covered;
    for (std::size_t i = 0; i < exceptions_.size(); ++i) {
        if (exceptions_.match(i) == policy::Match::exact) continue;
        LookupKey key(name_of_key(exceptions_[i]));
        for (std::size_t labels = key.labels(); labels-- > 1;)
            if (auto at = names.find(key.ancestor(labels)); at && covers_below(names.match(*at))) {
                covered.add(exceptions_[i]);
                break;
            }
    }
    exceptions_ = answered_ = {};
    out_.fit = fit_;
    return covered;
}

std::string_view trimmed(std::string_view text) {
    constexpr const char* blanks = " \t\v\f\r";
    auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view next_word(std::string_view& remaining) {
    auto begin = remaining.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return remaining = {};
    auto end = remaining.find_first_of(" \t", begin);
    auto out = remaining.substr(begin, end == std::string_view::npos ? end : end - begin);
    remaining = end == std::string_view::npos ? std::string_view() : remaining.substr(end);
    return out;
}

std::string_view without_comment(std::string_view text, const char* marks) {
    for (auto at = text.find_first_of(marks); at != std::string_view::npos; at = text.find_first_of(marks, at + 1))
        if (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t') return trimmed(text.substr(0, at));
    return text;
}

bool leads_nowhere(const Prefix& a) {
    static const Prefix none6 = Prefix::parse("::"), loopback6 = Prefix::parse("::1");
    if (a.family == 6) return a == none6 || a == loopback6;
    return a.address[0] == 127 || (a.address[0] | a.address[1] | a.address[2] | a.address[3]) == 0;
}

bool parse_address(std::string_view text, Prefix& out) {
    if (!looks_like_address(text) || text.find('/') != std::string_view::npos) return false;
    try {
        out = Prefix::parse(text);
        return true;
    } catch (const Error&) { return false; }
}

std::unique_ptr<ListRules> make_list_rules(list::ListFormat format) {
    switch (format) {
        case list::ListFormat::hosts: return make_hosts_rules();
        case list::ListFormat::adblock: return make_adblock_rules();
        case list::ListFormat::dnsmasq: return make_dnsmasq_rules();
        case list::ListFormat::unbound: return make_unbound_rules();
        case list::ListFormat::domains:
        case list::ListFormat::rpz: break;
    }
    return make_domains_rules();
}

}  // namespace saring::listfile
