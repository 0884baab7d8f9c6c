// Errors as the command line prints them: "what: why; remedy". The kind is also the exit code (README, "Exit codes").
#pragma once

#include <stdexcept>

#include "base/message.h"

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
    // what() is in English: "what: why; remedy".
    Error(ErrorKind kind, Message what, Message why, Message remedy = {})
        : std::runtime_error(joined(what, why, remedy).english()),
          kind_(kind),
          what_(std::move(what)),
          why_(std::move(why)),
          remedy_(std::move(remedy)) {}

    ErrorKind kind() const { return kind_; }
    const Message& subject() const { return what_; }
    const Message& why() const { return why_; }
    const Message& remedy() const { return remedy_; }
    Message message() const { return joined(what_, why_, remedy_); }

private:
    static Message joined(const Message& what, const Message& why, const Message& remedy) {
        return what + ": " + why + (remedy.empty() ? Message() : "; " + remedy);
    }

    ErrorKind kind_;
    Message what_, why_, remedy_;
};

}  // namespace saring
