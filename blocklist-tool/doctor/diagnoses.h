// What `doctor` found, one line a check, and how it is told.
#pragma once

#include <string>
#include <vector>

#include "output/output.h"

namespace saring::tool {

enum class Health {
    ok,
    warning,  // works, but not as it should, or not for long
    failed,   // names are not blocked, or not to be relied on
    unseen,   // could not be looked at, e.g. for want of rights
};

struct Diagnosis {
    std::string check;  // "module.chain": what was looked at
    Health health;
    Message what;    // as it is
    Message remedy;  // the command to run, or the line to write; empty when all is well
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
