// Escapes foreign text for HTML pages. Text from an order or a list cannot open a tag, leave a quoted attribute, run as
// a script, or change the direction of the surrounding text. Attributes in templates must be quoted. Pure functions;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saring {

// For element content and quoted attribute values. & < > " ' become character references; control characters other than
// tab and line feed, bidirectional controls (Unicode UAX #9, which can reorder the displayed text) and invalid UTF-8
// become U+FFFD.
std::string html_escape(std::string_view text);

// The link, if a page may have it: a scheme https:, http:, mailto: or tel:, a plausible rest, and no character that
// browsers drop or trim (white space, control characters), as in "java\nscript:". Refuses a web address with a user
// part ("https://ministry.example@other.example/"), which looks like another host. The result is not escaped. Nothing:
// show the text without a link.
std::optional<std::string> safe_link(std::string_view uri);

}  // namespace saring
