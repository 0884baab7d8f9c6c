// A receipt: what an ISP states to the ministry about the orders it was given, one JSON
// document with a detached signature in minisign's format beside it.
//
//   format    "saring-receipt/1"
//   isp       who states it
//   made      RFC 3339
//   database  {"serial": N, "journal": "64 hex digits"}: the journal's last hash, which the
//             ministry can hold against the ISP's `db check --anchor` later; null at serial 0
//   orders    one entry an order:
//     order, authority, digest  the digest is BLAKE2b-256 of the document, hex
//     status     scheduled     applied, begins later
//                applied       in force
//                already blocked  in force, and all of it was blocked by earlier orders anyway
//                quarantined   some of its targets are held back, see `quarantined`
//                expired       ended by itself
//                revoked       lifted, see `revoked_by`
//     applied, serial           when, and by which commit
//     deadline, deadline_met    null when the order has no deadline
//     expires, revoked, revoked_by
//     names, addresses          that it lists now
//     quarantined               [{"target", "reason"}]
//   selftest  what `selftest --json` said, or null
//
// Lists and the ISP's own local policy are not the ministry's orders and never stand here.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "store/snapshot.h"

namespace saring {

struct QuarantinedTarget {
    std::string target, reason;
};

struct ReceiptOrder {
    std::string order, authority, digest, status;
    UnixTime applied = 0;
    std::uint64_t serial = 0;
    UnixTime deadline = never;
    UnixTime expires = never, revoked = never;
    std::string revoked_by;
    std::uint64_t names = 0, addresses = 0;
    std::vector<QuarantinedTarget> quarantined;

    bool deadline_met() const { return applied <= deadline; }
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
Receipt make_receipt(const Snapshot& s, const std::vector<std::string>& orders, const std::string& isp, UnixTime now);

// Ending in a newline. parse_receipt reads it back.
Bytes format_receipt(const Receipt& r);

// Throws Error(usage): `source` and the field, the value, what would be right.
Receipt parse_receipt(ByteView document, const std::string& source);

}  // namespace saring
