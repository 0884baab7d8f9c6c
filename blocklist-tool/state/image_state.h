// The state of the published image, for `status`, `doctor` and `explain`.
#pragma once

#include <optional>

#include "config/config.h"
#include "image/image.h"
#include "output/output.h"

namespace saring::tool {

// From the file `current` and the sizes of the files that it names: folder, serial (null if there is no image that
// resolvers could load), bytes, error (with a serial: a file is missing or cut).
Json image_state(const config::Config& config);
void print_image_state(const Json& state);

// The image as a resolver would load it, or the reason why a resolver would refuse it. By default verifies every byte.
struct PublishedImage {
    std::shared_ptr<const image::Image> image;  // null: refused
    std::optional<Message> refused;
};
PublishedImage load_published_image(const config::Config& config,
                                    image::Reading reading = image::Reading::verified_copy);
// Whether a running resolver reports that it uses the published image.
bool is_in_force(const config::Config& config, UnixTime now);

}  // namespace saring::tool
