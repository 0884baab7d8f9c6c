#include "landing/page.h"

#include <kainjow/mustache.hpp>

#include "base/hex.h"
#include "base/sha256.h"
#include "policy/order_record.h"
#include "text/html.h"

namespace saring::landing {
namespace {

using kainjow::mustache::data;

// From here on it is a way to write "no end".
constexpr UnixTime year_9999 = 253370764800;

std::string render(const Bytes& file, const data& values) {
    kainjow::mustache::mustache m(file);
    m.set_custom_escape([](const std::string& text) { return html_escape(text); });
    return m.render(values);
}

std::string trimmed(const std::string& text) {
    auto begin = text.find_first_not_of(" \n\t\r");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \n\t\r") - begin + 1);
}

// An address as shown: no scheme, nothing after a mail address.
std::string label_of(const std::string& uri) {
    for (std::string_view scheme : {"mailto:", "tel:", "https://", "http://"})
        if (uri.rfind(scheme, 0) == 0) {
            auto rest = uri.substr(scheme.size());
            if (scheme == "mailto:") return rest.substr(0, rest.find('?'));
            if (!rest.empty() && rest.back() == '/') rest.pop_back();
            return rest;
        }
    return uri;
}

data link_data(const std::string& uri) {
    data d;
    if (auto href = safe_link(uri)) d.set("href", *href);
    else d.set("href", data(false));
    d.set("label", label_of(uri));
    return d;
}

// Present, so that {{^name}} holds and an outer value of the name does not shine through.
const data absent(data::type::bool_false);

data text_or_absent(const std::string& text) { return text.empty() ? absent : data(text); }

data reason_data(const policy::OrderTexts& texts, const std::string& language) {
    const auto* reason = reason_to_show(texts, language);
    if (!reason) return absent;
    data d;
    d.set("language", reason->first);
    d.set("text", reason->second);
    return d;
}

const char* word(PageKind kind) {
    switch (kind) {
        case PageKind::order: return "order";
        case PageKind::list: return "list";
        case PageKind::local: return "local";
        case PageKind::ended: return "ended";
        case PageKind::unlisted: return "unlisted";
    }
    return "unlisted";
}

data text_data(const PageSubject& s, const Publisher& publisher, const std::string& language) {
    data d;
    d.set("isp", text_or_absent(publisher.isp));
    d.set("isp_contact", publisher.contact.empty() ? absent : link_data(publisher.contact));
    d.set("signers", text_or_absent(s.order.signers));
    d.set("digest",
          s.order.kind == policy::OrderKind::order && !s.order.digest.empty() ? data(hex(s.order.digest)) : absent);
    for (const char* kind : {"order", "list", "local", "ended", "unlisted"})
        d.set(kind, data(word(s.kind) == std::string_view(kind)));
    d.set("id", text_or_absent(s.order.id));
    d.set("authority", text_or_absent(s.order.authority));
    bool ends = s.order.expires > 0 && s.order.expires < year_9999;
    d.set("expires", ends ? data(spoken_time(s.order.expires, language)) : absent);
    d.set("expires_rfc3339", ends ? data(format_rfc3339(s.order.expires)) : absent);
    d.set("effective", data(spoken_time(s.order.effective, language)));
    d.set("effective_rfc3339", data(format_rfc3339(s.order.effective)));
    d.set("reason", reason_data(s.texts, language));
    d.set("legal_basis", text_or_absent(s.texts.legal_basis));
    d.set("reference", s.texts.reference.empty() ? absent : link_data(s.texts.reference));
    d.set("clarification", s.texts.clarification.empty() ? absent : link_data(s.texts.clarification));
    auto list = [](const auto& items, auto each) {
        data out(data::type::list);
        for (const auto& item : items) out.push_back(each(item));
        return items.empty() ? absent : out;
    };
    d.set("contact", list(s.texts.contact, link_data));
    auto as_label = [](const std::string& text) { return data("label", text); };
    d.set("lists", list(s.lists, as_label));
    std::string regions;
    for (const auto& r : s.order.regions) regions += (regions.empty() ? "" : ", ") + r;
    d.set("regions", text_or_absent(regions));
    return d;
}

}  // namespace

PageMaker::PageMaker(const Templates& templates, Publisher publisher)
    : templates_(templates),
      publisher_(std::move(publisher)),
      policy_("default-src 'none'; img-src data:; style-src 'sha256-" + sha256_base64(templates[Templates::style]) +
              "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'") {}

Bytes PageMaker::make(const PageSubject& subject) const {
    data headings(data::type::list), texts(data::type::list);
    std::string title;
    for (const auto& language : templates_.languages()) {
        data values = text_data(subject, publisher_, language);
        auto part = [&](const char* wanted) {
            for (const char* one : {"name", "heading", "body"}) values.set(one, data(one == std::string_view(wanted)));
            return trimmed(render(templates_[Templates::text(language)], values));
        };
        data one;
        one.set("code", language);
        one.set("heading", part("heading"));
        one.set("name", part("name"));
        one.set("text", part("body"));
        title += (title.empty() ? "" : " · ") + part("heading");
        headings.push_back(one);
        texts.push_back(one);
    }
    data page;
    page.set("language", templates_.languages().front());
    page.set("kind", data(word(subject.kind)));
    page.set("csp", in_page());
    page.set("style", templates_[Templates::style]);
    page.set("title", title);
    page.set("several", data(templates_.languages().size() > 1));
    page.set("headings", headings);
    page.set("texts", texts);
    return render(templates_[Templates::page], page);
}

}  // namespace saring::landing
