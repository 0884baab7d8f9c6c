#include "settings/settings.h"

#include <unistd.h>

#include "base/file.h"
#include "config/config_document.h"
#include "config/config_text.h"
#include "settings/console_option.h"
#include "settings/feeds_option.h"
#include "settings/safety_option.h"
#include "settings/ship_option.h"
#include "settings/trust_option.h"

namespace saring::settings {

using namespace config::toml_table;

config::Config load_config(const std::string& path, bool optional) {
    if (optional && ::access(path.c_str(), F_OK) != 0) {
        config::Config defaults;
        defaults.source = path;
        return defaults;
    }
    config::Config c;
    read_document(c, read_file(path, config::max_config_bytes), path,
                  {
                      {"trust", trust_option(c.trust)},
                      {"feed", feeds_option(c.feeds)},
                      {"ship", ship_option(c.ship)},
                      {"console", console_option(c.console)},
                      {"quality", table({{"control", texts(c.quality.control)},
                                         {"every_seconds", number_option(c.quality.every_seconds, 1, 3600)},
                                         {"path", text_option(c.quality.path)},
                                         {"keep_days", number_option(c.quality.keep_days, 1, 3650)}})},
                      {"safety", safety_option(c.safety)},
                      {"local", local_option(c.local)},
                      {"display", table({{"time_zone", text_option(c.time_zone)}})},
                      {"list", table({{"lifetime_days", number_option(c.list_lifetime_days, 1, 3650)}})},
                  });
    if (!c.trust.keys.empty() && c.trust.threshold > c.trust.keys.size())
        throw Error(ErrorKind::usage, path,
                    msg("option trust.threshold is %1 with only %2 keys", c.trust.threshold, c.trust.keys.size()),
                    msg("no order could ever be accepted: add keys or lower it"));
    for (const auto& feed : c.feeds) require_landing(c, "feed.action of feed " + feed.name, feed.list.action);
    return c;
}

}  // namespace saring::settings
