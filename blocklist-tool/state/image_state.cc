#include "state/image_state.h"

#include <algorithm>

#include "image/folder.h"
#include "image/refusal.h"
#include "state/module_state.h"
#include "terminal/terminal.h"

namespace saring::tool {

namespace {

// Throws Refusal if a file is absent or of another size. The hash is not checked, since that takes too long.
void check_sizes(int folder, const image::Current& current) {
    auto check = [&](image::Kind kind, const image::FileRef& ref) {
        auto file = image::open_file(folder, image::file_name(kind, ref));
        if (file.size != ref.size)
            throw image::Refusal(image::Reason::mismatch, file.name,
                                 msg("has %1 bytes instead of %2", file.size, ref.size));
    };
    check(image::Kind::base, current.base);
    if (current.delta) check(image::Kind::delta, *current.delta);
}

}  // namespace

Json image_state(const config::Config& config) {
    const auto folder = config.database.image_folder();
    Json j{{"folder", folder}, {"serial", nullptr}, {"bytes", nullptr}, {"error", nullptr}};
    try {
        auto open = image::open_folder(folder);
        for (auto current = image::read_current(open.get());;) {
            j["serial"] = current.state.serial;
            j["bytes"] = current.base.size + (current.delta ? current.delta->size : 0);
            try {
                check_sizes(open.get(), current);
                return j;
            } catch (const image::Refusal&) {
                auto now = image::read_current(open.get());
                if (now == current) throw;
                current = now;  // replaced meanwhile, and its files removed
            }
        }
    } catch (const image::Refusal& r) { j["error"] = r.what(); }
    return j;
}

void print_image_state(const Json& state) {
    if (state["serial"].is_null())
        print(tr("image      %1: %2", toned(tr("none"), Tone::bad), shown(state["error"].get<std::string>())));
    else
        print(tr("image      serial %1, %2 bytes in %3", state["serial"].dump(), state["bytes"].dump(),
                 shown(state["folder"].get<std::string>())));
    if (!state["serial"].is_null() && !state["error"].is_null())
        print(tr("           %1: %2", toned(tr("damaged"), Tone::bad), shown(state["error"].get<std::string>())));
}

bool is_in_force(const config::Config& config, UnixTime now) {
    const Json published = image_state(config), state = module_state(config, now);
    const auto processes = state.find("processes");
    if (published["serial"].is_null() || processes == state.end() || !processes->is_array()) return false;
    return std::any_of(processes->begin(), processes->end(), [&](const Json& process) {
        auto image = process.find("image");
        return process.value("state", Json()) == "ok" && image != process.end() && image->is_object() &&
               image->value("folder", Json()) == published["folder"] &&
               image->value("serial", Json()) == published["serial"];
    });
}

PublishedImage load_published_image(const config::Config& config, image::Reading reading) {
    try {
        return {image::Image::load(config.database.image_folder(), {}, nullptr, reading), std::nullopt};
    } catch (const image::Refusal& r) { return {nullptr, r.message()}; }
}

}  // namespace saring::tool
