// Parses saring.toml from text and checks errors.
#pragma once

#include "base/file.h"
#include "settings/settings.h"
#include "support.h"

namespace saring::test {

inline config::Config load(const std::string& text) {
    TempDir dir;
    write_file(dir / "saring.toml", text);
    return settings::load_config(dir / "saring.toml");
}

// Expects an error with file, line and column of the value ("3:14"; "3:" for any column), and each fragment.
inline void refused_config(const std::string& text, const std::string& place,
                           const std::vector<std::string>& fragments) {
    INFO(text);
    auto e = error_of([&] { load(text); });
    REQUIRE(e);
    INFO(e->what());
    CHECK(e->kind() == ErrorKind::usage);
    CHECK_THAT(std::string(e->what()), Catch::Contains("saring.toml:" + place + (place.back() == ':' ? "" : ": ")));
    for (const auto& f : fragments) CHECK_THAT(std::string(e->what()), Catch::Contains(f));
}

}  // namespace saring::test
