#include "image/current.h"

#include <algorithm>
#include <charconv>

#include "base/hex.h"
#include "image/folder.h"
#include "image/refusal.h"

namespace saring::image {
namespace {

Refusal bad_current(const Message& why) { return {Reason::malformed, current_name, why}; }

template <std::size_t N>
void parse_hex(ByteView text, std::array<std::uint8_t, N>& out) {
    if (text.size() != 2 * N) throw bad_current(msg("has a hash of the wrong length"));
    for (std::size_t i = 0; i < N; ++i) {
        auto [end, error] = std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, out[i], 16);
        if (error != std::errc() || end != text.data() + 2 * i + 2)
            throw bad_current(msg("has a hash that is not hexadecimal"));
    }
}

std::uint64_t parse_number(ByteView text) {
    std::uint64_t v = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (error != std::errc() || end != text.data() + text.size()) throw bad_current(msg("has an invalid number"));
    return v;
}

// The value after `word` in the next line.
ByteView line(ByteView& remaining, ByteView word) {
    auto end = remaining.find('\n');
    if (end == ByteView::npos || end <= word.size() || remaining.substr(0, word.size()) != word ||
        remaining[word.size()] != ' ')
        throw bad_current(msg("has no line \"%1\" where one is expected", word));
    ByteView value = remaining.substr(word.size() + 1, end - word.size() - 1);
    remaining.remove_prefix(end + 1);
    return value;
}

FileRef parse_ref(ByteView value) {
    auto space = value.find(' ');
    if (space == ByteView::npos) throw bad_current(msg("names a file without its size"));
    FileRef ref;
    parse_hex(value.substr(0, space), ref.hash);
    ref.size = parse_number(value.substr(space + 1));
    return ref;
}

std::string text_of(const FileRef& ref) { return hex(ref.hash) + " " + std::to_string(ref.size) + "\n"; }

}  // namespace

std::string file_name(Kind kind, const FileRef& ref) {
    return (kind == Kind::base ? "base-" : "delta-") + hex(ref.hash);
}

Bytes encode(const Current& c) {
    return "saring image " + std::to_string(format_version) + "\nledger " + hex(c.state.ledger) + "\nserial " +
           std::to_string(c.state.serial) + "\njournal " + hex(c.state.journal) + "\nbase " + text_of(c.base) +
           (c.delta ? "delta " + text_of(*c.delta) : "");
}

Current parse_current(ByteView text) {
    ByteView remaining = text;
    if (auto number = parse_number(line(remaining, "saring image")); number != format_version)
        throw Refusal(Reason::version, current_name,
                      msg("has format %1, this program reads %2", number, format_version));
    Current c;
    parse_hex(line(remaining, "ledger"), c.state.ledger);
    c.state.serial = parse_number(line(remaining, "serial"));
    parse_hex(line(remaining, "journal"), c.state.journal);
    c.base = parse_ref(line(remaining, "base"));
    if (!remaining.empty()) c.delta = parse_ref(line(remaining, "delta"));
    if (encode(c) != text) throw bad_current(msg("is not in the form that this program writes"));
    return c;
}

Current read_current(int folder) {
    OpenFile file = open_file(folder, current_name);
    if (file.size > max_current_bytes) throw bad_current(msg("has %1 bytes", file.size));
    Bytes text(file.size, '\0');
    file.read(text.data(), text.size());
    return parse_current(text);
}

}  // namespace saring::image
