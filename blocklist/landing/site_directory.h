// A directory that is exchanged as a whole. It grows beside the one in service, under the
// name PATH.building, and takes its place in one rename: whoever opens a file below PATH
// finds the old site or the new one, and a build that is killed leaves the old one. What such
// a build left is cleared by the next.
//
// Nothing is ever deleted that it did not make: PATH is replaced only while it is empty,
// or bears the mark and holds nothing but what a site consists of. Only one build at a time;
// the lock is the kernel's (flock on the parent), so none stays behind.
#pragma once

#include <string>

#include "base/bytes.h"

namespace saring::landing {

class SiteDirectory {
public:
    // Throws Error(refused) when PATH is somebody else's or another build is running,
    // Error(usage) when the parent cannot be written. A symbolic link is followed.
    explicit SiteDirectory(const std::string& path);
    ~SiteDirectory();  // without commit() the old site stays and nothing else is left
    SiteDirectory(const SiteDirectory&) = delete;
    SiteDirectory& operator=(const SiteDirectory&) = delete;

    // Path to write the site's file `relative` to, one that is_part_of_site knows.
    std::string file(const std::string& relative) const { return building_ + "/" + relative; }
    // Path of that file once the site is in service.
    std::string final_file(const std::string& relative) const { return path_ + "/" + relative; }

    // Flushes to the disk and exchanges. Throws Error(usage).
    void commit();

private:
    void begin();

    std::string path_, building_;
    int parent_ = -1;
};

// "www/index.html", "www/order/<32 hex digits>.html", ...; directories as "www".
bool is_part_of_site(const std::string& relative);

}  // namespace saring::landing
