// The image follows the ledger: every command publishes what it committed before it ends.
#pragma once

#include "image/publish.h"
#include "program/session.h"

namespace saring::tool {

// From now on each commit is published as soon as it is made. Throws from commit(), which then has committed.
void publish_commits(Session& session);

// Makes the image that of the newest commit, whoever made it. Throws Error(database) when it cannot.
image::Publication publish_image(Session& session, const std::shared_ptr<ledger::Database>& database);

// At the end of a command that may have written: publishes what another that died left undone, and waits until each
// resolver that runs on this machine judges by it, database.resolver_wait seconds at most. Where one then does not, it
// is told on standard error and the exit code is 5, unless the command has one already: 0 means in force.
void finish_publishing(Session& session);

}  // namespace saring::tool
