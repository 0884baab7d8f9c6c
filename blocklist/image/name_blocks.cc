#include "image/name_blocks.h"

#include "image/refusal.h"

namespace saring::image {
namespace {

// Length of the longest common prefix, in bytes.
std::size_t common(const char* a, std::size_t a_size, const char* b, std::size_t b_size) noexcept {
    std::size_t size = std::min(a_size, b_size), i = 0;
    while (i < size && a[i] == b[i]) ++i;
    return i;
}

}  // namespace

void NameBlockWriter::add(ByteView key, SetId set) {
    if (key.size() < 2 || key.size() > max_key || key.back() != '\0')
        throw Error(ErrorKind::database, msg("database"), msg("corrupt: a key that is not a name"),
                    msg("restore a backup or sync again into a new database"));
    ByteView name = key.substr(0, key.size() - 1);
    std::size_t shared = common_size(name, last_);
    if (count_ > 0 &&
        !(shared < name.size() && (shared == last_.size() || static_cast<unsigned char>(name[shared]) >
                                                                 static_cast<unsigned char>(last_[shared]))))
        throw Error(ErrorKind::database, msg("database"), msg("corrupt: names out of order"),
                    msg("restore a backup or sync again into a new database"));
    while (!ancestors_.empty() && (ancestors_.back().size > shared || name[ancestors_.back().size] != '\0'))
        ancestors_.pop_back();

    ByteWriter entry;
    bool other = set != last_set_;
    entry.varint(shared);
    entry.varint(2 * (name.size() - shared) + other);
    entry.raw(name.substr(shared));
    if (other) entry.varint(set);
    if (block_.empty() || block_.size() + entry.size() > block_bytes) {
        end_block();
        begin_block(name, set, count_ == 0 ? ByteView("\0", 1) : name.substr(0, shared + 1));
    } else {
        block_ += entry.take();
    }
    ancestors_.push_back({name.size(), set});
    last_ = name;
    last_set_ = set;
    ++count_;
}

void NameBlockWriter::begin_block(ByteView name, SetId set, ByteView separator) {
    ByteWriter w;
    w.varint(ancestors_.size());
    std::size_t labels = 1, at = 0;
    for (const auto& a : ancestors_) {
        for (; at < a.size; ++at) labels += name[at] == '\0';
        w.varint(labels);
        w.varint(a.set);
    }
    w.varint(name.size());
    w.raw(name);
    w.varint(set);
    block_ = w.take();
    separator_ = separator;
}

void NameBlockWriter::end_block() {
    if (!block_.empty()) out_(separator_, block_);
    block_.clear();
}

void NameBlockWriter::finish() { end_block(); }

std::size_t find_in_block(ByteView block, const LookupKey& key, FoundName* out) noexcept {
    if (key.labels() == 0) return 0;
    const char* name = key.view().data();
    std::size_t size = key.view().size() - 1;
    Cursor in{block.data(), block.data() + block.size()};
    std::size_t found = 0;
    auto add = [&](std::size_t labels, SetId set) {
        if (found < max_found) out[found++] = {static_cast<std::uint8_t>(labels), set};
    };

    // The ancestors of the first name; the length it shares with `key` tells how many are ancestors of `key` as well.
    std::uint32_t ancestors = in.varint();
    Cursor listed = in;
    for (std::uint32_t i = 0; in.good && i < ancestors; ++i) in.varint(), in.varint();
    std::size_t first_size = in.varint();
    const char* first = in.take(first_size);
    SetId set = in.varint();
    if (!in.good) return 0;
    std::size_t matched = common(name, size, first, first_size);
    for (std::uint32_t i = 0; i < ancestors; ++i) {
        std::size_t labels = listed.varint();
        SetId claims = listed.varint();
        if (labels == 0 || labels >= key.labels() || key.ancestor(labels).size() > matched) break;
        add(labels, claims);
    }

    // If the current name is a prefix of `key` that ends at a label's end, it is the name or an ancestor.
    auto ends_here = [&](SetId claims) {
        if (matched == size || name[matched] == '\0') add(key.labels_within(matched + 1), claims);
    };
    if (matched == first_size) ends_here(set);
    else if (matched == size || static_cast<unsigned char>(first[matched]) > static_cast<unsigned char>(name[matched]))
        return found;
    while (in.at != in.end) {
        std::size_t shared = in.varint(), head = in.varint();
        const char* suffix = in.take(head >> 1);
        if (head & 1) set = in.varint();
        if (!in.good || shared < matched) return found;
        if (shared > matched) continue;
        std::size_t suffix_size = head >> 1, same = common(name + matched, size - matched, suffix, suffix_size);
        matched += same;
        if (same == suffix_size) ends_here(set);
        else if (matched == size ||
                 static_cast<unsigned char>(suffix[same]) > static_cast<unsigned char>(name[matched]))
            return found;
    }
    return found;
}

bool each_in_block(ByteView block, Bytes& key, const std::function<bool(ByteView, SetId)>& visit) {
    Cursor in{block.data(), block.data() + block.size()};
    for (std::uint32_t n = in.varint(); in.good && n > 0; --n) in.varint(), in.varint();
    std::size_t shared = 0, size = in.varint();
    const char* suffix = in.take(size);
    SetId set = in.varint();
    for (bool first = true;; first = false) {
        if (!first) {
            if (in.at == in.end) return true;
            shared = in.varint();
            std::size_t head = in.varint();
            size = head >> 1;
            suffix = in.take(size);
            if (head & 1) set = in.varint();
        }
        if (!in.good || (!first && shared > key.size() - 1) || shared + size + 1 > max_key)
            throw malformed(msg("has a damaged block of names"));
        key.resize(first ? 0 : shared);
        key.append(suffix, size);
        key.push_back('\0');
        if (!visit(key, set)) return false;
    }
}

}  // namespace saring::image
