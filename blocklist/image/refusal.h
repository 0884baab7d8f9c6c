// Reasons why an image is refused. The previous image stays in force.
#pragma once

#include "base/error.h"

namespace saring::image {

enum class Reason {
    absent,        // nothing was published, or a file that `current` names is missing
    unreadable,    // the operating system refuses to read it, or it is not a regular file
    malformed,     // its structure differs from FORMAT.md
    version,       // another format
    mismatch,      // wrong size or hash, or a file of another image
    other_ledger,  // of another ledger than the image in force
    older,         // an older serial than the image in force
    memory,        // not enough memory
};
const char* to_string(Reason r);

class Refusal : public Error {
public:
    Refusal(Reason reason, Message what, Message why,
            Message remedy = msg("publish again with any command that writes"))
        : Error(ErrorKind::database, std::move(what), std::move(why), std::move(remedy)), reason_(reason) {}
    Reason reason() const { return reason_; }

private:
    Reason reason_;
};

inline Refusal malformed(const Message& why) { return {Reason::malformed, msg("image file"), why}; }

}  // namespace saring::image
