// A list of any format from a stream: the one way in for files, the web and, but for
// their records, zone transfers.
#pragma once

#include "rpz/zone_file.h"

namespace saring {

// As RpzContent: a list of another format has neither serial nor passed names. Throws
// Error(usage) that names `source`: it is a web page, or empty, or holds no name at all.
// Unless somebody vouched for the `whole` of it, the last line is left out where the text ends within what may be
// another target (import/cut_line.h).
RpzContent read_list(std::istream& in, ListFormat format, const RpzFileOptions& options, const std::string& source,
                     Progress& progress, bool whole = false);

// "hosts", "domains", "rpz"
const char* to_string(ListFormat format);

// The first octets of the stream, which stay to be read; for guess_list_format. Empty when
// the stream cannot go back.
std::string peek_beginning(std::istream& in);

}  // namespace saring
