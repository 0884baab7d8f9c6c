// The folder of the hit log: its segments, and the request to begin new ones.
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

// Sorted by begin time, then run and number; empty if the folder does not exist. Throws Error(database) if it cannot be
// read.
std::vector<SegmentFile> segment_files(const std::string& folder);
bool folder_exists(const std::string& folder);

// The file `rotate`. A purge touches it to make every resolver begin a new segment (purge.h).
std::string rotation_request_path(const std::string& folder);
// A text that changes whenever the file is touched; empty if there is no such file.
std::string rotation_request(const std::string& folder);

RunId new_run_id();

}  // namespace saring::hitlog
