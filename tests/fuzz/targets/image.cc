// An image file that is not what was published although its hash is right. Refused, or searched without harm.
//
// Input: kind u8 (bit 0: a delta over a good base), then the file's bytes; with bit 1, any number of { offset u16,
// byte } instead, changes to a good file.
#include <stdlib.h>

#include <filesystem>

#include "../fuzz.h"
#include "base/file.h"
#include "image/image.h"
#include "image/publish.h"
#include "image/refusal.h"
#include "ledger/writer.h"

namespace saring::fuzz {
namespace {

constexpr UnixTime now = 1700000000;
const char* const asked[] = {"hoax.example", "www.hoax.example", "z.a.b.hoax.example", "n17.l.example", "l.example",
                             "d.example",    "example",          "x.test",             "zz"};

struct Good {
    Good() {
        char folder[] = "/tmp/saring-fuzz-XXXXXX";
        if (!::mkdtemp(folder)) broken("no room for a database");
        config::Config config;
        config.database.path = std::string(folder) + "/db";
        config.database.map_size = std::size_t{4} << 20;
        auto db = ledger::Database::open_to_write(config);
        auto apply = [&](const char* id, std::initializer_list<const char*> names, std::initializer_list<const char*> addresses) {
            order::Order o;
            o.id = id, o.authority = "Ministry of Examples", o.reason = {{"en", "a hoax"}}, o.regions = {"ID-JK"};
            o.issued = o.effective = now - 1000, o.expires = now + 1000;
            for (const auto* n : names) o.domains.push_back({OwnerName::parse(n), policy::Match::subtree});
            for (const auto* a : addresses) o.addresses.push_back(Prefix::parse(a));
            ledger::Writer w(db);
            w.apply(o, {"{}", {}}, "key", now);
            w.commit({"fuzz", "fuzz", "", now});
        };
        apply("B-1", {"hoax.example", "a.b.hoax.example"}, {"203.0.113.0/28", "203.0.113.4/32", "2001:db8::/32"});
        {
            list::NameSet names;
            for (int i = 0; i < 60; ++i) names.add(LookupKey(OwnerName::parse("n" + std::to_string(i) + ".l.example")).view());
            names.sort_unique();
            ledger::ListInfo info;
            info.source = "l", info.expires = now + 1000;
            ledger::Writer w(db);
            w.replace_list(info, names, now);
            w.commit({"fuzz", "fuzz", "", now});
        }
        std::string images = std::string(folder) + "/image";
        image::publish(*db, images);
        apply("B-2", {"hoax.example", "d.example"}, {"203.0.113.0/24"});
        image::publish(*db, images);
        auto whole = image::Image::load(images);
        base = whole->base();
        for (auto [bytes, kind, ref] : {std::tuple(&base_bytes, image::Kind::base, whole->base()->ref()),
                                        std::tuple(&delta_bytes, image::Kind::delta, whole->delta()->ref())})
            *bytes = read_file(images + "/" + image::file_name(kind, ref));
        std::filesystem::remove_all(folder);
    }
    std::shared_ptr<const image::File> base;
    Bytes base_bytes, delta_bytes;
};

template <typename F>
bool readable(F&& work) {
    return accepted(ErrorKind::database, work);
}

void ask(const image::Image& image) {
    policy::Region jakarta{{"ID-JK"}, false};
    readable([&] { image.each_name([](ByteView key, const image::Claims&) { name_of_key(key); }); });
    for (const auto* region : {static_cast<const policy::Region*>(nullptr), static_cast<const policy::Region*>(&jakarta)})
        for (const char* text : asked) {
            OwnerName name = OwnerName::parse(text);
            auto verdict = decide(image, name, {now, region, policy::Action::nxdomain});
            demand((verdict.outcome == policy::Outcome::none) == !verdict.by, "an outcome without an order");
            LookupKey key(name);
            for (std::size_t labels = 0; labels <= key.labels(); ++labels) {
                auto found = image.closest_listed(key, labels);
                if (!found) continue;
                demand(found->labels > 0 && found->labels <= labels, "a listed name below the one asked for");
                for (std::size_t i = 0; i < found->entries.size(); ++i)
                    demand(found->entries[i].match <= policy::last_match, "an unknown match");
            }
        }
    for (const char* text : {"203.0.113.5", "203.0.113.4", "198.51.100.1", "2001:db8::1", "::"}) {
        Prefix address = Prefix::parse(text);
        decide(image, address, {now, &jakarta, policy::Action::nxdomain});
        if (auto found = image.closest_listed(address, address.length)) demand(found->prefix.contains(address), "a prefix that does not contain the address");
    }
    readable([&] { image.each_changed_since(0, [](ByteView) {}, [](const Prefix&) {}); });
    readable([&] { image.each_address([](const Prefix&, const image::Claims&) {}); });
}

}  // namespace

void one(ByteView input) {
    static Good good;
    Input in(input);
    auto how = in.byte();
    auto kind = how & 1 ? image::Kind::delta : image::Kind::base;
    Bytes bytes;
    if (how & 2) {
        bytes = kind == image::Kind::base ? good.base_bytes : good.delta_bytes;
        while (!in.empty()) {
            std::size_t high = in.byte(), at = (high << 8 | in.byte()) % bytes.size();
            bytes[at] = static_cast<char>(in.byte());
        }
    } else {
        bytes = in.rest();
    }
    readable([&] {
        auto file = image::File::of_bytes(bytes, kind);
        ask(kind == image::Kind::base ? image::Image(file, nullptr) : image::Image(good.base, file));
    });
}

}  // namespace saring::fuzz
