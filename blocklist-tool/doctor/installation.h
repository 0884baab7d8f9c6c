// The installation that `doctor` examines, as far as earlier checks have found it, and the checks, one per file, in the
// order in which they run. A check that depends on something an earlier one did not find does nothing: the earlier one
// has reported it.
#pragma once

#include <memory>
#include <string>

#include "doctor/diagnoses.h"
#include "program/session.h"

namespace saring::tool {

struct DoctorOptions {
    std::string unbound = "unbound", unbound_conf = "/etc/unbound/unbound.conf";
    std::string resolver;  // empty: the first interface in unbound.conf
    std::string unlisted;  // a name that must not be blocked; empty: a feed's host, or the root
    bool quick = false;    // neither read the whole database nor fetch feeds
    bool json = false;
};

struct Installation {
    const DoctorOptions& options;
    Session& session;
    Diagnoses& found;
    UnixTime now;

    const config::Config* config = nullptr;           // null: saring.toml cannot be read
    std::shared_ptr<ledger::Database> database = {};  // null: it cannot be opened
    bool unbound_conf_read = false;
    std::string unbound_user = {};  // `username` in unbound.conf; empty: the user who starts Unbound
    std::string resolver = {};      // address and port; empty: not known
    std::string module_file = {};   // dynlib-file; empty: none is set
};

void check_configuration(Installation& i);
void check_unbound(Installation& i);  // program, configuration
void check_module_file(Installation& i);
void check_database(Installation& i);
void check_image(Installation& i);
void check_rehearsal(Installation& i);
void check_permissions(Installation& i);
void check_keys(Installation& i);
void check_apparmor(Installation& i);
void check_module_state(Installation& i);
void check_feeds(Installation& i);
void check_clock(Installation& i);
void check_location(Installation& i);
void check_hits(Installation& i);
void check_answers(Installation& i);

// The shell command that runs `command` as user saring, which owns the database.
std::string as_saring(const std::string& command);

}  // namespace saring::tool
