// A value of an enumeration by its word, as to_string() writes it.
#pragma once

#include <optional>
#include <string>

namespace saring::tool {

// Values are numbered from 0 to `last`. Nothing: it is none of their words.
template <typename T>
std::optional<T> find_word(const std::string& text, T last) {
    for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i)
        if (text == to_string(static_cast<T>(i))) return static_cast<T>(i);
    return std::nullopt;
}

}  // namespace saring::tool
