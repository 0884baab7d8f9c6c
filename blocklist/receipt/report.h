// Compliance by order, from many ISPs' receipts: who complied by the deadline, who did not, who never reported. The
// ministry's file of ISPs has one ISP a line, its public key and then its name; `#` begins a comment.
#pragma once

#include <string>
#include <vector>

#include "receipt/receipt.h"
#include "trust/minisign.h"

namespace saring::receipt {

struct Isp {
    std::string name;
    trust::minisign::PublicKey key;
};

// Throws Error(usage), naming the line.
std::vector<Isp> parse_isps(ByteView text, const std::string& source);

// Returns the receipt if the ISP that it names signed these bytes. Throws Error(trust) otherwise.
Receipt accept_receipt(const std::vector<Isp>& isps, ByteView document, ByteView signature, const std::string& source);

// An order, or one name of it, that another order lifted.
struct ReportLift {
    std::string name, by;           // name: empty if the whole order was lifted
    std::vector<std::string> isps;  // that lifted it
    UnixTime first = 0, last = 0;   // when the first and the last of them did
};

struct ReportLine {
    std::string order;
    std::string kind;  // as in a receipt; empty if no receipt states it
    UnixTime deadline = policy::never;
    // Names of ISPs; each ISP is in exactly one category.
    std::vector<std::string> complied;  // applied by the deadline, or there is none
    std::vector<std::string> late;
    std::vector<std::string> rehearsed;  // counted and logged but not blocked (action log)
    std::vector<std::string> partly;     // some targets quarantined, or passed by the ISP's own policy
    std::vector<std::string> lifted;     // by the ISP itself, not by an order
    std::vector<std::string> missing;    // reported, without this order
    std::vector<std::string> silent;     // never reported
    std::vector<ReportLift> lifts;       // of this order by others
    bool all_complied() const {
        return late.empty() && rehearsed.empty() && partly.empty() && lifted.empty() && missing.empty() &&
               silent.empty();
    }
};

struct Report {
    std::vector<std::string> reported, silent;
    std::vector<ReportLine> orders;  // by order id
};

// Of several receipts of one ISP the latest counts. `orders`: only these; empty: all that any receipt lists.
Report report(const std::vector<Isp>& isps, const std::vector<Receipt>& receipts,
              const std::vector<std::string>& orders);

}  // namespace saring::receipt
