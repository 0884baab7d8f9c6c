#include "image/file.h"

#include <sys/mman.h>

#include <new>

#include "image/folder.h"
#include "image/hash.h"
#include "image/refusal.h"

namespace saring::image {
namespace {

constexpr std::size_t chunk = 1 << 20;
constexpr std::uint64_t max_bytes = std::uint64_t{1} << 40;

}  // namespace

// Memory of its own mapping, so that it can be made read-only and goes back to the system as a whole. Large pages,
// where the system gives them on request, spare most of a look-up's TLB misses.
File::File(std::size_t size) : size_(size) {
    void* p = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        throw Refusal(Reason::memory, msg("image file"), msg("no memory for its %1 bytes", size),
                      msg("give the resolver more memory"));
    data_ = static_cast<char*>(p);
    ::madvise(p, size, MADV_HUGEPAGE);
}

File::~File() { ::munmap(data_, size_); }

std::shared_ptr<const File> File::load(int folder, Kind kind, const FileRef& ref) try {
    OpenFile in = open_file(folder, file_name(kind, ref));
    if (in.size != ref.size || in.size > max_bytes)
        throw Refusal(Reason::mismatch, in.name, msg("has %1 bytes, was published with %2", in.size, ref.size));
    if (in.size < Footer::size) throw Refusal(Reason::malformed, in.name, msg("is shorter than any image file"));
    std::shared_ptr<File> file(new File(static_cast<std::size_t>(in.size)));
    Hasher hasher;
    for (std::size_t at = 0; at < file->size_;) {
        std::size_t size = std::min(chunk, file->size_ - at);
        in.read(file->data_ + at, size);
        hasher.add({file->data_ + at, size});
        at += size;
    }
    if (hasher.finish() != ref.hash)
        throw Refusal(Reason::mismatch, in.name, msg("is not what was published: its hash is another"));
    file->ref_ = ref;
    file->open(kind);
    return file;
} catch (const std::bad_alloc&) {
    throw Refusal(Reason::memory, msg("image file"), msg("no memory for its orders"),
                  msg("give the resolver more memory"));
}

std::shared_ptr<const File> File::of_bytes(ByteView bytes, Kind kind) {
    if (bytes.size() < Footer::size)
        throw Refusal(Reason::malformed, msg("image file"), msg("is shorter than any image file"));
    std::shared_ptr<File> file(new File(bytes.size()));
    std::memcpy(file->data_, bytes.data(), bytes.size());
    Hasher hasher;
    hasher.add(bytes);
    file->ref_ = {hasher.finish(), bytes.size()};
    file->open(kind);
    return file;
}

void File::open(Kind kind) {
    ::mprotect(data_, size_, PROT_READ);
    ByteView all(data_, size_);
    footer_ = decode_footer(all.substr(size_ - Footer::size), size_ - Footer::size);
    if (footer_.kind != kind)
        throw Refusal(Reason::mismatch, msg("image file"),
                      msg("is a base where a delta is named, or a delta for a base"));
    auto section = [&](std::uint64_t from, std::uint64_t to) {
        return all.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
    };
    names_ = NameBlocks(section(0, footer_.index_at), section(footer_.index_at, footer_.sets_at));
    sets_ = ClaimSets(section(footer_.sets_at, footer_.addresses_at));
    addresses_ = AddressTable(section(footer_.addresses_at, footer_.orders_at));
    orders_ = read_orders(section(footer_.orders_at, footer_.footer_at));
}

}  // namespace saring::image
