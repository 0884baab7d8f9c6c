#include "safety/public_suffixes.h"

#include <arpa/inet.h>
#include <libpsl.h>

#include <algorithm>
#include <sstream>

#include "base/file.h"
#include "hostname/host_name.h"
#include "name/lookup_key.h"

namespace saring::safety {
namespace {

// Whether the label contains an IPv4 address, as in hosts' names of customers' machines: ec2-203-0-113-7.
bool names_machine(std::string label) {
    std::replace(label.begin(), label.end(), '-', '.');
    for (std::size_t at = 0; at < label.size(); ++at) {
        if (at > 0 && label[at - 1] != '.') continue;
        in_addr address;
        if (::inet_pton(AF_INET, label.c_str() + at, &address) == 1) return true;
    }
    return false;
}

}  // namespace

PublicSuffixes::PublicSuffixes(const std::string& path) : list_(nullptr, psl_free) {
    // Not libpsl's default, which may be a compiled form that cannot be searched for suffixes below a name.
    std::string file = path.empty() ? "/usr/share/publicsuffix/public_suffix_list.dat" : path;
    list_.reset(psl_load_file(file.c_str()));
    if (!list_ || psl_suffix_count(list_.get()) <= 0)
        throw Error(ErrorKind::usage, file, msg("is no readable public suffix list"),
                    msg("install the package publicsuffix, or set safety.public_suffix_file"));
    read_rules(file);
}

PublicSuffixes::~PublicSuffixes() = default;

void PublicSuffixes::read_rules(const std::string& path) {
    std::istringstream lines(read_file(path, 64u << 20));
    for (std::string line; std::getline(lines, line);) {
        std::string rule = line.substr(0, line.find_first_of(" \t\r"));
        if (rule.empty() || rule.rfind("//", 0) == 0 || rule[0] == '!') continue;
        bool wildcard = rule.rfind("*.", 0) == 0;
        std::string suffix = wildcard ? rule.substr(2) : rule;
        OwnerName name;
        try {
            name = hostname::parse_name_input(suffix);
        } catch (const Error&) {
            continue;  // a rule such as a.*.b, which libpsl does not support either
        }
        LookupKey key(name);
        (wildcard ? wildcards_ : suffixes_).emplace_back(key.view());
        for (std::size_t labels = 1; labels < key.labels() + (wildcard ? 1 : 0); ++labels)
            above_.try_emplace(Bytes(key.ancestor(labels)), rule);
    }
    if (suffixes_.empty())
        throw Error(ErrorKind::usage, path, msg("is a public suffix list in another form than text"),
                    msg("name the text form, public_suffix_list.dat"));
}

PublicSuffixes::Kind PublicSuffixes::kind(const OwnerName& name) const {
    if (name.label_count() <= 1) return Kind::registry;
    auto text = name.to_string();
    if (!psl_is_public_suffix(list_.get(), text.c_str())) return Kind::none;
    if (psl_is_public_suffix2(list_.get(), text.c_str(), PSL_TYPE_ICANN)) return Kind::registry;
    return names_machine(text.substr(0, text.find('.'))) ? Kind::none : Kind::lent;
}

std::optional<std::string> PublicSuffixes::one_below(const OwnerName& name) const {
    auto at = above_.find(Bytes(LookupKey(name).view()));
    return at == above_.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace saring::safety
