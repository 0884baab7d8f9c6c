// Hosts files (hosts(5)) and lists of names, one a line.
#include <algorithm>
#include <array>
#include <utility>

#include "listfile/list_rules.h"

namespace saring::listfile {
namespace {

// Names of the machine itself and its networks, which every hosts file has.
bool names_this_machine(std::string_view name) {
    static constexpr std::array<std::string_view, 13> own{
        "localhost",      "localhost.localdomain", "localhost4",   "local",           "broadcasthost",
        "ip6-localhost",  "ip6-loopback",          "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes",
        "ip6-allrouters", "ip6-allhosts",          "0.0.0.0"};
    return std::find(own.begin(), own.end(), name) != own.end();
}

class HostsRules : public ListRules {
public:
    void line(std::string_view text, ListSink& sink) override {
        text = without_comment(text, "#");
        if (text.empty()) return;
        if (read_hosts_line(text, sink)) return;
        auto remaining = text;
        auto first = next_word(remaining);
        if (next_word(remaining).empty() && sink.address(first)) return;
        sink.bad(msg("does not begin with an IP address"));
    }
};

class DomainsRules : public ListRules {
public:
    void line(std::string_view text, ListSink& sink) override {
        if (text.front() == '!') return;
        text = without_comment(text, "#;");
        if (text.empty()) return;
        if (text.find_first_of(" \t") != std::string_view::npos) return sink.bad(msg("has more than one word"));
        if (text.front() == '.' || text.substr(0, 2) == "*.") {
            auto name = text.substr(text.front() == '.' ? 1 : 2);
            if (!name.empty()) return sink.wildcard(name);
        }
        if (!sink.address(text)) sink.name(text);
    }
};

}  // namespace

bool read_hosts_line(std::string_view text, ListSink& sink) {
    auto remaining = text;
    auto first = next_word(remaining);
    Prefix address;
    if (!parse_address(first.substr(0, first.find('%')), address)) return false;  // "%lo0" is an interface
    auto name = next_word(remaining);
    bool nowhere = leads_nowhere(address);
    if (name.empty()) {
        if (!nowhere) return false;  // an address to block
        sink.bad(msg("has an address but no name"));
        return true;
    }
    bool reported = false;
    for (; !name.empty(); name = next_word(remaining)) {
        if (names_this_machine(name)) continue;
        if (nowhere) sink.name(name);
        else if (!std::exchange(reported, true)) sink.skip(msg("points to a real address, which is not a block"));
    }
    return true;
}

std::unique_ptr<ListRules> make_hosts_rules() { return std::make_unique<HostsRules>(); }

std::unique_ptr<ListRules> make_domains_rules() { return std::make_unique<DomainsRules>(); }

}  // namespace saring::listfile
