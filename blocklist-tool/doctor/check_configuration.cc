#include "doctor/installation.h"
#include "safety/rules.h"

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
        return;
    }
    try {
        auto names = safety::Rules::of(*i.config)->never_block_names();
        i.found.ok("config.safety", msgn("%1 protected name", "%1 protected names", names));
    } catch (const Error& e) { i.found.fail("config.safety", e.subject() + ": " + e.why(), e.remedy()); }
}

}  // namespace saring::tool
