// One page of the landing site, from templates and what an order says. All that comes from
// outside goes through text/html.h. The same input gives the same bytes: no page says when it
// was made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "landing/templates.h"
#include "policy/order_record.h"

namespace saring::landing {

enum class PageKind {
    order,     // a signed order blocks the name
    list,      // a list that the ISP follows does
    local,     // the ISP itself does; its reasons are its own and are not shown
    ended,     // no order does (any more)
    unlisted,  // none names it: an alias, a shared address, a list too long for the map
};

struct PageSubject {
    PageKind kind = PageKind::unlisted;
    policy::OrderRecord order;       // of order, list and local
    policy::OrderTexts texts;        // of order
    std::vector<std::string> lists;  // of unlisted: who answers for the lists that may have named it
};

// Whose site it is, for all pages.
struct Publisher {
    std::string isp, contact;  // name; mailto:, tel: or https:. Empty: not said
};

class PageMaker {
public:
    PageMaker(const Templates& templates, Publisher publisher);

    Bytes make(const PageSubject& subject) const;

    // For the Content-Security-Policy header: nothing but the page's own style, known by
    // its hash. `in_page` is the part that a <meta> may carry.
    const std::string& policy() const { return policy_; }
    std::string in_page() const { return policy_.substr(0, policy_.find("; frame-ancestors")); }

private:
    const Templates& templates_;
    const Publisher publisher_;
    std::string policy_;
};

// "28 Februari 2099 pukul 23.59 WIB"; in a language without month names here "2099-02-28
// 23:59 WIB". Western Indonesian Time, UTC+7, as orders are issued in Jakarta.
std::string spoken_time(UnixTime t, const std::string& language);

}  // namespace saring::landing
