// Helpers for every unit test: short spellings, errors as values, a temporary directory, and random input that is the
// same in every run.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>
#include "catch.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "name/lookup_key.h"
#include "name/owner_name.h"

namespace saring::test {

OwnerName name(std::string_view text);
Bytes key_of(std::string_view text);
// The bytes of a literal with zeros: octets("a\0b").
template <std::size_t N>
Bytes octets(const char (&literal)[N]) {
    return Bytes(literal, N - 1);
}

// "2024-02-14T00:00:00Z"
UnixTime at(const std::string& rfc3339);

// The Error that `action` throws; nothing when it returns. Any other exception passes through and fails the test.
template <typename F>
std::optional<Error> error_of(F&& action) {
    try {
        action();
    } catch (const Error& e) { return e; }
    return std::nullopt;
}

// Expects an Error of this kind whose message contains every fragment.
template <typename F>
void require_error(ErrorKind kind, F&& action, const std::vector<std::string>& fragments = {}) {
    auto e = error_of(action);
    REQUIRE(e.has_value());
    INFO(e->what());
    CHECK(static_cast<int>(e->kind()) == static_cast<int>(kind));
    for (const auto& fragment : fragments) CHECK_THAT(std::string(e->what()), Catch::Contains(fragment));
}

// A new directory for this test, so that tests may run in parallel.
class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(const std::string& file) const { return path_ + "/" + file; }

private:
    std::string path_;
};

// Fixed seeds: a failure of a random test is reproducible.
class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    std::size_t below(std::size_t limit) { return engine_() % limit; }
    std::size_t between(std::size_t least, std::size_t most) { return least + below(most - least + 1); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    std::uint8_t octet() { return static_cast<std::uint8_t>(engine_() & 0xff); }
    template <typename T>
    const T& pick(const std::vector<T>& of) {
        return of[below(of.size())];
    }
    template <typename T>
    void shuffle(std::vector<T>& what) {
        std::shuffle(what.begin(), what.end(), engine_);
    }

private:
    std::mt19937 engine_;
};

// The wire format of a random name, including upper case. `any_octet`: labels have all 256 values.
Bytes random_wire(Random& random, bool any_octet);
OwnerName from_wire(ByteView wire);

}  // namespace saring::test
