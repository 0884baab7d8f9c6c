// Errors as the command line reports them: what was being done, why it failed
// and what would be right. The kind is also the exit code (README, "Exit codes").
#pragma once

#include <stdexcept>
#include <string>

namespace saring {

// The values are the documented exit codes; do not renumber.
enum class ErrorKind : int {
    not_found = 1,  // the answer is no, or nothing matches
    usage = 2,      // bad input: arguments, configuration, a document
    refused = 3,    // a safety rule refused it
    trust = 4,      // a signature or key was not acceptable
    database = 5,   // the database is absent, unavailable or corrupt
    network = 6,    // a transfer failed
};

class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& what, const std::string& why, const std::string& remedy = {})
        : std::runtime_error(what + ": " + why + (remedy.empty() ? "" : "; " + remedy)),
          kind_(kind), what_(what), why_(why), remedy_(remedy) {}

    ErrorKind kind() const { return kind_; }
    const std::string& subject() const { return what_; }
    const std::string& why() const { return why_; }
    const std::string& remedy() const { return remedy_; }

private:
    ErrorKind kind_;
    std::string what_, why_, remedy_;
};

}  // namespace saring
