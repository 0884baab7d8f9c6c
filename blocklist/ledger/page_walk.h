// Whether the pages of an LMDB file hang together, told from the file's octets and not by
// LMDB, which believes what it finds in a page: a read through a damaged one can leave the
// map or never end, and a write can ruin the memory of the process. So whoever is to write
// into a file that may be damaged, in a process that must live, looks at it first.
//
// What is looked at: every page that the last commit reaches, once, with its number, kind
// and bounds, its nodes and the order of their keys, whatever leads on from there; and
// that no page is used twice or is free as well. Not what values say.
//
// Source: LMDB 0.9 (Debian's liblmdb0), mdb.c: MDB_meta, MDB_db, MDB_page, MDB_node, and
// mdb_freelist_save for what the list of free pages holds.
#pragma once

#include <optional>

#include "base/progress.h"
#include "ledger/lmdb.h"

namespace saring::ledger::lmdb {

// The first thing that is wrong, with the page's number; nothing when all is sound. Reads the file
// itself, a page at a time: 4 KiB of memory for each level of a tree, and a bit for each page. Others
// may write meanwhile. Throws Failure when no read transaction can begin or the disk cannot be read.
std::optional<Message> damaged_page(const Environment& env, Progress& progress = no_progress());

}  // namespace saring::ledger::lmdb
