// A text whose last line has no line end may have been cut, by a full disk or a broken download, within
// that line: "x.co" is what is left of x.co.id or x.com, which is another site. A record of a policy zone is no
// such case: what is left of one is no block.
#pragma once

#include <string>

#include "listfile/list_parse.h"
#include "name/owner_name.h"

namespace saring::listfile {

// Takes the targets of its unfinished last line out of the list, and tells it as bad, where more could have stood
// behind them: a name whose last label is no top-level domain, or the beginning of an ending that other names
// of the list have; an address that goes on with one more digit.
void leave_out_if_cut(list::ListContent& list, const std::string& line, list::ListFormat format);

// The two questions by themselves.
bool may_go_on(const OwnerName& name, const list::NameSet& list);
bool may_go_on(const Prefix& address);

}  // namespace saring::listfile
