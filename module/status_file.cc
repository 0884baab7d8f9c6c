#include "status_file.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/file.h"
#include "base/status_path.h"
#include "glue.h"

namespace saring {

namespace fs = std::filesystem;

StatusFile::StatusFile(std::string configured)
    : configured_(std::move(configured)),
      own_(configured_.empty() ? std::string() : status_file_of(configured_, ::getpid())) {}

// Points the configured name at this process's file, and removes the files of processes that have ended.
void StatusFile::claim() {
    std::error_code ignored;
    auto folder = fs::path(configured_).parent_path();
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored)) {
        auto process = process_of_status_file(configured_, entry.path().filename().string());
        if (process && ::kill(static_cast<pid_t>(*process), 0) != 0 && errno == ESRCH)
            fs::remove(entry.path(), ignored);
    }
    std::string link = own_ + ".link";
    fs::remove(link, ignored);
    fs::create_symlink(fs::path(own_).filename(), link, ignored);
    if (!ignored) fs::rename(link, configured_, ignored);
    claimed_ = true;
}

void StatusFile::write(ByteView content) {
    if (!is_wanted()) return;
    try {
        write_file(own_, content);
        if (!claimed_) claim();
        failing_ = false;
    } catch (const std::exception& e) {
        if (!failing_) glue_log(SARING_STATUS_NOT_WRITTEN, e.what());
        failing_ = true;
    }
}

}  // namespace saring
