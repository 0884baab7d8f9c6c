// The image follows the ledger: every command publishes what it committed before it ends.
#pragma once

#include "image/publish.h"
#include "program/session.h"

namespace saring::tool {

// From now on each commit is published as soon as it is made. Throws from commit(), which then has committed.
void publish_commits(Session& session);

// Makes the image that of the newest commit, whoever made it. Throws Error(database) when it cannot.
image::Publication publish_image(Session& session, const std::shared_ptr<ledger::Database>& database);

// At the end of a command: publishes what a command that died left undone, and waits up to two seconds until the
// resolvers on this machine judge by what was published.
void finish_publishing(Session& session);

}  // namespace saring::tool
