#include "policy/action.h"

#include <array>
#include <utility>

#include "base/error.h"

namespace saring::policy {
namespace {

constexpr std::array<std::pair<const char*, Action>, 7> action_words{{{"nxdomain", Action::nxdomain},
                                                                      {"nodata", Action::nodata},
                                                                      {"refused", Action::refused},
                                                                      {"redirect", Action::redirect},
                                                                      {"drop", Action::drop},
                                                                      {"passthru", Action::passthru},
                                                                      {"log", Action::log}}};

}  // namespace

const char* to_string(Match m) {
    switch (m) {
        case Match::subtree: return "subtree";
        case Match::exact: return "exact";
        case Match::below: return "below";
    }
    return "?";
}

const char* to_string(Action a) {
    for (const auto& [word, action] : action_words)
        if (action == a) return word;
    return "?";
}

Match parse_match(std::string_view text, const std::string& field) {
    if (text == "subtree") return Match::subtree;
    if (text == "exact") return Match::exact;
    throw Error(ErrorKind::usage, field, msg("\"%1\" is not a match", text), msg("write subtree or exact"));
}

Action parse_action(std::string_view text, const std::string& field) {
    for (const auto& [word, action] : action_words)
        if (text == word) return action;
    throw Error(ErrorKind::usage, field, msg("\"%1\" is not an action", text),
                msg("write nxdomain, nodata, refused, redirect, drop, passthru or log"));
}

}  // namespace saring::policy
