// Asks a person for what the options left open.
#pragma once

#include "setup/plan.h"

namespace saring::tool {

struct SetupOpen {
    bool keys = true, feeds = true, action = true, database = true, unbound = true;
};

// On the terminal. An answer that cannot be right is explained and asked for again; an end of
// input throws Error(usage), and nothing has been written.
void ask_setup(SetupPlan& plan, std::string& unbound_dir, const SetupOpen& open);

}  // namespace saring::tool
