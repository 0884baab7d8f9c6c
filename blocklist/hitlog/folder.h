// The folder of the hit log: which segments lie there.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "hitlog/segment.h"

namespace saring::hitlog {

struct SegmentFile {
    std::string file_name;
    SegmentName name;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;     // bytes
    std::int64_t modified = 0;  // seconds since 1970
};

// By when they were begun, then run and number; nothing where the folder is not there. Throws Error(database) where
// it cannot be read.
std::vector<SegmentFile> segment_files(const std::string& folder);
bool folder_exists(const std::string& folder);

// Touched by who wants every resolver to begin a new segment (purge.h).
std::string rotation_request_path(const std::string& folder);
// What changes when it is touched; empty: there is none.
std::string rotation_request(const std::string& folder);

RunId new_run_id();

}  // namespace saring::hitlog
