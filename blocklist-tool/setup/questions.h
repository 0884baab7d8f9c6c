// Asks on the terminal for values that the options do not give.
#pragma once

#include "setup/plan.h"

namespace saring::tool {

struct SetupOpen {
    bool keys = true, feeds = true, action = true, database = true, unbound = true;
};

// Explains an invalid answer and asks again. Throws Error(usage) at the end of input; nothing has been written then.
void ask_setup(SetupPlan& plan, std::string& unbound_dir, const SetupOpen& open);

}  // namespace saring::tool
