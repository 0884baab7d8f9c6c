// Public suffixes, under which unrelated people register names: the Public Suffix List, with libpsl. A block of one, or
// of a name above one, affects everybody below it. Immutable; safe to share between threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "list/name_set.h"
#include "name/owner_name.h"

struct psl_ctx_st;

namespace saring::safety {

class PublicSuffixes {
public:
    // `path`: the list in text form; empty: the file of Debian's package publicsuffix. Throws Error(usage) naming the
    // file.
    explicit PublicSuffixes(const std::string& path);
    ~PublicSuffixes();
    PublicSuffixes(const PublicSuffixes&) = delete;
    PublicSuffixes& operator=(const PublicSuffixes&) = delete;

    enum class Kind {
        none,
        registry,  // in the list's ICANN section, or a top-level domain: co.id
        lent,      // in its private section, for a host's customers: blogspot.com. Excludes single machines, which a
                   // wildcard such as *.compute-1.amazonaws.com also makes suffixes: ec2-203-0-113-7
    };
    Kind kind(const OwnerName& name) const;
    // A suffix strictly below the name, if any: s3.amazonaws.com for amazonaws.com.
    std::optional<std::string> one_below(const OwnerName& name) const;

    // As ProtectedNames::each_suspect. With a wildcard rule every name one label below is suspect.
    template <typename F>
    void each_suspect(const list::NameSet& list, F visit) const {
        for (const auto& key : suffixes_)
            if (auto at = list.find(key)) visit(*at);
        for (const auto& above : above_)
            if (auto at = list.find(above.first)) visit(*at);
        for (const auto& key : wildcards_)
            for (auto i = list.lower_bound(key); i < list.size() && list[i].substr(0, key.size()) == key; ++i)
                if (list[i].find('\0', key.size()) == list[i].size() - 1) visit(i);
    }

private:
    void read_rules(const std::string& path);

    std::unique_ptr<psl_ctx_st, void (*)(psl_ctx_st*)> list_;
    // The rules as lookup keys, since libpsl cannot find suffixes below a name.
    std::vector<Bytes> suffixes_, wildcards_;
    std::unordered_map<Bytes, std::string> above_;  // a name above a suffix -> the suffix
};

}  // namespace saring::safety
