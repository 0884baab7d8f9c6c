// Detects a cut last line. A text whose last line has no line end may have been truncated in that line by a full disk
// or a broken download: "x.co" may be the rest of x.co.id or x.com, which is another site. Not needed for policy zones:
// the rest of a cut record is not a block.

#include <string>

#include "listfile/list_parse.h"
#include "name/owner_name.h"

namespace saring::listfile {

// Removes the targets of the unfinished last line from the list, and reports the line as bad, if the text may have
// continued: a name whose last label is not a top-level domain, or is a prefix of an ending that other names in the
// list have; an address to which one more digit can be appended.
void drop_if_cut(list::ListContent& list, const std::string& line, list::ListFormat format);

// The criteria for a name and for an address.
bool may_be_cut(const OwnerName& name, const list::NameSet& list);
bool may_be_cut(const Prefix& address);

}  // namespace saring::listfile
