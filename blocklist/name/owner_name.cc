#include "name/owner_name.h"

#include <algorithm>
#include <cstring>

namespace saring {
namespace {

std::uint8_t fold(std::uint8_t c) { return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c + 32) : c; }

// Lower-cases eight octets at a time: sets bit 5 of those from 'A' to 'Z'.
void fold(const std::uint8_t* from, std::size_t size, std::uint8_t* to) {
    constexpr std::uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        std::uint64_t x;
        std::memcpy(&x, from + at, 8);
        std::uint64_t seven = x & ~high;
        std::uint64_t from_a = seven + (0x80 - 'A') * ones, beyond_z = seven + (0x80 - 'Z' - 1) * ones;
        x |= ((from_a ^ beyond_z) & ~x & high) >> 2;
        std::memcpy(to + at, &x, 8);
    }
    for (; at < size; ++at) to[at] = fold(from[at]);
}

bool digit(char c) { return c >= '0' && c <= '9'; }

// A name as shown in an error: shortened, and without characters that control a terminal.
std::string shown(std::string_view text) {
    std::string out;
    for (char c : text.substr(0, 80)) out.push_back(c >= 0x20 && c < 0x7f ? c : '?');
    if (text.size() > 80) out += "...";
    return out;
}

}  // namespace

OwnerName OwnerName::parse(std::string_view text) {
    auto fail = [&](const Message& why) -> Error {
        return {ErrorKind::usage, msg("owner name"), "\"" + shown(text) + "\" " + why,
                msg("write a name such as hoax.example")};
    };
    if (text.empty()) throw fail(msg("is empty"));
    OwnerName name;
    if (text == ".") return name;

    std::size_t length_at = 0, next = 1, label = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        std::uint8_t octet = static_cast<std::uint8_t>(c);
        if (c == '.') {
            if (label == 0) throw fail(msg("has an empty label"));
            name.wire_[length_at] = static_cast<std::uint8_t>(label);
            length_at = next++;
            label = 0;
            if (next > max_wire) throw fail(msg("is longer than 255 octets"));
            continue;
        }
        if (octet <= 0x20 || octet >= 0x7f)
            throw fail(msg("has a blank, control or non-ASCII octet that is not written as \\DDD"));
        if (c == '\\') {
            if (i + 3 < text.size() && digit(text[i + 1])) {
                if (!digit(text[i + 2]) || !digit(text[i + 3]))
                    throw fail(msg("has a \\DDD escape without three digits"));
                int value = (text[i + 1] - '0') * 100 + (text[i + 2] - '0') * 10 + (text[i + 3] - '0');
                if (value > 255) throw fail(msg("has an escape above \\255"));
                octet = static_cast<std::uint8_t>(value);
                i += 3;
            } else if (i + 1 < text.size() && !digit(text[i + 1])) {
                octet = static_cast<std::uint8_t>(text[++i]);
            } else {
                throw fail(msg("ends in an unfinished escape"));
            }
        }
        if (++label > max_label) throw fail(msg("has a label longer than 63 octets"));
        // Leave space for the root's zero octet.
        if (next >= max_wire - 1) throw fail(msg("is longer than 255 octets"));
        name.wire_[next++] = fold(octet);
    }
    if (label > 0) {
        name.wire_[length_at] = static_cast<std::uint8_t>(label);
        name.wire_[next++] = 0;
    }
    name.size_ = static_cast<std::uint8_t>(next);
    return name;
}

bool OwnerName::from_wire(const std::uint8_t* wire, std::size_t size, OwnerName& out) noexcept {
    if (size == 0 || size > max_wire) return false;
    std::size_t at = 0;
    while (wire[at] != 0) {
        std::size_t length = wire[at];
        if (length > max_label || at + length + 1 >= size) return false;
        at += length + 1;
    }
    if (at + 1 != size) return false;
    fold(wire, size, out.wire_.data());  // length octets are below 'A'
    out.size_ = static_cast<std::uint8_t>(size);
    return true;
}

std::size_t OwnerName::label_count() const {
    std::size_t n = 0;
    for (std::size_t at = 0; wire_[at] != 0; at += wire_[at] + 1u) ++n;
    return n;
}

std::string OwnerName::to_string() const {
    if (is_root()) return ".";
    std::string out;
    for (std::size_t at = 0; wire_[at] != 0; at += wire_[at] + 1u) {
        if (at > 0) out.push_back('.');
        for (std::size_t i = 1; i <= wire_[at]; ++i) {
            std::uint8_t c = wire_[at + i];
            if (c == '.' || c == '\\' || c == '"' || c == ';' || c == '(' || c == ')' || c == '@' || c == '$') {
                out.push_back('\\');
                out.push_back(static_cast<char>(c));
            } else if (c > 0x20 && c < 0x7f) {
                out.push_back(static_cast<char>(c));
            } else {
                out.push_back('\\');
                out.push_back(static_cast<char>('0' + c / 100));
                out.push_back(static_cast<char>('0' + c / 10 % 10));
                out.push_back(static_cast<char>('0' + c % 10));
            }
        }
    }
    return out;
}

OwnerName OwnerName::parent() const { return is_root() ? *this : suffix(label_count() - 1); }

OwnerName OwnerName::suffix(std::size_t labels) const {
    std::size_t at = 0;
    for (std::size_t skip = label_count() - std::min(labels, label_count()); skip > 0; --skip) at += wire_[at] + 1u;
    OwnerName out;
    std::copy(wire_.begin() + static_cast<std::ptrdiff_t>(at), wire_.begin() + size_, out.wire_.begin());
    out.size_ = static_cast<std::uint8_t>(size_ - at);
    return out;
}

bool OwnerName::is_at_or_below(const OwnerName& apex) const {
    std::size_t own_labels = label_count(), apex_labels = apex.label_count();
    return own_labels >= apex_labels && suffix(apex_labels) == apex;
}

}  // namespace saring
