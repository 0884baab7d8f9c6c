#include "output.h"

#include "base/time_text.h"

#include <algorithm>
#include <cstdio>

namespace saring::tool {
namespace {

// The character at `at` in UTF-8 text that must not reach a terminal raw: C0, DEL, C1, and what turns
// the direction of writing (UAX 9), by which one name can be made to look like another. Its
// octets, 0 when it is none, and its code point.
std::size_t unprintable(std::string_view text, std::size_t at, unsigned& code) {
    auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    code = octet(at);
    if (code < 0x20 || code == 0x7f) return 1;
    if (code == 0xc2 && octet(at + 1) < 0xa0) {
        code = octet(at + 1);
        return 2;
    }
    if (code != 0xe2 || (octet(at + 1) != 0x80 && octet(at + 1) != 0x81)) return 0;
    code = 0x2000 | (octet(at + 1) & 0x3f) << 6 | (octet(at + 2) & 0x3f);
    bool turns = code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    bool breaks = code == 0x2028 || code == 0x2029;  // a line, to some
    return turns || breaks ? 3 : 0;
}

}  // namespace

std::string shown(std::string_view text) {
    // Through the JSON library's replacement of what is no UTF-8: a stray octet of 0x80
    // to 0x9f is a control character to some terminals.
    std::string clean = Json::parse(Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
    std::string out;
    unsigned code = 0;
    for (std::size_t i = 0; i < clean.size();) {
        auto size = unprintable(clean, i, code);
        out.push_back(size ? '?' : clean[i]);
        i += size ? size : 1;
    }
    return out;
}

void print(const std::string& line, const char* end) { std::printf("%s%s", line.c_str(), end); }

void print_json(const Json& value) { print(value.dump(2, ' ', true, Json::error_handler_t::replace)); }

std::string json_line(const Json& value) { return value.dump(-1, ' ', true, Json::error_handler_t::replace); }

void complain(const std::string& line) { std::fprintf(stderr, "%s\n", shown(line).c_str()); }

void print_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> width;
    for (const auto& h : heads) width.push_back(h.size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
    auto line = [&](const std::vector<std::string>& cells) {
        std::string out;
        for (std::size_t i = 0; i < cells.size(); ++i)
            out += cells[i] + (i + 1 < cells.size() ? std::string(width[i] - cells[i].size() + 2, ' ') : "");
        print(out);
    };
    line(heads);
    for (const auto& row : rows) line(row);
}

std::string state_word(OrderState state) {
    switch (state) {
        case OrderState::active: return tr("active");
        case OrderState::upcoming: return tr("upcoming");
        case OrderState::expired: return tr("expired");
        case OrderState::revoked: return tr("revoked");
    }
    return "?";
}

std::string time_or(UnixTime t, const char* otherwise) { return t == never ? otherwise : shown_time(t); }

Json order_json(const OrderRecord& r, UnixTime now) {
    Json j;
    j["id"] = r.id;
    j["kind"] = to_string(r.kind);
    j["state"] = to_string(r.state(now));
    j["authority"] = r.authority;
    j["category"] = r.category;
    j["issued"] = format_rfc3339(r.issued);
    j["effective"] = format_rfc3339(r.effective);
    j["expires"] = format_rfc3339(r.expires);
    j["deadline"] = r.deadline == never ? Json(nullptr) : Json(format_rfc3339(r.deadline));
    j["deadline_met"] = r.deadline == never ? Json(nullptr) : Json(r.deadline_met());
    j["action"] = r.action ? Json(to_string(*r.action)) : Json(nullptr);
    j["regions"] = r.regions;
    j["names"] = r.names;
    j["addresses"] = r.addresses;
    j["signers"] = r.signers;
    j["applied"] = format_rfc3339(r.applied);
    j["serial"] = r.applied_serial;
    j["revoked"] = r.lifted == never ? Json(nullptr) : Json(format_rfc3339(r.lifted));
    j["revoked_by"] = r.lifted == never ? Json(nullptr) : Json(r.lifted_by);
    return j;
}

}  // namespace saring::tool
