#include "feed/source.h"

#include <algorithm>

#include "feed/list_source.h"
#include "feed/signed_source.h"
#include "feed/zone_source.h"

namespace saring {
namespace {

struct Kind {
    const char* scheme;
    std::unique_ptr<Source> (*make)(const SourceContext&);
};
constexpr Kind kinds[] = {
    {"https://", make_signed_source},
    {"http://", make_signed_source},
    {"file://", make_signed_source},
    {"list+https://", make_list_source},
    {"list+http://", make_list_source},
    {"list+file://", make_list_source},
    {"axfr://", make_zone_source},
};

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

int graver(int one, int other) {
    constexpr int order[] = {0, 1, 3, 2, 6, 5, 4};  // from harmless to grave
    auto rank = [&](int code) { return std::find(std::begin(order), std::end(order), code) - std::begin(order); };
    return rank(one) >= rank(other) ? one : other;
}

std::size_t SyncReport::count(SyncItem::Outcome outcome) const {
    return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&](const auto& i) { return i.outcome == outcome; }));
}

int SyncReport::exit_code() const {
    int code = failure ? static_cast<int>(failure->kind()) : 0;
    for (const auto& item : items)
        if (item.outcome == SyncItem::Outcome::refused || item.nothing_left) code = graver(code, static_cast<int>(item.kind));
    return code;
}

std::unique_ptr<Source> make_source(const SourceContext& context) {
    std::string known;
    for (const auto& kind : kinds) {
        if (context.feed.url.rfind(kind.scheme, 0) == 0) return kind.make(context);
        known += (known.empty() ? "" : ", ") + std::string(kind.scheme);
    }
    throw Error(ErrorKind::usage, msg("feed %1", context.feed.name), msg("url: \"%1\" has no scheme that this version knows", context.feed.url),
                msg("begin it with one of: %1", known));
}

}  // namespace saring
