// Look-ups in an image do not allocate: a resolver never waits for memory or runs out of it there.
#include <cstdlib>
#include <new>

#include "image_support.h"

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
// The standard library allocates temporary buffers with this one, and frees them with the first one below.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace saring::test::image_no_allocation_test {

TEST_CASE("Look-ups and verdicts of an image allocate nothing") {
    Store store;
    Published published(store);
    commit_some_of_everything(store, published);
    image::Reader reader(published.load());
    policy::Region jakarta{{"ID-JK"}, false};
    std::vector<OwnerName> names;
    for (const char* text : {"hoax.example", "www.hoax.example", "z.a.b.hoax.example", "d.example", "other.test"})
        names.push_back(name(text));
    std::vector<Prefix> addresses{Prefix::parse("203.0.113.4"), Prefix::parse("2001:db8::1"),
                                  Prefix::parse("192.0.2.1")};
    std::size_t blocked = 0, before = allocations;
    for (const auto* region :
         {static_cast<const policy::Region*>(nullptr), static_cast<const policy::Region*>(&jakarta)}) {
        policy::Circumstances c{noon, region, policy::Action::nxdomain};
        for (const auto& asked : names) {
            LookupKey key(asked);
            blocked += reader.lists(key);
            blocked += decide(reader, asked, c).outcome == policy::Outcome::block;
        }
        for (const auto& asked : addresses) blocked += decide(reader, asked, c).outcome == policy::Outcome::block;
    }
    CHECK(allocations == before);
    CHECK(blocked > 10);
    std::string counted(100, 'x');
    CHECK(allocations > before);
}

}  // namespace saring::test::image_no_allocation_test
