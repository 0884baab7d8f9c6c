// saring.toml.
#include <sys/mman.h>
#include <unistd.h>

#include "../fuzz.h"
#include "base/file.h"
#include "settings/settings.h"

namespace saring::fuzz {

void one(ByteView input) {
    static const int file = ::memfd_create("saring.toml", 0);
    static const std::string path = "/proc/self/fd/" + std::to_string(file);
    if (::ftruncate(file, 0) != 0 ||
        ::pwrite(file, input.data(), input.size(), 0) != static_cast<ssize_t>(input.size()))
        broken("no room for the input");
    try {
        config::Config c = settings::load_config(path);
        demand(c.trust.threshold >= 1 && c.answer.action != policy::Action::passthru && c.answer.ttl <= 86400,
               "an option out of its range");
        for (const auto& feed : c.feeds) demand(config::is_feed_name(feed.name), "a feed without a name");
    } catch (const Error& e) {
        demand(e.kind() == ErrorKind::usage, "an error of another kind than bad configuration deserves");
        demand(e.subject().english().compare(0, path.size(), path) == 0, "a complaint that does not name the file");
    }
}

}  // namespace saring::fuzz
