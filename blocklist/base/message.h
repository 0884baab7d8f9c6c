// A sentence for people: English text and, apart from it, the values in it, so that a program can print it in another
// language. msg("order %1", id): %1 to %99 are the arguments, which a translation may reorder. This library only makes
// messages; the program that prints one chooses the language (Lookup). Text that is stored, logged or read by programs
// is english(). Not thread-safe while it is written to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace saring {

class Message {
public:
    // The catalogue's translation of `one`, or, when `many` is not null, of its plural form for `n`. Never null:
    // returns `one` or `many` itself when the catalogue has no translation.
    using Lookup = const char* (*)(const char* one, const char* many, std::uint64_t n);

    Message() = default;
    // Text that is the same in every language: a name, a path, another program's output.
    Message(std::string text) : text_(std::move(text)) {}
    Message(std::string_view text) : text_(text) {}
    Message(const char* text) : text_(text) {}
    template <typename Int, std::enable_if_t<std::is_integral_v<Int>, int> = 0>
    Message(Int n) : text_(std::to_string(n)) {}
    // `one` and `many` must be literals: the pointers are stored. `many` is null where nothing is counted.
    Message(const char* one, const char* many, std::uint64_t n, std::vector<Message> arguments)
        : one_(one), many_(many), n_(n), arguments_(std::move(arguments)) {}

    std::string english() const { return in(nullptr); }
    std::string in(Lookup lookup) const;
    bool empty() const { return !one_ && text_.empty(); }

private:
    const char *one_ = nullptr, *many_ = nullptr;
    std::uint64_t n_ = 0;
    std::string text_;
    std::vector<Message> arguments_;
};

// xgettext extracts the literals given to these (blocklist-tool/po).
template <typename... Arguments>
Message msg(const char* text, Arguments&&... arguments) {
    return {text, nullptr, 0, std::vector<Message>{Message(std::forward<Arguments>(arguments))...}};
}
// %1 is the number.
template <typename... Arguments>
Message msgn(const char* one, const char* many, std::uint64_t n, Arguments&&... arguments) {
    return {one, many, n, std::vector<Message>{Message(n), Message(std::forward<Arguments>(arguments))...}};
}

// A literal that becomes a message only when it is printed; for places where making one costs too much.
constexpr const char* marked(const char* text) { return text; }

// The two in sequence, each translated.
Message operator+(Message a, Message b);

}  // namespace saring
