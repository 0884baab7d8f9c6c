// The published image, as `status`, `doctor` and `explain` tell of it.
#pragma once

#include <optional>

#include "config/config.h"
#include "image/image.h"
#include "output/output.h"

namespace saring::tool {

// By the file `current` alone: folder, serial (null when there is no image that resolvers could load), bytes, error.
Json image_state(const config::Config& config);
void print_image_state(const Json& state);

// The image as a resolver would load it, or why it would refuse it. By default every byte is verified.
struct PublishedImage {
    std::shared_ptr<const image::Image> image;  // null: refused
    std::optional<Message> refused;
};
PublishedImage load_published_image(const config::Config& config,
                                    image::Reading reading = image::Reading::verified_copy);
// Whether a process that lives says that it has the published image in force.
bool is_in_force(const config::Config& config, UnixTime now);

}  // namespace saring::tool
