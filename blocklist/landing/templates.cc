#include "landing/templates.h"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <set>

#include "base/file.h"

namespace saring::landing {
namespace {

constexpr std::size_t most_bytes = 256 << 10;  // of one template: the page is to be small

using Names = std::set<std::string, std::less<>>;

// Without one of these a page would not say what it is there to say.
const Names page_names{"language", "csp", "style", "title", "headings", "texts", "code", "heading", "text"};
const Names page_extra{"several", "name", "kind"};
const Names text_names{"name",    "heading",  "body",  "order",       "list",      "local",
                       "ended",   "unlisted", "id",    "authority",   "expires",   "reason",
                       "contact", "href",     "label", "legal_basis", "reference", "clarification"};
const Names text_extra{"effective", "effective_rfc3339", "expires_rfc3339", "language", "text", "regions", "lists",
                       "isp",       "isp_contact",       "signers",         "digest"};
// HTML that the program made itself, and the style, which its policy allows by hash.
const Names page_raw{"style", "heading", "name", "text", "title"};

std::string joined(const Names& a, const Names& b) {
    std::string out;
    for (const auto* names : {&a, &b})
        for (const auto& n : *names) out += (out.empty() ? "" : ", ") + n;
    return out;
}

class Checker {
public:
    Checker(const std::string& file, ByteView text) : file_(file), text_(text) {}

    [[noreturn]] void fail(std::size_t at, const Message& why, const Message& remedy) const {
        auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        throw Error(ErrorKind::usage, file_ + ":" + std::to_string(line), why, remedy);
    }

    void check(const Names& required, const Names& extra, const Names& raw) const {
        Names missing = required;
        for (auto at = text_.find("{{"); at != ByteView::npos; at = text_.find("{{", at)) {
            bool triple = text_.substr(at, 3) == "{{{";
            auto end = text_.find(triple ? "}}}" : "}}", at);
            if (end == ByteView::npos) fail(at, msg("a {{ is not closed"), msg("end it with }}"));
            std::string tag(text_.substr(at + (triple ? 3 : 2), end - at - (triple ? 3 : 2)));
            check_tag(at, tag, triple, required, extra, raw, missing);
            at = end + 2;
        }
        if (!missing.empty())
            throw Error(ErrorKind::usage, file_, msg("lacks {{%1}}", *missing.begin()),
                        msg("the page would not say it; see the shipped template"));
        kainjow::mustache::mustache parsed{std::string(text_)};
        if (!parsed.is_valid())
            throw Error(ErrorKind::usage, file_, parsed.error_message(),
                        msg("close every {{#name}} with {{/name}}, in order"));
    }

    // The content security policy would stop these in the reader's browser, silently.
    void refuse_what_the_policy_stops() const {
        std::string lower(text_);
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
        static constexpr std::pair<const char*, const char*> forbidden[] = {
            {"<script", "a script"},
            {" style=", "a style attribute"},
            {"javascript:", "a script's address"},
            {"<iframe", "a frame"},
            {"<form", "a form"},
            {"<base", "a base address"},
            {"src=\"http", "something from another server"},
            {"src=\"//", "something from another server"}};
        for (const auto& [what, called] : forbidden)
            if (auto at = lower.find(what); at != std::string::npos)
                fail(at, msg("has %1, which the pages' content security policy stops", called),
                     msg("leave it out; style.css is for looks, images go in as data: addresses"));
    }

private:
    void check_tag(std::size_t at, std::string tag, bool triple, const Names& required, const Names& extra,
                   const Names& raw, Names& missing) const {
        if (!tag.empty() && tag[0] == '!') return;
        if (!tag.empty() && (tag[0] == '&' || tag[0] == '>' || tag[0] == '='))
            fail(at, msg("{{%1}} is not allowed", tag),
                 msg("what an order says goes in escaped, and each template is one file"));
        if (!tag.empty() && (tag[0] == '#' || tag[0] == '^' || tag[0] == '/')) tag.erase(0, 1);
        auto begin = tag.find_first_not_of(' ');
        tag = begin == std::string::npos ? "" : tag.substr(begin, tag.find_last_not_of(' ') - begin + 1);
        if (!required.count(tag) && !extra.count(tag))
            fail(at, msg("{{%1}} is unknown", tag), msg("this template knows: %1", joined(required, extra)));
        if (triple && !raw.count(tag))
            fail(at, msg("{{{%1}}} would go in unescaped", tag), msg("write it with two braces"));
        missing.erase(tag);
    }

    const std::string& file_;
    ByteView text_;
};

}  // namespace

Templates::Templates(const std::string& directory, const std::vector<std::string>& languages) : languages_(languages) {
    if (languages.empty()) throw Error(ErrorKind::usage, "--languages", msg("names none"), msg("write e.g. id,en"));
    std::set<std::string> seen;
    for (const auto& l : languages) {
        bool tag =
            l.size() >= 2 && l.size() <= 35 &&
            l.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == std::string::npos;
        if (!tag)
            throw Error(ErrorKind::usage, "--languages", msg("\"%1\" is not a language tag", l),
                        msg("write e.g. id,en"));
        if (!seen.insert(l).second)
            throw Error(ErrorKind::usage, "--languages", msg("%1 appears twice", l), msg("name each once"));
    }
    auto load = [&](const std::string& name) -> std::pair<std::string, const Bytes&> {
        std::string shown = directory.empty() ? "shipped " + name : directory + "/" + name;
        Bytes content = directory.empty() ? Bytes(shipped_template(name)) : read_file(shown, most_bytes);
        if (content.empty())
            throw Error(
                ErrorKind::usage, shown, directory.empty() ? msg("does not exist") : msg("is empty"),
                directory.empty()
                    ? msg("write one and name its directory with --templates; the others come from conf/landing")
                    : msg("see the shipped template"));
        return {shown, files_[name] = content};
    };
    {
        const auto& [shown, content] = load(page);
        Checker checker(shown, content);
        checker.check(page_names, page_extra, page_raw);
        checker.refuse_what_the_policy_stops();
    }
    {
        const auto& [shown, content] = load(style);
        for (const char* leads_out : {"</", "@import", "url(", "{{"})
            if (auto at = content.find(leads_out); at != Bytes::npos)
                Checker(shown, content)
                    .fail(at, msg("has %1", leads_out), msg("the style stands inside each page and asks for nothing"));
    }
    for (const auto& language : languages) {
        const auto& [shown, content] = load(text(language));
        Checker checker(shown, content);
        checker.check(text_names, text_extra, {});
        checker.refuse_what_the_policy_stops();
    }
}

}  // namespace saring::landing
