#include "hostname/pasted_host.h"

#include <algorithm>

namespace saring::hostname {
namespace {

bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

std::string without(std::string text, const char* around) {
    auto begin = text.find_first_not_of(around);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(around) - begin + 1);
}

}  // namespace

PastedHost split_pasted_host(std::string_view text) {
    PastedHost out;
    if (auto scheme = text.find("://"); scheme != std::string_view::npos) {
        out.scheme = true;
        text.remove_prefix(scheme + 3);
    } else if (text.substr(0, 2) == "//") {
        out.scheme = true;
        text.remove_prefix(2);
    }
    auto end = text.find_first_of("/?#");
    out.path = end != std::string_view::npos;
    out.page = out.path && text.find_first_not_of('/', end) != std::string_view::npos;
    text = text.substr(0, end);
    if (auto at = text.rfind('@'); at != std::string_view::npos) {
        out.user = true;
        text.remove_prefix(at + 1);
    }
    auto close = text.rfind(']');
    if (!text.empty() && text.front() == '[' && close != std::string_view::npos) {
        if (close + 1 < text.size() && text[close + 1] == ':' && digits(text.substr(close + 2)))
            out.port = text.substr(close + 2);
        if (close + 1 == text.size() || !out.port.empty()) text = text.substr(1, close - 1);
    } else if (auto colon = text.find(':'); colon != std::string_view::npos && digits(text.substr(colon + 1))) {
        out.port = text.substr(colon + 1);
        text = text.substr(0, colon);
    }
    out.host = text;
    return out;
}

std::string without_invisible(std::string text) {
    for (const char* unseen :
         {"\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x81\xa0", "\xef\xbb\xbf", "\xc2\xad"})
        replace_all(text, unseen, "");
    // Within a name the joiners are significant (RFC 5892, appendix A); strip them only at the ends.
    for (const char* joiner : {"\xe2\x80\x8c", "\xe2\x80\x8d"}) {
        while (text.size() >= 3 && text.compare(0, 3, joiner) == 0) text.erase(0, 3);
        while (text.size() >= 3 && text.compare(text.size() - 3, 3, joiner) == 0) text.erase(text.size() - 3);
    }
    replace_all(text, "\xc2\xa0", " ");
    return without(std::move(text), " \t\r\n");
}

std::string unquoted(std::string text) {
    text = without_invisible(std::move(text));
    for (const char* mark : {"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x98", "\xe2\x80\x99"})
        replace_all(text, mark, "\"");
    return without(std::move(text), " \t\r\n\"'<>,;");
}

}  // namespace saring::hostname
