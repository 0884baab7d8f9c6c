#include "doctor/diagnoses.h"

#include <algorithm>

#include "terminal/terminal.h"

namespace saring::tool {
namespace {

constexpr std::size_t health_width = 8, check_width = 18;

const char* health_word(Health health) {
    switch (health) {
        case Health::ok: return marked("ok");
        case Health::warning: return marked("warning");
        case Health::failed: return marked("FAILED");
        case Health::unseen: return marked("unseen");
    }
    return "?";
}

std::string toned_word(Health health) {
    Tone tone = health == Health::ok        ? Tone::good
                : health == Health::failed  ? Tone::bad
                : health == Health::warning ? Tone::warning
                                            : Tone::faint;
    return toned(padded(std::string(tr(health_word(health))) + " ", health_width), tone);
}

}  // namespace

std::size_t Diagnoses::count(Health health) const {
    return static_cast<std::size_t>(
        std::count_if(found_.begin(), found_.end(), [&](const auto& d) { return d.health == health; }));
}

Json Diagnoses::json(Say say) const {
    Json out = Json::array();
    for (const auto& d : found_)
        out.push_back({{"check", d.check},
                       {"health", d.health == Health::failed ? "failed" : health_word(d.health)},
                       {"what", say(d.what)},
                       {"remedy", d.remedy.empty() ? Json(nullptr) : Json(say(d.remedy))}});
    return out;
}

void Diagnoses::print() const {
    for (const auto& d : found_) {
        tool::print(toned_word(d.health) + padded(d.check + " ", check_width) + shown(translated(d.what)));
        if (!d.remedy.empty())
            tool::print(std::string(health_width, ' ') + padded("", check_width) + toned(tr("fix: "), Tone::faint) +
                        shown(translated(d.remedy)));
    }
    tool::print(tr("%1 ok, %2, %3 failed, %4 unseen", count(Health::ok),
                   trn("%1 warning", "%1 warnings", count(Health::warning)), count(Health::failed),
                   count(Health::unseen)));
}

}  // namespace saring::tool
