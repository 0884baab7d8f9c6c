#include "listfile/cut_line.h"

#include <libpsl.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "name/lookup_key.h"

namespace saring::listfile {
namespace {

// Reserved top-level domains (RFC 2606, RFC 6761).
constexpr std::array<std::string_view, 4> reserved{"example", "invalid", "localhost", "test"};
// The most common top-level domains, of some of which a country's domain is a prefix.
constexpr std::array<std::string_view, 5> usual{"biz", "com", "info", "name", "net"};

bool is_top_level_domain(const std::string& label) {
    return std::find(reserved.begin(), reserved.end(), label) != reserved.end() ||
           psl_is_public_suffix2(psl_builtin(), label.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

bool goes_on(std::string_view longer, std::string_view text) {
    return longer.size() > text.size() && longer.substr(0, text.size()) == text;
}

}  // namespace

bool may_be_cut(const OwnerName& name, const list::NameSet& list) {
    auto last = name.suffix(1).to_string();
    Bytes below = last + '\0';
    bool used = false;  // as the last label of another name in the list
    Bytes own(LookupKey(name).view());
    for (std::size_t i = 0; i < list.size(); ++i) {
        ByteView key = list[i];
        if (key == own) continue;
        auto end = key.find('\0');
        if (goes_on(key.substr(0, end), last)) return true;  // x.co may be the rest of x.com
        used = used || key.substr(0, below.size()) == below;
        auto second = key.substr(end + 1, key.find('\0', end + 1) - end - 1);
        bool below_second = end + second.size() + 2 < key.size();
        if (below_second && second.substr(0, last.size()) == last) return true;  // x.co may be the rest of x.co.id
    }
    if (std::any_of(usual.begin(), usual.end(), [&](auto domain) { return goes_on(domain, last); })) return true;
    return !used && !is_top_level_domain(last);
}

bool may_be_cut(const Prefix& address) {
    auto text = address.to_string();
    for (char digit : std::string_view("0123456789abcdef")) {
        try {
            auto longer = Prefix::parse(text + digit);
            if (longer != address) return true;
        } catch (const Error&) {}
    }
    return false;
}

void drop_if_cut(list::ListContent& list, const std::string& line, list::ListFormat format) {
    std::istringstream alone(line + "\n");
    auto last = parse_list(alone, format, policy::Match::subtree, no_progress()).list;
    bool cut = std::any_of(last.addresses.begin(), last.addresses.end(), [](const auto& p) { return may_be_cut(p); });
    for (std::size_t i = 0; i < last.names.size(); ++i) cut = cut || may_be_cut(name_of_key(last.names[i]), list.names);
    if (!cut) return;
    for (std::size_t i = 0; i < last.names.size(); ++i)
        if (auto place = list.names.find(last.names[i])) list.names.drop({*place});
    for (const auto& p : last.addresses)
        list.addresses.erase(std::remove(list.addresses.begin(), list.addresses.end(), p), list.addresses.end());
    list.refuse(list.lines, line,
                msg("has no line end, so it may be truncated; if the list is complete, end its last line, or give its "
                    "SHA-256"));
}

}  // namespace saring::listfile
