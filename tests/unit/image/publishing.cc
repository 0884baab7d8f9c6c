// Publishing: when a delta or a base is written, and which files are in the folder afterwards.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "image_support.h"

namespace saring::test::image_publishing_test {
namespace {

using image::Image;
using How = image::Publication::How;

std::size_t files_of(const Published& published, const std::string& prefix) {
    auto files = published.files();
    return static_cast<std::size_t>(
        std::count_if(files.begin(), files.end(), [&](const auto& f) { return f.rfind(prefix, 0) == 0; }));
}

void require_same(const Published& published) {
    auto image = published.load();
    published.store.view([&](const ledger::Snapshot& s) {
        REQUIRE(image->serial() == s.serial());
        REQUIRE(entirety(*image) == entirety(s));
    });
}

list::NameSet many_names(std::size_t count, const std::string& suffix = ".example") {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back("n" + std::to_string(i) + suffix);
    return names_of(names);
}

}  // namespace

TEST_CASE("An empty ledger is published as a base, and the first commit as a delta") {
    Store store;
    Published published(store);
    CHECK(published.publish().how == How::base);
    auto empty = published.load();
    CHECK(empty->serial() == 0);
    CHECK(decide(image::Reader(empty), name("hoax.example"), {noon, nullptr, policy::Action::nxdomain}).outcome ==
          policy::Outcome::none);
    store.apply(make_order("B-1", {"hoax.example"}));
    auto done = published.publish();
    CHECK(done.how == How::delta);
    CHECK(done.changed == 1);
    auto image = image::Image::load(published.folder(), empty->expected(), empty.get());
    CHECK(image->base() == empty->base());  // reused, not read again
    CHECK(decide(image::Reader(image), name("www.hoax.example"), {noon, nullptr, policy::Action::nxdomain})
              .by->order->id == "B-1");
    CHECK(published.files().size() == 3);
}

TEST_CASE("Publishing an already published state writes nothing") {
    Store store;
    Published published(store);
    store.apply(make_order("B-1", {"hoax.example"}));
    published.publish();
    auto before = published.files();
    CHECK(published.publish().how == How::nothing);
    CHECK(published.files() == before);
}

TEST_CASE("A delta beyond its limit, or a whole list, is folded into a new base and old files are removed") {
    Store store;
    Published published(store);
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("l"), many_names(500), noon); });
    CHECK(published.publish().how == How::base);
    std::vector<std::string> targets;
    for (int i = 0; i < 8; ++i) targets.push_back("t" + std::to_string(i) + ".example");
    store.apply(make_order("B-1", targets));
    CHECK(published.publish({10}).how == How::delta);
    CHECK(files_of(published, "delta-") == 1);
    store.apply(make_order("B-2", {"u0.example", "u1.example", "u2.example"}));
    CHECK(published.publish({10}).how == How::base);
    CHECK(files_of(published, "base-") == 1);
    require_same(published);
    // The changes of the last commit are recorded nevertheless.
    std::size_t changed = 0;
    auto count = [&](ByteView) { ++changed; };
    CHECK(published.load()->each_changed_since(2, count, [](const Prefix&) {}));
    CHECK(changed == 3);
    CHECK_FALSE(published.load()->each_changed_since(1, count, [](const Prefix&) {}));
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("l2"), many_names(3, ".test"), noon); });
    CHECK(published.publish().how == How::base);
    require_same(published);
}

TEST_CASE("A delta keeps earlier commits' changes and hides keys that are no longer listed") {
    Store store;
    Published published(store);
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("l"), many_names(500), noon); });
    published.publish();
    store.apply(make_order("B-1", {"hoax.example"}));
    published.publish();
    list::NameSet fewer = many_names(499);
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("l"), fewer, noon); });
    CHECK(published.publish().how == How::delta);
    auto image = published.load();
    policy::Circumstances c{noon, nullptr, policy::Action::nxdomain};
    CHECK(decide(image::Reader(image), name("n499.example"), c).outcome == policy::Outcome::none);
    CHECK_FALSE(decide(image::Reader(image), name("n499.example"), c).listed);
    CHECK(decide(image::Reader(image), name("n498.example"), c).outcome == policy::Outcome::block);
    CHECK(decide(image::Reader(image), name("hoax.example"), c).outcome == policy::Outcome::block);
    require_same(published);
    // Listed again.
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("l"), many_names(500), noon); });
    published.publish();
    require_same(published);
}

TEST_CASE("An older database, or one with another history, is published as a new base") {
    Store store, other;
    Published published(store);
    for (auto* s : {&store, &other}) s->apply(make_order("B-1", {"a.example"}));
    store.apply(make_order("B-2", {"b.example"}));
    other.apply(make_order("B-3", {"c.example"}));
    published.publish();
    // The same serial, another history.
    CHECK(image::publish(*other.db, published.folder()).how == How::base);
    auto image = published.load();
    CHECK(decide(image::Reader(image), name("c.example"), {noon, nullptr, policy::Action::nxdomain}).outcome ==
          policy::Outcome::block);
    CHECK(decide(image::Reader(image), name("b.example"), {noon, nullptr, policy::Action::nxdomain}).outcome ==
          policy::Outcome::none);
    Store young;
    young.apply(make_order("B-1", {"a.example"}));
    CHECK(image::publish(*young.db, published.folder()).how == How::base);
    CHECK(published.load()->serial() == 1);
}

TEST_CASE("Publishing repairs damaged and missing files and removes leftovers") {
    Store store;
    Published published(store);
    commit_some_of_everything(store, published);
    auto path = [&](const std::string& prefix) {
        for (const auto& file : published.files())
            if (file.rfind(prefix, 0) == 0) return published.folder() + "/" + file;
        return std::string();
    };
    for (const char* prefix : {"current", "base-", "delta-"}) {
        if (path(prefix).empty()) continue;
        ::unlink(path(prefix).c_str());
        CHECK(published.publish().how == How::base);
        require_same(published);
        store.apply(make_order("M-" + std::string(prefix), {"m.example"}));
        CHECK(published.publish().how == How::delta);
    }
    Bytes delta = read_file(path("delta-"));
    delta[delta.size() / 2] ^= 1;
    put_bytes(path("delta-"), delta);
    CHECK(published.publish().how == How::base);
    require_same(published);
    Bytes base = read_file(path("base-"));
    base[3] ^= 1;
    put_bytes(path("base-"), base);
    CHECK(published.publish().how == How::base);
    require_same(published);
    for (const char* left : {"new-base-1", "new-current-77", "base-00", "delta-00"})
        put_bytes(published.folder() + "/" + left, "x");
    put_bytes(published.folder() + "/README", "an operator's");
    published.publish();
    CHECK(published.files().size() == 3);
    CHECK(read_file(published.folder() + "/README") == "an operator's");
}

TEST_CASE("An unmodified base is hashed once a process") {
    Store store;
    Published published(store);
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("l"), many_names(100000), noon); });
    published.publish();
    std::string base;
    for (const auto& file : published.files())
        if (file.rfind("base-", 0) == 0) base = published.folder() + "/" + file;
    auto read = [] {
        std::ifstream io("/proc/self/io");
        std::string word;
        std::uint64_t bytes = 0;
        io >> word >> bytes;
        return bytes;
    };
    auto read_by_publishing = [&] {
        auto before = read();
        CHECK(published.publish().how != How::base);
        return read() - before;
    };
    auto size = std::filesystem::file_size(base);
    // Wait until the file's times are old enough to show a later change.
    for (int tries = 0; tries < 1000 && read_by_publishing() >= size; ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    store.apply(make_order("B-1", {"hoax.example"}));
    CHECK(read_by_publishing() < size);
    std::filesystem::last_write_time(base, std::filesystem::last_write_time(base));
    CHECK(read_by_publishing() >= size);
}

TEST_CASE("Publishing waits for another publication, up to a time limit") {
    Store store;
    Published published(store);
    published.publish();
    int other = ::open((store.config.database.path + "/publish.lock").c_str(), O_RDONLY);
    REQUIRE(::flock(other, LOCK_EX) == 0);
    require_error(ErrorKind::database,
                  [&] {
                      published.publish({0, 1});
                  },
                  {"image: ", "after 1 seconds", "the image in force stays"});
    ::close(other);
    CHECK(published.publish().how == How::nothing);
}

TEST_CASE("An image has no signers, no operators and no held targets") {
    Store store;
    Published published(store);
    store.write([&](ledger::Writer& w) {
        order::Order order = make_order("B-1", {"hoax.example", "secret-held.example"});
        w.apply(
            order, document_of(order), "key-of-minister", noon,
            {policy::OrderKind::order,
             {{ledger::HeldKind::name, key_of("secret-held.example"), policy::Match::subtree, "never-block", "why"}}});
    });
    store.write([](ledger::Writer& w) { w.revoke("B-1", "operator-budi", noon); });
    published.publish();
    for (const auto& file : published.files()) {
        Bytes content = read_file(published.folder() + "/" + file);
        for (const char* secret : {"key-of-minister", "secret-held", "operator-budi", "never-block"})
            CHECK(content.find(secret) == Bytes::npos);
    }
}

TEST_CASE("A small new list beside a large one is published as a delta when its names are passed on") {
    Store store;
    Published published(store);
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("l"), many_names(500), noon); });
    published.publish();
    list::NameSet few = many_names(5, ".test");
    store.write([&](ledger::Writer& w) { w.replace_list(list_info("m"), few, noon); });
    std::vector<Bytes> told;
    for (std::size_t i = 0; i < few.size(); ++i) told.emplace_back(few[i]);
    CHECK(published.publish({0, 60000, &told}).how == How::delta);
    require_same(published);
}

TEST_CASE("Only an empty image may be replaced by one of another ledger") {
    Store empty, other;
    Published published(empty);
    published.publish();
    auto first = published.load();
    other.apply(make_order("B-1", {"a.example"}));
    image::publish(*other.db, published.folder());
    auto second = image::Image::load(published.folder(), first->expected(), first.get());
    CHECK(second->serial() == 1);
    empty.apply(make_order("B-1", {"a.example"}));
    empty.apply(make_order("B-2", {"b.example"}));
    image::publish(*empty.db, published.folder());
    CHECK(refused([&] { image::Image::load(published.folder(), second->expected()); }) == image::Reason::other_ledger);
}

}  // namespace saring::test::image_publishing_test
