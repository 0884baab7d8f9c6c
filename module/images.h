// The image in force: the newest that was published and is sound. The watcher's thread loads images, any thread takes
// the one in force; replacing it is the exchange of a pointer.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "image/image.h"

namespace saring {

class Images {
public:
    // `folder` is the tool's; empty: there never is an image. `without`: how queries fare while there is none, for the
    // log.
    Images(std::string folder, std::string without) : folder_(std::move(folder)), without_(std::move(without)) {}

    // Any thread. The edition of the image in force, 0 while there is none; then the image, null while there is none.
    std::uint64_t edition() const { return edition_.load(std::memory_order_acquire); }
    std::shared_ptr<const image::Image> in_force() const;

    // Below: the watcher's thread alone.
    // Loads what was published since. True: another image is in force.
    bool look();
    // Why the image that is published is not in force; empty when it is.
    const std::string& refused() const { return refused_; }

private:
    void refuse(const std::string& why);

    const std::string folder_, without_;
    std::atomic<std::uint64_t> edition_{0};
    mutable std::mutex mutex_;  // over image_; held for a pointer's copy
    std::shared_ptr<const image::Image> image_;
    // Images that were replaced, until no worker has them: none of them shall spend its time on freeing one.
    std::vector<std::shared_ptr<const image::Image>> replaced_;
    std::string looked_at_;  // file_stamp of `current`, when it was looked at
    std::chrono::steady_clock::time_point try_again_{};
    std::string refused_;
};

}  // namespace saring
