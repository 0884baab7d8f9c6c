#include <nlohmann/json.hpp>

#include "setup/plan.h"
#include "setup/snippet_shipped.h"

namespace saring::tool {
namespace {

// JSON string syntax is valid TOML.
std::string in_quotes(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string quoted_list(const std::vector<std::string>& items) {
    std::string out;
    for (const auto& item : items) out += (out.empty() ? "" : ", ") + in_quotes(item);
    return "[" + out + "]";
}

std::string landing_lines(const std::vector<std::string>& landings) {
    std::vector<std::string> four, six;
    std::string host;
    for (const auto& l : landings) {
        if (l.find(':') != std::string::npos) six.push_back(l);
        else if (l.find_first_not_of("0123456789.") == std::string::npos) four.push_back(l);
        else host = l;
    }
    return (host.empty() ? "" : "redirect_cname = " + in_quotes(host) + "\n") +
           (four.empty() ? "" : "redirect_a = " + quoted_list(four) + "\n") +
           (six.empty() ? "" : "redirect_aaaa = " + quoted_list(six) + "\n");
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
    return text;
}

}  // namespace

std::string saring_toml(const SetupPlan& p) {
    std::string out =
        "# Written by blocklist-tool setup. Every option there is, with its default: saring.toml(5).\n"
        "# Unbound reads this when it starts.\n\n"
        "[database]\npath = " +
        in_quotes(p.database) +
        "\n\n"
        "[hits]\n# Form in which a client's address is recorded: prefix, keyed, none or full.\npath = " +
        in_quotes(p.hits) +
        "\nclient = \"prefix\"\n\n"
        "[answer]\n# For orders that name no action. \"log\" rehearses: it counts, and blocks nothing.\naction = " +
        in_quotes(p.action) + "\n" + landing_lines(p.landings);
    if (!p.never_block.empty()) out += "\n[safety]\nnever_block_files = [" + in_quotes(p.never_block) + "]\n";
    out +=
        "\n[trust]\n# How many distinct keys must have signed an order.\nthreshold = " + std::to_string(p.threshold) +
        "\n";
    for (const auto& k : p.keys) {
        std::vector<std::string> roles;
        if (k.orders) roles.push_back("order");
        if (k.feeds) roles.push_back("feed");
        out += "\n[[trust.key]]\nname = " + in_quotes(k.name) + "\npublic_key = " + in_quotes(k.key.base64()) +
               "\nroles = " + quoted_list(roles) + "\n";
    }
    for (const auto& f : p.feeds)
        out += "\n[[feed]]\nname = " + in_quotes(f.name) + "\nurl = " + in_quotes(f.url) + "\n";
    return out;
}

std::string unbound_snippet(const std::string& module_file, bool subnetcache) {
    std::string out = replaced(snippet_shipped, "@SARING_MODULE_DIR@/saring.so", module_file);
    return subnetcache ? out : replaced(out, "dynlib subnetcache ", "dynlib ");
}

}  // namespace saring::tool
