// Reads the published image as resolvers do, and compares its serial with the database's.
#include <cerrno>

#include "doctor/installation.h"
#include "state/image_state.h"

namespace saring::tool {

void check_image(Installation& i) {
    if (!i.config) return;
    const std::string publish = as_saring("db publish");
    auto published = load_published_image(*i.config);
    if (!published.image) {
        if (::access(i.config->database.path.c_str(), X_OK) != 0 && errno == EACCES)
            return i.found.unseen("image.sound", *published.refused,
                                  msg("run as root, or as a member of group saring: sudo blocklist-tool doctor"));
        return i.found.fail("image.sound", *published.refused,
                            i.database ? Message(publish) : msg("repair the database first; then: %1", publish));
    }
    const auto& image = *published.image;
    i.found.ok("image.sound", msg("%1: serial %2, %3, %4 bytes", i.config->database.image_folder(), image.serial(),
                                  msgn("%1 name", "%1 names", image.name_count()), image.bytes()));
    if (!i.database) return;
    auto committed = Reading(i.database).snapshot.serial();
    if (image.serial() == committed)
        return i.found.ok("image.serial", msg("it has the database's serial %1", committed));
    i.found.fail("image.serial", msg("it has serial %1, the database is at %2", image.serial(), committed), publish);
}

}  // namespace saring::tool
