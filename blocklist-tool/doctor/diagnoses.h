// Results of `doctor`, one per check, and their output.
#pragma once

#include <string>
#include <vector>

#include "output/output.h"

namespace saring::tool {

enum class Health {
    ok,
    warning,  // works, but not fully, or not for long
    failed,   // names are not blocked, or not reliably
    unseen,   // could not be checked, e.g. for lack of permission
};

struct Diagnosis {
    std::string check;  // "unbound.chain": what was checked
    Health health;
    Message what;    // the finding
    Message remedy;  // the command to run, or the line to write; empty if ok
};

class Diagnoses {
public:
    void ok(const std::string& check, const Message& what) { found_.push_back({check, Health::ok, what, ""}); }
    void warn(const std::string& check, const Message& what, const Message& remedy) {
        found_.push_back({check, Health::warning, what, remedy});
    }
    void fail(const std::string& check, const Message& what, const Message& remedy) {
        found_.push_back({check, Health::failed, what, remedy});
    }
    void unseen(const std::string& check, const Message& what, const Message& remedy) {
        found_.push_back({check, Health::unseen, what, remedy});
    }

    std::size_t count(Health health) const;
    Json json(Say say = in_english) const;
    void print() const;

private:
    std::vector<Diagnosis> found_;
};

}  // namespace saring::tool
