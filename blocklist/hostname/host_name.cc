#include "hostname/host_name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "hostname/idn.h"
#include "hostname/pasted_host.h"

namespace saring::hostname {
namespace {

constexpr std::string_view escaped_octets = ".\\\";()@$";  // the octets that OwnerName::to_string() escapes
constexpr std::size_t max_examined = 1100;                 // bytes; a little more than the longest name as text

// Maps each octet that a label may have to lower case, every other one to 0.
constexpr auto label_octets = [] {
    std::array<std::uint8_t, 256> out{};
    for (unsigned c = 'a'; c <= 'z'; ++c) out[c] = out[c - 32] = static_cast<std::uint8_t>(c);
    for (unsigned c = '0'; c <= '9'; ++c) out[c] = static_cast<std::uint8_t>(c);
    out['-'] = '-';
    out['_'] = '_';
    return out;
}();

std::uint8_t label_octet(char c) { return label_octets[static_cast<unsigned char>(c)]; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool ascii(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// A number in a browser's notation: decimal, or hexadecimal after 0x. `label` is lower case.
bool is_number(std::string_view label) {
    if (label.substr(0, 2) == "0x") return label.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
    return std::all_of(label.begin(), label.end(), digit);
}

std::string_view last_label(const OwnerName& name) {
    auto wire = name.wire();
    std::size_t at = 0;
    while (wire[at] != 0 && wire[at + 1u + static_cast<unsigned char>(wire[at])] != 0)
        at += 1u + static_cast<unsigned char>(wire[at]);
    return wire.substr(at + 1, static_cast<unsigned char>(wire[at]));
}

bool is_address(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN || text.empty()) return false;
    std::string copy(text.substr(0, text.size() - (text.back() == '.')));
    unsigned char octets[16];
    if (copy.find('\0') != std::string::npos) return false;
    return inet_pton(AF_INET, copy.c_str(), octets) == 1 || inet_pton(AF_INET6, copy.c_str(), octets) == 1;
}

bool is_prefix(std::string_view text) {
    auto slash = text.find('/');
    if (slash == std::string_view::npos || slash + 1 == text.size()) return false;
    auto length = text.substr(slash + 1);
    return length.size() <= 3 && std::all_of(length.begin(), length.end(), digit) && is_address(text.substr(0, slash));
}

enum class Labels { plain, numeric, single, other };

// Parses labels of host characters; sets `out` to the name if there is nothing else.
Labels parse_labels(std::string_view text, OwnerName& out) noexcept {
    if (!text.empty() && text.back() == '.') text.remove_suffix(1);
    if (text.empty() || text.size() > OwnerName::max_wire - 2) return Labels::other;
    std::array<std::uint8_t, OwnerName::max_wire> wire;
    std::size_t length_at = 0, next = 1, count = 1;
    auto end_label = [&] {
        auto size = next - length_at - 1;
        wire[length_at] = static_cast<std::uint8_t>(size);
        return size > 0 && size <= OwnerName::max_label;
    };
    for (char c : text) {
        if (auto octet = label_octet(c)) {
            wire[next++] = octet;
        } else {
            if (c != '.' || !end_label()) return Labels::other;
            length_at = next++;
            ++count;
        }
    }
    if (!end_label()) return Labels::other;
    std::string_view last(reinterpret_cast<const char*>(wire.data()) + length_at + 1, wire[length_at]);
    wire[next++] = 0;
    OwnerName::from_wire(wire.data(), next, out);
    if (digit(last[0]) && is_number(last)) return Labels::numeric;
    return count == 1 ? Labels::single : Labels::plain;
}

std::string shown_octet(char c) { return std::string("\"") + c + "\""; }

// Decodes whole percent escapes, as a browser displays them.
std::string percent_decoded(std::string_view text) {
    std::string out;
    auto hex = [](char c) {
        return digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool escape = text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        out.push_back(escape ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i]);
        if (escape) i += 2;
    }
    return out;
}

// The first part of the text that is a host name.
std::string likely_part(std::string_view text, bool international) {
    auto part_of_name = [&](char c) {
        return label_octet(c) || c == '.' || (international && static_cast<unsigned char>(c) >= 0x80);
    };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && part_of_name(text[end])) ++end;
        auto part = text.substr(at, end - at);
        while (!part.empty() && part.front() == '.') part.remove_prefix(1);
        OwnerName name;
        if (parse_plain_host(part, name)) return name.to_string();
        if (std::string mapped;
            !part.empty() && !ascii(part) && to_ascii_name(part, mapped) && parse_plain_host(mapped, name))
            return name.to_string();
        at = end + 1;
    }
    return {};
}

std::string likely_host(std::string_view text) {
    std::string decoded = percent_decoded(text.substr(0, max_examined));
    text = decoded;
    auto pasted = split_pasted_host(text);
    if (pasted.is_more_than_a_host()) text = pasted.host;
    auto host = likely_part(text, true);
    return host.empty() && !ascii(text) ? likely_part(text, false) : host;
}

// Why ASCII text without a scheme, a path or a wildcard is not a plain host name.
HostRefusal refuse_ascii(std::string_view text) {
    std::size_t label = 0;
    for (char c : text) {
        if (c == '.') {
            if (label == 0) return {HostFault::empty_label};
            label = 0;
        } else if (!label_octet(c)) {
            if (c == ' ' || c == '\t') return {HostFault::blank};
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {HostFault::control};
            if (c == '\\') return {HostFault::backslash};
            return {HostFault::character, shown_octet(c)};
        } else if (++label > OwnerName::max_label) {
            return {HostFault::long_label};
        }
    }
    return {HostFault::long_name};
}

// Recognises a whole text that is not a host, or more than a host.
std::optional<HostRefusal> refuse_whole(std::string_view text) {
    if (text.empty()) return HostRefusal{HostFault::empty};
    if (text == ".") return HostRefusal{HostFault::root};
    if (is_address(text))
        return HostRefusal{HostFault::address, std::string(text.substr(0, text.size() - (text.back() == '.')))};
    if (is_prefix(text)) return HostRefusal{HostFault::prefix, std::string(text)};
    auto pasted = split_pasted_host(text);
    if (pasted.user) return HostRefusal{pasted.scheme || pasted.path ? HostFault::user : HostFault::mail};
    if (pasted.page) return HostRefusal{HostFault::page};
    if (pasted.scheme || pasted.path) return HostRefusal{HostFault::url};
    if (!pasted.port.empty() && is_address(pasted.host))
        return HostRefusal{HostFault::address, std::string(pasted.host)};
    if (!pasted.port.empty()) return HostRefusal{HostFault::port};
    if (text.substr(0, 2) == "*." || text == "*") return HostRefusal{HostFault::wildcard};
    if (text.find('*') != std::string_view::npos) return HostRefusal{HostFault::inner_wildcard};
    return std::nullopt;
}

HostRefusal refuse_number(const OwnerName& name) {
    auto text = name.to_string();
    return is_address(text) ? HostRefusal{HostFault::address, text} : HostRefusal{HostFault::number};
}

std::optional<HostRefusal> of_labels(Labels labels, const OwnerName& name) {
    if (labels == Labels::plain) return std::nullopt;
    if (labels == Labels::single) return HostRefusal{HostFault::top_level};
    return refuse_number(name);
}

std::optional<HostRefusal> examine(std::string_view text, OwnerName& out) {
    if (auto labels = parse_labels(text, out); labels != Labels::other) return of_labels(labels, out);
    if (auto refusal = refuse_whole(text)) return refusal;
    if (ascii(text)) return refuse_ascii(text);
    std::string mapped;
    if (!to_ascii_name(text, mapped)) return HostRefusal{HostFault::international, mapped};
    if (auto labels = parse_labels(mapped, out); labels != Labels::other) return of_labels(labels, out);
    return HostRefusal{HostFault::disguised, "\"" + mapped + "\""};
}

// For an octet that no host name has: what the labels look like as text.
HostRefusal refuse_odd_labels(ByteView wire) {
    std::string text;
    for (std::size_t at = 0; wire[at] != 0; at += 1u + static_cast<unsigned char>(wire[at]))
        text += (text.empty() ? "" : ".") + std::string(wire.substr(at + 1, static_cast<unsigned char>(wire[at])));
    if (text.find('*') != std::string::npos) return {HostFault::inner_wildcard};
    HostRefusal out{HostFault::character, "non-ASCII"};
    if (auto whole = refuse_whole(text)) out = *whole;
    else if (std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || label_octet(c); }))
        out.value = shown_octet('.');  // the octet '.' within a label
    else if (ascii(text)) out = refuse_ascii(text);
    out.intended = likely_host(text);
    return out;
}

}  // namespace

bool parse_plain_host(std::string_view text, OwnerName& out) noexcept {
    return parse_labels(text, out) == Labels::plain;
}

std::optional<HostRefusal> read_host_name(std::string_view text, OwnerName& out) {
    auto refusal = examine(text, out);
    if (!refusal) return refusal;
    if (refusal->fault == HostFault::root) out = OwnerName();
    if (refusal->fault != HostFault::backslash && refusal->fault != HostFault::address)
        refusal->intended = likely_host(text);
    return refusal;
}

std::optional<HostRefusal> refuse_host(const OwnerName& name) {
    if (name.is_root()) return HostRefusal{HostFault::root};
    auto wire = name.wire();
    std::size_t count = 0;
    bool plain = true;
    for (std::size_t at = 0; wire[at] != 0; at += 1u + static_cast<unsigned char>(wire[at]), ++count) {
        auto label = wire.substr(at + 1, static_cast<unsigned char>(wire[at]));
        plain = plain && std::all_of(label.begin(), label.end(), label_octet);
    }
    if (!plain) return refuse_odd_labels(wire);
    if (is_number(last_label(name))) return refuse_number(name);
    if (count == 1) return HostRefusal{HostFault::top_level};
    return std::nullopt;
}

Message HostRefusal::reason() const {
    switch (fault) {
        case HostFault::empty: return msg("is empty");
        case HostFault::root: return msg("is the root, which contains every name");
        case HostFault::top_level: return msg("is a top-level domain, under which many people have their sites");
        case HostFault::page: return msg("is a page, and DNS cannot block a page, only the whole host");
        case HostFault::url: return msg("is a URL, not a domain name");
        case HostFault::port: return msg("names a port, and DNS cannot block a port, only the whole host");
        case HostFault::user: return msg("has a user name, which DNS does not see");
        case HostFault::mail: return msg("is a mail address");
        case HostFault::wildcard: return msg("is a wildcard");
        case HostFault::inner_wildcard: return msg("has a wildcard inside a label, which DNS cannot match");
        case HostFault::address: return msg("is an address");
        case HostFault::prefix: return msg("is an address prefix");
        case HostFault::number: return msg("ends in a number, as only an address may");
        case HostFault::blank: return msg("has a blank");
        case HostFault::control: return msg("has a control character");
        case HostFault::backslash: return msg("has a backslash");
        case HostFault::character: return msg("has the character %1, which no host name has", value);
        case HostFault::empty_label: return msg("has an empty label");
        case HostFault::long_label: return msg("has a label longer than 63 octets");
        case HostFault::long_name: return msg("is longer than 255 octets");
        case HostFault::international: return msg("is not a valid international name: %1", value);
        case HostFault::disguised: return msg("represents %1, which is not a host name", value);
    }
    return {};
}

Message HostRefusal::remedy() const {
    if (fault == HostFault::wildcard) return msg("a subtree target covers the name and all below it: drop the \"*.\"");
    if (fault == HostFault::inner_wildcard) return msg("list the names that are meant");
    bool whole_host =
        fault == HostFault::page || fault == HostFault::url || fault == HostFault::port || fault == HostFault::user;
    if (!intended.empty())
        return whole_host ? msg("if all of %1 is meant, write %2", intended, intended)
                          : msg("did you mean %1?", intended);
    switch (fault) {
        case HostFault::root:
        case HostFault::top_level: return msg("name the site");
        case HostFault::address:
        case HostFault::prefix: return msg("addresses are listed as addresses, not as names");
        case HostFault::number: return msg("write an address as 192.0.2.7, four numbers to 255 without leading zeros");
        case HostFault::backslash: return msg("write the name without it; an octet that no host has is written \\DDD");
        case HostFault::international: return msg("write it as the registry has it, or in its xn-- form");
        default: return msg("write a name such as hoax.example");
    }
}

OwnerName parse_name_input(std::string_view text) {
    auto fail = [&](const Message& why, const Message& remedy) {
        std::string shown;
        for (char c : text.substr(0, 120)) shown.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
        return Error(ErrorKind::usage, msg("name"), "\"" + shown + "\" " + why, remedy);
    };
    OwnerName out;
    auto refusal = read_host_name(text, out);
    if (!refusal || refusal->fault == HostFault::root || refusal->fault == HostFault::top_level) return out;
    if (refusal->fault != HostFault::backslash) throw fail(refusal->reason(), refusal->remedy());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && escaped_octets.find(text[i + 1]) != std::string_view::npos) ++i;
        else if (text[i] == '\\' && i + 3 < text.size() && digit(text[i + 1])) i += 3;  // OwnerName::parse() validates
        else if (!label_octet(text[i]) && text[i] != '.') throw fail(refusal->reason(), refusal->remedy());
    }
    try {
        return OwnerName::parse(text);
    } catch (const Error& e) { throw Error(ErrorKind::usage, msg("name"), e.why(), e.remedy()); }
}

bool can_be_written(const OwnerName& name) {
    auto wire = name.wire();
    for (std::size_t at = 0; wire[at] != 0; at += 1u + static_cast<unsigned char>(wire[at]))
        for (char c : wire.substr(at + 1, static_cast<unsigned char>(wire[at])))
            if (!label_octet(c) && c > 0x20 && c < 0x7f && escaped_octets.find(c) == std::string_view::npos)
                return false;
    return true;
}

}  // namespace saring::hostname
