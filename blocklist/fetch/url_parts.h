// A parsed URL (RFC 3986 section 3), by libcurl's parser.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fetch/curl.h"

namespace saring::fetch {

class UrlParts {
public:
    // Nothing when `text` is not a URL. `flags` as for curl_url_set(3); CURLU_NON_SUPPORT_SCHEME allows any scheme.
    static std::optional<UrlParts> parse(const std::string& text, unsigned flags = 0);

    // Empty when the URL has no such part. `flags` as for curl_url_get(3).
    std::string part(CURLUPart which, unsigned flags = 0) const;

private:
    explicit UrlParts(std::shared_ptr<CURLU> url) : url_(std::move(url)) {}

    std::shared_ptr<CURLU> url_;
};

}  // namespace saring::fetch
