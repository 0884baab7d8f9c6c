// Location data, which may be replaced while Unbound runs. Not called on worker threads.
#include "file_stamp.h"
#include "instance.h"

namespace saring {

// At load there is no earlier data to keep: if it cannot be used, no client is located until the files are replaced.
std::shared_ptr<const geo::Locator> Instance::load_location() {
    try {
        return std::make_shared<geo::Locator>(config_.region);
    } catch (const Error& e) {
        location_why_ = e.what();
        glue_log(SARING_LOCATION_UNUSABLE, (location_why_ + "; every client's region is unknown").c_str());
        return std::make_shared<geo::Locator>(geo::LocationConfig{});
    }
}

// A file that cannot be used changes nothing and is not read again until it changes.
void Instance::reload_location() {
    std::erase_if(replaced_locators_, [](const auto& locator) { return locator.use_count() == 1; });
    std::string files = file_stamp(config_.region.mmdb) + " " + file_stamp(config_.region.prefix_table);
    if (locator_files_.empty()) locator_files_ = files;
    if (files == locator_files_) return;
    locator_files_ = files;
    try {
        std::shared_ptr<const geo::Locator> fresh = std::make_shared<geo::Locator>(config_.region);
        replaced_locators_.push_back(locator());
        {
            std::lock_guard lock(mutex_);
            locator_.swap(fresh);
            ++locator_version_;
            location_why_.clear();
        }
        glue_log(SARING_LOCATION_LOADED, "the replaced location data is in use");
    } catch (const Error& e) {
        {
            std::lock_guard lock(mutex_);
            location_why_ = e.what();
        }
        glue_log(SARING_LOCATION_REFUSED, (std::string(e.what()) + "; the previous data stays in use").c_str());
    }
}

}  // namespace saring
