// Tables of sites, as officials keep them: CSV, semicolons, tabs. The first byte chooses
// how the column is named.
#include "../fuzz.h"
#include "order/site_table.h"

namespace saring::fuzz {

void one(ByteView input) {
    static const char* const columns[] = {"", "1", "2", "domain", "situs"};
    Input in(input);
    std::string column = columns[in.byte() % std::size(columns)];
    accepted(ErrorKind::usage, [&] {
        for (const auto& row : order::read_site_table(in.rest(), "sites.csv", column).rows) {
            bool refused = row.outcome == order::SiteRow::Outcome::refused;
            demand(refused == !row.problem.empty(), "a refused row without a reason");
            demand(refused || row.domain.has_value() != row.address.has_value(), "a row taken without one target");
            demand(row.line > 0, "a row without a line");
        }
    });
}

}  // namespace saring::fuzz
