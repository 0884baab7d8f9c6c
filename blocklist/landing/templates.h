// The texts and the look of the landing site, which an ISP may edit: page.html (what every page is
// made of), style.css, and one text.<language>.html a language. They are Mustache templates:
// {{name}} is replaced by escaped text, {{#name}}...{{/name}} stands only when there is such
// a thing, {{^name}}...{{/name}} only when there is none. conf/landing/README.md lists the
// names. Checked whole when read: a name that is unknown or a required one that is not
// there is refused with file and line, and so is whatever would put text into a page
// unescaped or ask for what the pages' content security policy forbids.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace saring::landing {

class Templates {
public:
    static constexpr const char* page = "page.html";
    static constexpr const char* style = "style.css";
    static std::string text(const std::string& language) { return "text." + language + ".html"; }

    // From a directory; empty: the copy in the program. Throws Error(usage).
    Templates(const std::string& directory, const std::vector<std::string>& languages);

    const std::vector<std::string>& languages() const { return languages_; }
    const Bytes& operator[](const std::string& name) const { return files_.at(name); }

private:
    std::vector<std::string> languages_;
    std::map<std::string, Bytes> files_;
};

// A file of conf/landing as it was when this program was built; empty when there is none of the name.
ByteView shipped_template(std::string_view name);

}  // namespace saring::landing
