// Lists as imported, in each format or guessed. The first byte chooses; also the never-block file, which is read
// line by line in the same way.
#include <sstream>

#include "../fuzz.h"
#include "hostname/host_name.h"
#include "listfile/list_read.h"
#include "name/lookup_key.h"
#include "safety/never_block.h"

namespace saring::fuzz {

void one(ByteView input) {
    Input in(input);
    auto kind = in.byte() % 8;
    Bytes text(in.rest());
    if (kind == 4) {
        accepted(ErrorKind::usage, [&] { safety::NeverBlock().read(text, "never.txt"); });
        return;
    }
    accepted(ErrorKind::usage, [&] {
        static constexpr const char* formats[] = {"hosts", "domains", "rpz",     "auto",
                                                  "",      "adblock", "dnsmasq", "unbound"};
        listfile::ListOptions options;
        options.format = formats[kind];
        options.rpz.landings = list::Landings({"landing.example", "192.0.2.80"}, "landing");
        std::istringstream stream(text);
        NoProgress none;
        listfile::ListText body(stream, "list", 1 << 20);
        auto content = read_list(body, options, none);
        require_list(content, body);
        const auto& names = content.list.names;
        const auto& addresses = content.list.addresses;
        demand(content.list.size() > 0, "a list without names that was accepted");
        for (std::size_t i = 1; i < addresses.size(); ++i)
            demand(addresses[i - 1] < addresses[i], "addresses that are not sorted or not unique");
        for (std::size_t i = 0; i < names.size(); ++i) {
            demand(!hostname::refuse_host(name_of_key(names[i])) || kind == 2 ||
                       content.list.format == list::ListFormat::rpz,
                   "a name in a list that no site can have");
            demand(!name_of_key(names[i]).is_root(), "the root in a list");
            demand(i == 0 || names[i - 1] < names[i], "a list that is not sorted or not unique");
            demand(names.match(i) <= policy::last_match, "an unknown match in a list");
        }
        demand(content.list.bad.size() <= list::max_bad_kept && content.list.skipped.size() <= list::max_bad_kept,
               "complaints without bound");
    });
}

}  // namespace saring::fuzz
