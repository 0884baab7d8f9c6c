#include "doctor/installation.h"

namespace saring::tool {

void check_configuration(Installation& i) {
    try {
        i.config = &i.session.config();
        i.found.ok("config.file", msg("%1: every option is understood", i.config->source));
    } catch (const Error& e) {
        auto path = config::config_path(i.session.config_option);
        bool absent = ::access(path.c_str(), F_OK) != 0;
        i.found.fail("config.file", e.subject() + ": " + e.why(),
                     absent ? Message("blocklist-tool setup --output " + path) : e.remedy());
    }
}

}  // namespace saring::tool
