// A sentence for people, in English, kept apart from the values in it, so that a
// program may say it in another language. msg("order %1", id): %1 to %99 stand for the
// arguments in any order, which a translator may change. This library only makes messages; whoever
// shows one says in which language (Lookup). What is stored, logged or read by programs is
// english(), everywhere alike. Not shared between threads while it is written to.
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
    // The catalogue's words for `one`; with `many` not null, its form for `n`. Never null, and
    // `one` or `many` itself where the catalogue has none.
    using Lookup = const char* (*)(const char* one, const char* many, std::uint64_t n);

    Message() = default;
    // Text that is the same in every language: a name, a path, what another program said.
    Message(std::string text) : text_(std::move(text)) {}
    Message(std::string_view text) : text_(text) {}
    Message(const char* text) : text_(text) {}
    template <typename Int, std::enable_if_t<std::is_integral_v<Int>, int> = 0>
    Message(Int n) : text_(std::to_string(n)) {}
    // `one` and `many` are literals: they are kept, not copied. `many` is null where nothing is counted.
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

// xgettext collects the literals given to these (blocklist-tool/po).
template <typename... Arguments>
Message msg(const char* text, Arguments&&... arguments) {
    return {text, nullptr, 0, std::vector<Message>{Message(std::forward<Arguments>(arguments))...}};
}
// %1 is the number.
template <typename... Arguments>
Message msgn(const char* one, const char* many, std::uint64_t n, Arguments&&... arguments) {
    return {one, many, n, std::vector<Message>{Message(n), Message(std::forward<Arguments>(arguments))...}};
}

// A literal that becomes a message only should it be shown, where making one costs too much.
constexpr const char* marked(const char* text) { return text; }

// One after the other, each in the language asked for.
Message operator+(Message a, Message b);

}  // namespace saring
