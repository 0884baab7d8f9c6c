// Publishes the image: every command publishes its commit before it ends.
#pragma once

#include "image/publish.h"
#include "program/session.h"

namespace saring::tool {

// From now on each commit is published at once. If publishing fails, commit() throws although it has committed.
void publish_commits(Session& session);

// Publishes the newest commit. Throws Error(database) if it cannot.
image::Publication publish_image(Session& session, const std::shared_ptr<ledger::Database>& database);

// At the end of a command that may have written: publishes a commit that a killed command left unpublished, and waits,
// for database.resolver_wait seconds at most, until each resolver on this machine uses the image. Reports a resolver
// that does not on standard error, with exit code 5 unless the command has another one already: 0 means in force.
void finish_publishing(Session& session);

}  // namespace saring::tool
