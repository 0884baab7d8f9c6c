#include "state/image_state.h"

#include "image/folder.h"
#include "image/refusal.h"
#include "terminal/terminal.h"

namespace saring::tool {

Json image_state(const config::Config& config) {
    const auto folder = config.database.image_folder();
    Json j{{"folder", folder}, {"serial", nullptr}, {"bytes", nullptr}, {"error", nullptr}};
    try {
        auto open = image::open_folder(folder);
        auto current = image::read_current(open.get());
        j["serial"] = current.state.serial;
        j["bytes"] = current.base.size + (current.delta ? current.delta->size : 0);
    } catch (const image::Refusal& r) {
        j["error"] = r.what();
    }
    return j;
}

void print_image_state(const Json& state) {
    if (state["serial"].is_null())
        print(tr("image      %1: %2", toned(tr("none"), Tone::bad), shown(state["error"].get<std::string>())));
    else
        print(tr("image      serial %1, %2 bytes in %3", state["serial"].dump(), state["bytes"].dump(), shown(state["folder"].get<std::string>())));
}

PublishedImage load_published_image(const config::Config& config) {
    try {
        return {image::Image::load(config.database.image_folder()), std::nullopt};
    } catch (const image::Refusal& r) {
        return {nullptr, r.message()};
    }
}

}  // namespace saring::tool
