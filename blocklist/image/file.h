// One image file in this process's own memory: copied while it is hashed, then made read-only. No other process
// can change it, no look-up waits for a disk, and the file may be removed meanwhile.
#pragma once

#include <memory>
#include <vector>

#include "image/address_table.h"
#include "image/claim_sets.h"
#include "image/current.h"
#include "image/name_blocks.h"
#include "image/order_table.h"

namespace saring::image {

class File {
public:
    // Throws Refusal: absent, unreadable, mismatch, malformed, version, memory.
    static std::shared_ptr<const File> load(int folder, Kind kind, const FileRef& ref);
    // The same without files: `bytes` are taken as they are, whatever their hash. For tests.
    static std::shared_ptr<const File> of_bytes(ByteView bytes, Kind kind);
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    const FileRef& ref() const { return ref_; }
    const Footer& footer() const { return footer_; }
    const NameBlocks& names() const { return names_; }
    const AddressTable& addresses() const { return addresses_; }
    const ClaimSets& sets() const { return sets_; }
    const std::vector<std::shared_ptr<const ImageOrder>>& orders() const { return orders_; }  // by index
    std::size_t bytes() const { return size_; }

private:
    explicit File(std::size_t size);
    void open(Kind kind);

    char* data_;
    std::size_t size_;
    FileRef ref_;
    Footer footer_;
    NameBlocks names_;
    AddressTable addresses_;
    ClaimSets sets_;
    std::vector<std::shared_ptr<const ImageOrder>> orders_;
};

}  // namespace saring::image
