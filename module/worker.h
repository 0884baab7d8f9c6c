// State of one Unbound worker thread between queries: its image reader, caches and counters. Used by that thread
// only; the watcher's thread reads the counters.
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
    // The image in force when the object is made, the same during its lifetime. Null: none.
    class ImageUse {
    public:
        ImageUse(Worker& worker, const Images& images) : worker_(worker) {
            // Sending an answer may process the next query of the same stream: the nested use sees the same image.
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
    // The verdict on the query that is about to enter for one client, see Instance::answer_separately.
    struct PresetVerdict {
        const OwnerName* name = nullptr;
        std::uint16_t type = 0;
        const policy::Verdict* verdict = nullptr;
    } preset;
    policy::CrowdedLevels crowded;
    Reasons reasons;
    RepeatedQuestions asked_again;
    // Number of restarted queries in this second, see Instance::met_kept.
    UnixTime second = 0;
    unsigned asked_anew = 0;
    HitRecorder* hits = nullptr;                  // this thread's; null: hits are not recorded
    std::shared_ptr<const geo::Locator> locator;  // see Instance::locator
    std::uint64_t locator_version = 0;
    // SARING_REHEARSAL is logged at most once a second; further rehearsals are counted.
    std::int64_t last_rehearsal_line = 0;
    std::uint64_t rehearsals_not_logged = 0;

private:
    void renew(const Images& images) {
        if (images.edition() == (reader_ ? reader_->edition() : 0)) return;
        try {
            if (auto image = images.in_force()) reader_ = std::make_unique<image::Reader>(std::move(image));
        } catch (const std::exception&) {  // out of memory: keep the previous image and try again at the next query
        }
    }

    std::unique_ptr<image::Reader> reader_;
    unsigned uses_ = 0;
};

}  // namespace saring
