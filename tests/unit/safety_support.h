// Safety rules with a test's own suffix list and never-block entries.
#pragma once

#include "base/file.h"
#include "safety/rules.h"
#include "store_support.h"

namespace saring::test {

// A small list in the Public Suffix List's own form.
constexpr const char* suffix_list = R"(// ===BEGIN ICANN DOMAINS===
com
id
co.id
*.ck
!www.ck
// ===END ICANN DOMAINS===
// ===BEGIN PRIVATE DOMAINS===
lent.com
deep.under.host.com
*.wild.com
// ===END PRIVATE DOMAINS===
)";

struct RuleFiles {
    explicit RuleFiles(const std::string& never_block = "") {
        write_file(dir / "suffixes.dat", suffix_list);
        write_file(dir / "never.txt", never_block);
        config.safety.public_suffix_file = dir / "suffixes.dat";
        config.safety.shipped_never_block = false;
        if (!never_block.empty()) config.safety.never_block_files = {dir / "never.txt"};
        config.safety.shared_asns.clear();  // there is no ASN database here
    }
    safety::Rules rules() const { return safety::Rules(config); }

    TempDir dir;
    config::Config config;
};

// The name of the rule that holds the target, or nothing.
inline std::string rule(const safety::Rules& rules, const std::string& target,
                        policy::Match match = policy::Match::subtree) {
    auto f = rules.check(name(target), match);
    return f ? f->rule : "";
}

}  // namespace saring::test
