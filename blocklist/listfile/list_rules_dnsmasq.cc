// Configuration of dnsmasq(8):
//   address=/name/, local=/name/, server=/name/          NXDOMAIN for the name and all names below it
//   address=/name/0.0.0.0, address=/name/::, /127.0.0.1, /#  the same with a null address
//   bogus-nxdomain=192.0.2.7                             answers with this address become NXDOMAIN
// One line may have several names: address=/one/two/. A server or a real address after the names is not a block.
#include <algorithm>
#include <array>

#include "listfile/list_rules.h"

namespace saring::listfile {
namespace {

bool is_setting(std::string_view word) {
    // A site's name has at least two labels, so a single word is a switch such as domain-needed.
    static constexpr std::string_view octets = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return word.find_first_not_of(octets) == std::string_view::npos;
}

class DnsmasqRules : public ListRules {
public:
    void line(std::string_view text, ListSink& sink) override {
        text = without_comment(text, "#");
        if (text.empty()) return;
        auto equals = text.find('=');
        if (equals == std::string_view::npos)
            return is_setting(text) ? sink.skip(msg(setting)) : sink.bad(msg(unknown));
        auto key = trimmed(text.substr(0, equals)), value = trimmed(text.substr(equals + 1));
        if (key == "bogus-nxdomain") {
            sink.marks_format();
            if (!sink.address(value)) sink.bad(msg("names no address"));
            return;
        }
        bool to_address = key == "address", to_server = key == "server" || key == "local";
        if (!is_setting(key)) return sink.bad(msg(unknown));
        if (!to_address && !to_server) return sink.skip(msg(setting));
        auto last = value.rfind('/');
        if (value.empty() || value.front() != '/' || last == 0)
            return sink.skip(msg("is for all names"), value.find('/') == std::string_view::npos);
        sink.marks_format();
        auto target = value.substr(last + 1);
        if (to_address && !target.empty() && target != "#") {
            Prefix address;
            if (!parse_address(target, address)) return sink.bad(msg("has a target that is not an address"));
            if (!leads_nowhere(address)) return sink.skip(msg("points to a real address, which is not a block"));
        }
        each_name(value.substr(1, last - 1), [&](std::string_view name) {
            if (to_server && target == "#") sink.except(name, true);
            if (to_server && !target.empty()) return;
            block(name, sink);
        });
        if (to_server && target == "#")
            sink.skip(msg("is an exception: it removes blocks of this list, not of others"));
        else if (to_server && !target.empty()) sink.skip(msg("names a forwarder, which is not a block"));
    }

private:
    static constexpr const char* setting = marked("is another setting");
    static constexpr const char* unknown = marked("is not a line of a dnsmasq configuration");

    template <typename F>
    static void each_name(std::string_view names, F use) {
        for (;;) {
            auto slash = names.find('/');
            use(names.substr(0, slash));
            if (slash == std::string_view::npos) return;
            names.remove_prefix(slash + 1);
        }
    }

    static void block(std::string_view name, ListSink& sink) {
        if (name.empty()) return sink.skip(msg("is for names without a dot"));
        if (name == "#") return sink.bad(msg("is the root, which contains every name"));
        if (name.front() == '.') name.remove_prefix(1);
        if (name.substr(0, 2) == "*.")
            sink.name(name.substr(2), policy::Match::below);  // the star requires at least one octet before the dot
        else sink.name(name);
    }
};

}  // namespace

std::unique_ptr<ListRules> make_dnsmasq_rules() { return std::make_unique<DnsmasqRules>(); }

}  // namespace saring::listfile
