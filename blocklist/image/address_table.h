// Address prefixes as sorted rows of fixed size. Each row has the number of the longest listed prefix that contains it,
// so that one binary search finds an address and all listed prefixes that contain it.
//
//   addresses := u32 count of IPv4 rows, u32 count of IPv6 rows, rows
//   row       := address 4 or 16 bytes, length u8, parent u32, set u32       sorted by address, then length
//
// parent: the row's number within its family, or no_parent.
#pragma once

#include <vector>

#include "image/format.h"
#include "net/prefix.h"

namespace saring::image {

struct FoundPrefix {
    std::uint8_t length;
    SetId set;
};

class AddressTableWriter {
public:
    // Strictly ascending as the ledger's keys: by family, address, length. Throws Error(database) otherwise.
    void add(const Prefix& prefix, SetId set);
    Bytes finish() const;

private:
    struct Row {
        Prefix prefix;
        std::uint32_t parent;
        SetId set;
    };
    std::vector<Row> rows_[2];
};

class AddressTable {
public:
    static constexpr std::size_t max_found = 129;

    AddressTable() = default;
    // Checks the whole section. Throws Refusal(malformed).
    explicit AddressTable(ByteView section);
    // Writes the listed prefixes that contain `address` to `out`, longest first; returns their number, at most
    // max_found. Thread-safe.
    std::size_t find(const Prefix& address, FoundPrefix* out) const noexcept;

    std::size_t count() const { return std::size_t{families_[0].count} + families_[1].count; }

    template <typename Visitor>
    void each(Visitor visit) const {
        for (const auto& family : families_)
            for (std::uint32_t i = 0; i < family.count; ++i) visit(family.prefix(i), family.set(i));
    }

private:
    struct Family {
        const char* rows = nullptr;
        std::uint32_t count = 0;
        std::uint8_t bytes = 4;  // size of an address
        std::size_t row_size() const { return bytes + 9u; }
        const char* row(std::uint32_t i) const { return rows + i * row_size(); }
        std::uint8_t length(std::uint32_t i) const { return static_cast<std::uint8_t>(row(i)[bytes]); }
        std::uint32_t parent(std::uint32_t i) const { return load32(row(i) + bytes + 1); }
        SetId set(std::uint32_t i) const { return load32(row(i) + bytes + 5); }
        Prefix prefix(std::uint32_t i) const;
    };
    void check(const Family& family) const;

    Family families_[2];
};

}  // namespace saring::image
