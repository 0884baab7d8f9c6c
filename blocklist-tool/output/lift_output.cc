#include "output/lift_output.h"

namespace saring::tool {

Json revocation_json(const order::Revocation& r) {
    return {{"order", r.order},
            {"domain", r.domain ? Json(r.domain->to_string()) : Json(nullptr)},
            {"match", r.domain ? Json(to_string(r.match)) : Json(nullptr)}};
}

Json idle_lifts_json(const std::vector<ledger::IdleLift>& idle) {
    Json out = Json::array();
    for (const auto& i : idle) {
        out.push_back(revocation_json(i.lift));
        out.back()["why"] = i.why.english();
    }
    return out;
}

void complain_of_idle_lifts(const std::string& id, const std::vector<ledger::IdleLift>& idle) {
    for (const auto& i : idle) complain(tr("order %1: lifts nothing: %2", id, i.why));
}

}  // namespace saring::tool
