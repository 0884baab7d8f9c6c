#include "image/address_table.h"

#include "image/refusal.h"
#include "net/prefix.h"

namespace saring::image {
namespace {

constexpr std::uint32_t no_parent = 0xffffffff;

// Whether the two agree in the first `bits` bits.
bool same_bits(const char* a, const char* b, unsigned bits) noexcept {
    unsigned whole = bits / 8, odd_bits = bits % 8;
    if (std::memcmp(a, b, whole) != 0) return false;
    return odd_bits == 0 || ((a[whole] ^ b[whole]) & (0xff00 >> odd_bits & 0xff)) == 0;
}

}  // namespace

void AddressTableWriter::add(const Prefix& prefix, SetId set) {
    auto& rows = rows_[prefix.family == 4 ? 0 : 1];
    std::uint32_t parent = no_parent;
    if (!rows.empty()) {
        if (prefix_key(rows.back().prefix) >= prefix_key(prefix))
            throw Error(ErrorKind::database, msg("database"), msg("corrupt: addresses out of order"),
                        msg("restore a backup or sync again into a new database"));
        for (parent = static_cast<std::uint32_t>(rows.size() - 1);
             parent != no_parent && !rows[parent].prefix.contains(prefix);)
            parent = rows[parent].parent;
    }
    rows.push_back({prefix, parent, set});
}

Bytes AddressTableWriter::finish() const {
    ByteWriter w;
    for (const auto& rows : rows_) w.integer(static_cast<std::uint32_t>(rows.size()));
    for (const auto& rows : rows_)
        for (const auto& r : rows) {
            w.raw({reinterpret_cast<const char*>(r.prefix.address.data()), r.prefix.family == 4 ? 4u : 16u});
            w.integer(r.prefix.length);
            w.integer(r.parent);
            w.integer(r.set);
        }
    return w.take();
}

Prefix AddressTable::Family::prefix(std::uint32_t i) const {
    Prefix p;
    p.family = bytes == 4 ? 4 : 6;
    std::memcpy(p.address.data(), row(i), bytes);
    p.length = length(i);
    return p;
}

AddressTable::AddressTable(ByteView section) {
    if (section.size() < 8) throw malformed(msg("has no addresses section"));
    families_[0] = {section.data() + 8, load32(section.data()), 4};
    families_[1] = {section.data() + 8 + families_[0].row_size() * families_[0].count, load32(section.data() + 4), 16};
    if (8 + families_[0].row_size() * families_[0].count + families_[1].row_size() * families_[1].count !=
        section.size())
        throw malformed(msg("has an addresses section of the wrong length"));
    for (const auto& family : families_) check(family);
}

void AddressTable::check(const Family& family) const {
    for (std::uint32_t i = 0; i < family.count; ++i) {
        // Rows sort by address, then length.
        if (i > 0 && std::memcmp(family.row(i - 1), family.row(i), family.bytes + 1u) >= 0)
            throw malformed(msg("has addresses out of order"));
        if (family.length(i) > 8 * family.bytes) throw malformed(msg("has an address prefix that is too long"));
        auto parent = family.parent(i);
        if (parent != no_parent && (parent >= i || family.length(parent) >= family.length(i) ||
                                    !same_bits(family.row(parent), family.row(i), family.length(parent))))
            throw malformed(msg("has an address prefix outside of its parent"));
    }
}

std::size_t AddressTable::find(const Prefix& address, FoundPrefix* out) const noexcept {
    const Family& family = families_[address.family == 4 ? 0 : 1];
    const auto* wanted = reinterpret_cast<const char*>(address.address.data());
    // Binary search for the last row that does not sort above the address.
    std::uint32_t low = 0, high = family.count;
    while (low < high) {
        std::uint32_t middle = low + (high - low) / 2;
        int order = std::memcmp(family.row(middle), wanted, family.bytes);
        if (order < 0 || (order == 0 && family.length(middle) <= address.length)) low = middle + 1;
        else high = middle;
    }
    std::size_t found = 0;
    // A parent's row precedes its child's, so the loop ends.
    for (std::uint32_t i = low - 1; low != 0 && i != no_parent && found < max_found; i = family.parent(i))
        if (family.length(i) <= address.length && same_bits(family.row(i), wanted, family.length(i)))
            out[found++] = {family.length(i), family.set(i)};
    return found;
}

}  // namespace saring::image
