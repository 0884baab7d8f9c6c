// The image in force: the newest published image that could be loaded. The watcher's thread loads images and swaps
// the pointer; any thread reads it.
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
    // `folder`: database.image; empty: never an image. `without`: how queries are answered while no image is in
    // force, for the log.
    Images(std::string folder, std::string without) : folder_(std::move(folder)), without_(std::move(without)) {}

    // Any thread. The edition of the image in force, 0 for none; the image, null for none.
    std::uint64_t edition() const { return edition_.load(std::memory_order_acquire); }
    std::shared_ptr<const image::Image> in_force() const;

    // The watcher's thread only.
    // Loads the published image if it is new. True: the image in force has changed.
    bool look();
    // Why the published image is not in force; empty if it is.
    const std::string& refused() const { return refused_; }

private:
    void refuse(const std::string& why);

    const std::string folder_, without_;
    std::atomic<std::uint64_t> edition_{0};
    mutable std::mutex mutex_;  // guards image_; held while the pointer is copied
    std::shared_ptr<const image::Image> image_;
    // Replaced images, held until no worker uses them: freeing one takes too long for a worker.
    std::vector<std::shared_ptr<const image::Image>> replaced_;
    std::string looked_at_;  // file_stamp of `current` at the last look
    std::chrono::steady_clock::time_point try_again_{};
    std::string refused_;
};

}  // namespace saring
