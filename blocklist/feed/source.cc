#include "feed/source.h"

#include <algorithm>

#include "feed/list_source.h"
#include "feed/signed_source.h"
#include "feed/zone_source.h"

namespace saring::feed {
namespace {

struct Scheme {
    const char* begins;
    FeedKind kind;
    std::unique_ptr<Source> (*make)(const SourceContext&);
};
constexpr Scheme schemes[] = {
    {"https://", FeedKind::orders, make_signed_source}, {"http://", FeedKind::orders, make_signed_source},
    {"file://", FeedKind::orders, make_signed_source},  {"list+https://", FeedKind::list, make_list_source},
    {"list+http://", FeedKind::list, make_list_source}, {"list+file://", FeedKind::list, make_list_source},
    {"axfr://", FeedKind::zone, make_zone_source},
};

const Scheme* scheme_of(const std::string& url) {
    auto at = std::find_if(std::begin(schemes), std::end(schemes),
                           [&](const Scheme& s) { return url.rfind(s.begins, 0) == 0; });
    return at == std::end(schemes) ? nullptr : at;
}

}  // namespace

const char* to_string(SyncItem::Outcome outcome) {
    switch (outcome) {
        case SyncItem::Outcome::applied: return "applied";
        case SyncItem::Outcome::already: return "already";
        case SyncItem::Outcome::refused: return "refused";
        case SyncItem::Outcome::later: return "later";
        case SyncItem::Outcome::unpublished: return "unpublished";
    }
    return "?";
}

int more_severe(int one, int other) {
    constexpr int order[] = {0, 1, 3, 2, 6, 5, 4};  // exit codes from least to most severe
    auto rank = [&](int code) { return std::find(std::begin(order), std::end(order), code) - std::begin(order); };
    return rank(one) >= rank(other) ? one : other;
}

std::size_t SyncReport::count(SyncItem::Outcome outcome) const {
    return static_cast<std::size_t>(
        std::count_if(items.begin(), items.end(), [&](const auto& i) { return i.outcome == outcome; }));
}

int SyncReport::exit_code() const {
    int code = failure ? static_cast<int>(failure->kind()) : 0;
    for (const auto& item : items)
        if (item.outcome == SyncItem::Outcome::refused || item.nothing_left)
            code = more_severe(code, static_cast<int>(item.kind));
    return code;
}

std::optional<FeedKind> feed_kind(const std::string& url) {
    const auto* scheme = scheme_of(url);
    return scheme ? std::optional(scheme->kind) : std::nullopt;
}

std::unique_ptr<Source> make_source(const SourceContext& context) {
    if (const auto* scheme = scheme_of(context.feed.url)) return scheme->make(context);
    std::string known;
    for (const auto& s : schemes) known += (known.empty() ? "" : ", ") + std::string(s.begins);
    throw Error(ErrorKind::usage, msg("feed %1", context.feed.name),
                msg("url: \"%1\" has an unknown scheme", context.feed.url), msg("begin it with one of: %1", known));
}

}  // namespace saring::feed
