#include "fetch/url_parts.h"

#include <new>

namespace saring::fetch {

std::optional<UrlParts> UrlParts::parse(const std::string& text, unsigned flags) {
    std::shared_ptr<CURLU> url(curl().url(), curl().url_cleanup);
    if (!url) throw std::bad_alloc();
    if (curl().url_set(url.get(), CURLUPART_URL, text.c_str(), flags) != CURLUE_OK) return std::nullopt;
    return UrlParts(std::move(url));
}

std::string UrlParts::part(CURLUPart which, unsigned flags) const {
    char* text = nullptr;
    if (curl().url_get(url_.get(), which, &text, flags) != CURLUE_OK) return {};
    std::string out = text;
    curl().free(text);
    return out;
}

}  // namespace saring::fetch
