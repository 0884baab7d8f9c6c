#include "images.h"

#include <algorithm>

#include "file_stamp.h"
#include "glue.h"
#include "image/current.h"
#include "image/refusal.h"

namespace saring {
namespace {

// A refused image is read again when another is published, and at this interval, since files or permissions may have
// been corrected. An attempt that fails to open the file costs nothing.
std::chrono::seconds retry_after(image::Reason reason) {
    bool unopened = reason == image::Reason::absent || reason == image::Reason::unreadable;
    return std::chrono::seconds(unopened ? 1 : 5);
}

std::string described(const image::Image& image) {
    return "serial " + std::to_string(image.serial()) + ", " + std::to_string(image.name_count()) + " names";
}

}  // namespace

std::shared_ptr<const image::Image> Images::in_force() const {
    std::lock_guard lock(mutex_);
    return image_;
}

bool Images::look() {
    std::erase_if(replaced_, [](const auto& image) { return image.use_count() == 1; });
    if (folder_.empty()) return false;
    auto stamp = file_stamp(folder_ + "/" + image::current_name);
    auto now = std::chrono::steady_clock::now();
    if (stamp == looked_at_ && (refused_.empty() || now < try_again_)) return false;
    looked_at_ = stamp;
    auto refused = [&](image::Reason reason, const std::string& why) {
        try_again_ = now + retry_after(reason);
        refuse(why);
    };
    try {
        auto fresh =
            image::Image::load(folder_, image_ ? std::optional(image_->expected()) : std::nullopt, image_.get());
        refuse({});
        if (image_ && fresh->state() == image_->state()) return false;
        bool first = !image_;
        auto edition = fresh->edition();
        auto line = described(*fresh);
        if (image_) replaced_.push_back(image_);
        {
            std::lock_guard lock(mutex_);
            image_.swap(fresh);
        }
        edition_.store(edition, std::memory_order_release);
        if (first) glue_log(SARING_IMAGE_LOADED, (folder_ + ", " + line).c_str());
        return true;
    } catch (const image::Refusal& r) { refused(r.reason(), r.what()); } catch (const std::bad_alloc&) {
        refused(image::Reason::memory, "no memory for the image");
    }
    return false;
}

void Images::refuse(const std::string& why) {
    if (why == refused_) return;
    if (why.empty()) glue_log(SARING_IMAGE_ACCEPTED, "the published image can be used again");
    else if (image_)
        glue_log(SARING_IMAGE_REFUSED,
                 (why + "; serial " + std::to_string(image_->serial()) + " stays in force").c_str());
    else glue_log(SARING_IMAGE_MISSING, (why + "; until an image is published, queries are " + without_).c_str());
    refused_ = why;
}

}  // namespace saring
