#include "input/name_argument.h"

#include "hostname/host_name.h"
#include "hostname/pasted_host.h"
#include "input/target_argument.h"
#include "output/output.h"

namespace saring::tool {
namespace {

std::string host_in(const std::string& text, bool whole) {
    std::string plain = hostname::without_invisible(text);
    if (plain.empty()) return text;
    auto pasted = hostname::split_pasted_host(plain);
    if (is_prefix_text(plain) && pasted.port.empty()) return plain;
    if (!pasted.is_more_than_a_host() || pasted.host.empty()) return plain;
    bool web = pasted.port.empty() || pasted.port == "80" || pasted.port == "443";
    if (whole && (pasted.page || pasted.user || !web)) return plain;
    std::string host(pasted.host);
    complain(tr("\"%1\" is read as %2: DNS sees the host only", shown(text.substr(0, 200)), shown(host)));
    return host;
}

}  // namespace

std::string host_argument(const std::string& text) { return host_in(text, false); }

std::string whole_host_argument(const std::string& text) { return host_in(text, true); }

OwnerName name_argument(const std::string& text, const std::string& option) {
    auto host = host_argument(text);
    try {
        return hostname::parse_name_input(host);
    } catch (const Error& e) { throw Error(e.kind(), option, e.why(), e.remedy()); }
}

}  // namespace saring::tool
