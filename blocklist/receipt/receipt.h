// A receipt: an ISP's statement to the ministry about the orders it received, one JSON document with a detached
// minisign signature. FORMAT.md defines the fields, the status of an order, and compliance.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "ledger/snapshot.h"

namespace saring::receipt {

struct QuarantinedTarget {
    std::string target, reason;
};

// A name of the order that another order lifted.
struct LiftedFrom {
    std::string name, by;  // by: the other order
    UnixTime at = 0;       // when it was lifted at this ISP
};

struct ReceiptOrder {
    std::string order, authority, digest, status;
    std::string kind;    // "block", "lift" or "block and lift"; empty in a receipt of an older version
    std::string action;  // the effective one; empty in a receipt of an older version
    UnixTime applied = 0;
    std::uint64_t serial = 0;
    UnixTime deadline = policy::never;
    UnixTime expires = policy::never, revoked = policy::never;
    std::string revoked_by;
    std::uint64_t names = 0, addresses = 0;
    std::uint64_t passed = 0;  // targets that the ISP's own policy passes, whole or in part
    std::vector<QuarantinedTarget> quarantined;
    std::vector<LiftedFrom> lifted;       // single names; empty when the whole order was lifted
    std::vector<std::string> idle_lifts;  // for each lift of the order that lifts nothing here, the reason

    // Counted and logged but not blocked; a rehearsal does not meet a deadline. A lift takes effect whatever its
    // action.
    bool rehearsed() const { return action == "log" && kind != "lift"; }
    // The order that lifted this one as a whole; empty: none did.
    std::string lifting_order() const;
    bool deadline_met() const { return applied <= deadline && !rehearsed(); }
};

struct Receipt {
    std::string isp;
    UnixTime made = 0;
    std::uint64_t serial = 0;
    std::string journal;  // hex
    std::vector<ReceiptOrder> orders;
    std::string selftest;  // JSON text, or empty
};

constexpr std::size_t max_receipt_bytes = 64u << 20;

// For these orders, or for all when none is named. Throws Error(not_found) for an order that is not in the database and
// Error(usage) for a list or a local entry. `config` has the default action.
Receipt make_receipt(const ledger::Snapshot& s, const config::Config& config, const std::vector<std::string>& orders,
                     const std::string& isp, UnixTime now);

inline constexpr std::string_view format_name = "saring-receipt/1";

// Ends in a newline. parse_receipt reads it back.
Bytes format_receipt(const Receipt& r);

// Throws Error(usage) with `source`, the field, the value, and what is accepted.
Receipt parse_receipt(ByteView document, const std::string& source);

}  // namespace saring::receipt
