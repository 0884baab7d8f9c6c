// Lists as imported: hosts, plain domains, a policy zone, or guessed. The first octet says
// which; also the never-block file, which is read line by line in the same way.
#include <sstream>

#include "../fuzz.h"
#include "import/list_read.h"
#include "name/lookup_key.h"
#include "safety/never_block.h"

namespace saring::fuzz {

void one(ByteView input) {
    Input in(input);
    auto kind = in.byte() % 5;
    Bytes text(in.rest());
    if (kind == 4) {
        accepted(ErrorKind::usage, [&] { NeverBlock().read(text, "never.txt"); });
        return;
    }
    accepted(ErrorKind::usage, [&] {
        auto format = kind == 3 ? guess_list_format(text, "list") : static_cast<ListFormat>(kind);
        RpzFileOptions options;
        options.landings = Landings({"landing.example", "192.0.2.80"}, "landing");
        std::istringstream stream(text);
        NoProgress none;
        auto content = read_list(stream, format, options, "list", none);
        const auto& names = content.list.names;
        demand(content.list.size() > 0, "a list without names that was accepted");
        for (std::size_t i = 0; i < names.size(); ++i) {
            demand(!name_of_key(names[i]).is_root(), "the root in a list");
            demand(i == 0 || names[i - 1] < names[i], "a list that is not sorted or not unique");
            demand(names.match(i) <= last_match, "an unknown match in a list");
        }
        demand(content.list.bad.size() <= max_bad_kept && content.list.skipped.size() <= max_bad_kept, "complaints without bound");
    });
}

}  // namespace saring::fuzz
