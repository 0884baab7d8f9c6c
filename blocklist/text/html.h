// Foreign text in HTML pages. Whatever an order or a list says comes out as text: it
// cannot open a tag, leave a quoted attribute, act as a script, or turn the direction of
// the text around it. Attributes must be quoted in whatever template the result goes into.
// Pure functions, safe to use from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saring {

// For element content and for quoted attribute values. & < > " ' become character
// references; control characters other than tab and line feed, bidirectional controls (Unicode
// UAX #9, which can show a text in another order than it has) and octets that are no
// UTF-8 become U+FFFD.
std::string html_escape(std::string_view text);

// A link that a page may carry: https:, http:, mailto: or tel: in exactly these words, with
// a plausible rest, and nothing in it that browsers drop or trim (white space, control
// characters), which is how "java\nscript:" passes careless checks. A web address with a
// user part ("https://ministry.example@other.example/") is none: it reads as another host.
// Not escaped yet. Absent: show the text without a link.
std::optional<std::string> safe_link(std::string_view uri);

}  // namespace saring
