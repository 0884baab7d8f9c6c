#include "startup.h"

#include <cstdlib>

#include "base/regular_file.h"
#include "config/config_text.h"
#include "config/module_chain.h"

namespace saring {
namespace {

constexpr const char* last_good = "SARING_LAST_GOOD_CONFIGURATION";

// A configuration that judges nothing, with the options that can still be read from a file that does not parse.
config::Config idle(const std::string& source, ByteView text) {
    config::Config c;
    c.source = source;
    c.database.path.clear();
    c.hits.path.clear();
    if (config::salvaged_option(text, "failure", "policy") == "servfail")
        c.failure.policy = config::FailurePolicy::servfail;
    if (auto status = config::salvaged_option(text, "module", "status_file"); !status.empty())
        c.module.status_file = status;
    return c;
}

}  // namespace

Startup find_configuration(const char* chain, int position) {
    Startup out;
    auto path = config::config_path("");
    try {
        out.text = read_regular_file(path, config::max_config_bytes);
        out.config = config::parse_config(out.text, path);
    } catch (const Error& e) {
        out.outdated = e.what();
        const char* kept = std::getenv(last_good);
        try {
            if (kept) out.config = config::parse_config(kept, path);
        } catch (const Error&) { kept = nullptr; }
        if (!kept) out.unusable.swap(out.outdated);
    }
    try {
        config::require_place_in_chain(chain, position);
    } catch (const Error& e) {
        if (out.unusable.empty()) out.unusable = e.what();
    }
    if (!out.unusable.empty()) out.config = idle(path, out.text);
    return out;
}

void remember_configuration(const Startup& good) {
    if (good.outdated.empty() && good.unusable.empty() && good.text.find('\0') == Bytes::npos)
        ::setenv(last_good, good.text.c_str(), 1);
}

}  // namespace saring
