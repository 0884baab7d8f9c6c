// Why an image is not taken. The image in force stays in force.
#pragma once

#include "base/error.h"

namespace saring::image {

enum class Reason {
    absent,        // nothing was published, or a file that `current` names is not there
    unreadable,    // the operating system refuses, or it is no regular file
    malformed,     // its structure is not that of FORMAT.md
    version,       // of another format
    mismatch,      // not the bytes that were published: size, hash, or a file of another image
    other_ledger,  // published from another ledger than the image in force
    older,         // of an older serial than the image in force
    memory,        // no room for it
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
