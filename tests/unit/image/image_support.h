// An image folder beside a Store, and the content on which ledger and image must agree.
#pragma once

#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "image/image.h"
#include "image/publish.h"
#include "image/refusal.h"
#include "store_support.h"

namespace saring::test {

// The reason for which `action` is refused; nothing if it is not.
template <typename F>
std::optional<image::Reason> refused(F&& action) {
    try {
        action();
    } catch (const image::Refusal& r) {
        CHECK_FALSE(r.why().empty());
        return r.reason();
    }
    return std::nullopt;
}

struct Published {
    explicit Published(Store& s) : store(s) {}
    image::Publication publish(const image::PublishOptions& options = {}) {
        return image::publish(*store.db, folder(), options);
    }
    std::shared_ptr<const image::Image> load() const { return image::Image::load(folder()); }
    std::string folder() const { return dir / "image"; }
    std::vector<std::string> files() const {
        std::vector<std::string> out;
        for (const auto& e : std::filesystem::directory_iterator(folder())) out.push_back(e.path().filename());
        std::sort(out.begin(), out.end());
        return out;
    }

    Store& store;
    TempDir dir;
};

inline void put_bytes(const std::string& path, ByteView bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// All names and addresses with their entries.
using Entirety = std::map<std::string, Bytes>;
inline Entirety entirety(const image::Image& image) {
    Entirety out;
    image.each_name([&](ByteView key, const image::Claims& claims) { out[Bytes(key)] = claims.value(); });
    image.each_address([&](const Prefix& p, const image::Claims& claims) { out[p.to_string()] = claims.value(); });
    return out;
}
inline Entirety entirety(const ledger::Snapshot& s) {
    Entirety out;
    ledger::lmdb::Cursor names(s.transaction(), s.tables().names), addresses(s.transaction(), s.tables().addresses);
    for (auto item = names.first(); item; item = names.next()) out[Bytes(item->key)] = item->value;
    for (auto item = addresses.first(); item; item = addresses.next())
        out[prefix_of_key(item->key).to_string()] = item->value;
    return out;
}

// A small policy with every kind of entry, published as a base and a delta.
inline void commit_some_of_everything(Store& store, Published& published) {
    store.apply(make_order("B-1", {"hoax.example", "=a.b.hoax.example", "203.0.113.0/28", "2001:db8::/32"}));
    order::Order regional = make_order("B-2", {"hoax.example", "c.example", "c.test"});
    regional.regions = {"ID-JK"};
    regional.action = policy::Action::nodata;
    store.apply(regional);
    published.publish();
    store.apply(make_order("B-3", {"d.example", "203.0.113.4/32"}));
    store.revoke("B-2");
    published.publish();
}

}  // namespace saring::test
