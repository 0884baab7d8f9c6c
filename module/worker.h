// What one Unbound worker thread keeps between queries: its view of the image, and its counters. Used by its own
// thread only, but for the counters.
#pragma once

#include <memory>

#include "counters.h"
#include "geo/locator.h"
#include "images.h"
#include "policy/crowded.h"
#include "reasons.h"
#include "recording/recorder.h"
#include "repeated_questions.h"

namespace saring {

class Worker {
public:
    // The image in force at this moment, the same while the object lives. Null while there is none.
    class ImageUse {
    public:
        ImageUse(Worker& worker, const Images& images) : worker_(worker) {
            // Sending an answer may read the next question of the same stream: inside, the image is the same.
            if (worker_.uses_++ == 0) worker_.renew(images);
        }
        ~ImageUse() { --worker_.uses_; }
        ImageUse(const ImageUse&) = delete;
        ImageUse& operator=(const ImageUse&) = delete;
        const image::Reader* image() const { return worker_.reader_.get(); }

    private:
        Worker& worker_;
    };

    Counters counters;
    // The verdict on the question that a client is about to ask again, see Instance::answer_apart.
    struct Given {
        const OwnerName* name = nullptr;
        std::uint16_t type = 0;
        const policy::Verdict* verdict = nullptr;
    } given;
    policy::CrowdedLevels crowded;
    Reasons reasons;
    RepeatedQuestions asked_again;
    // Questions of Unbound's own that were asked anew in this second, see Instance::met_kept.
    UnixTime second = 0;
    unsigned asked_anew = 0;
    HitRecorder* hits = nullptr;                  // the thread's; null: hits are not recorded
    std::shared_ptr<const geo::Locator> locator;  // Instance::locator's
    std::uint64_t locator_version = 0;
    // Rehearsal lines are limited to one a second and worker; the rest are counted.
    std::int64_t last_rehearsal_line = 0;
    std::uint64_t rehearsals_unsaid = 0;

private:
    void renew(const Images& images) {
        if (images.edition() == (reader_ ? reader_->edition() : 0)) return;
        try {
            if (auto image = images.in_force()) reader_ = std::make_unique<image::Reader>(std::move(image));
        } catch (const std::exception&) {  // no memory: the image it has serves until there is
        }
    }

    std::unique_ptr<image::Reader> reader_;
    unsigned uses_ = 0;
};

}  // namespace saring
