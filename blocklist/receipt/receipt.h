// A receipt: what an ISP states to the ministry about the orders it was given, one JSON
// document with a detached signature in minisign's format beside it. FORMAT.md says what
// each field means, which status an order has, and who complied.
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

struct ReceiptOrder {
    std::string order, authority, digest, status;
    std::string action;  // effective here; empty: a receipt of before it was stated
    UnixTime applied = 0;
    std::uint64_t serial = 0;
    UnixTime deadline = policy::never;
    UnixTime expires = policy::never, revoked = policy::never;
    std::string revoked_by;
    std::uint64_t names = 0, addresses = 0;
    std::uint64_t passed = 0;  // targets that the ISP's own policy lets through, whole or in part
    std::vector<QuarantinedTarget> quarantined;
    std::vector<std::string> idle_lifts;  // why each lift of the order that lifts nothing here does not

    // Counted and logged, and blocking nothing: then no deadline is met.
    bool rehearsed() const { return action == "log"; }
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

// Of these orders; of every one when none is named. Throws Error(not_found) for an order
// that is not in the database and Error(usage) for one that is no order of an authority.
// `config` gives the action of orders that name none.
Receipt make_receipt(const ledger::Snapshot& s, const config::Config& config, const std::vector<std::string>& orders,
                     const std::string& isp, UnixTime now);

// Ending in a newline. parse_receipt reads it back.
Bytes format_receipt(const Receipt& r);

// Throws Error(usage): `source` and the field, the value, what would be right.
Receipt parse_receipt(ByteView document, const std::string& source);

}  // namespace saring::receipt
