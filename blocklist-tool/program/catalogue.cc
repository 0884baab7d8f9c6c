#include "program/catalogue.h"

#include <cstring>
#include <fstream>
#include <iterator>

namespace saring::tool {
namespace {

constexpr std::uint32_t mo_magic = 0x950412de;  // in the byte order of the machine that msgfmt ran on

constexpr std::string_view nothing = "";  // not a null pointer

}  // namespace

bool Catalogue::open(const std::string& file) {
    content_.clear();
    count_ = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in) return false;
    content_.assign(std::istreambuf_iterator<char>(in), {});
    if (content_.size() < 20 || number(0) != mo_magic) return false;
    originals_ = number(12);
    translations_ = number(16);
    count_ = number(8);
    if (count_ > content_.size() / 16) count_ = 0;  // each message has two entries of eight bytes
    return count_ > 0;
}

std::uint32_t Catalogue::number(std::size_t offset) const {
    std::uint32_t out = 0;
    if (offset <= content_.size() && content_.size() - offset >= sizeof out)
        std::memcpy(&out, content_.data() + offset, sizeof out);
    return out;
}

std::string_view Catalogue::text(std::size_t table, std::size_t index) const {
    std::size_t size = number(table + 8 * index), offset = number(table + 8 * index + 4);
    // Each string ends with a zero byte, which `size` does not count.
    if (offset >= content_.size() || size >= content_.size() - offset) return nothing;
    if (content_[offset + size] != '\0') return nothing;
    return {content_.data() + offset, size};
}

const char* Catalogue::find(const char* one, const char* many, std::uint64_t n) const {
    // Messages are sorted as by strcmp(). A plural form follows the singular after a zero byte.
    std::size_t begin = 0, end = count_;
    while (begin < end) {
        std::size_t middle = begin + (end - begin) / 2;
        int order = std::strcmp(one, text(originals_, middle).data());
        if (order == 0) {
            auto found = text(translations_, middle);
            if (found.empty()) return nullptr;
            // A second plural form is chosen as in English; Indonesian has only one form.
            if (auto next = found.find('\0'); many && n != 1 && next != found.npos) found.remove_prefix(next + 1);
            return found.data();
        }
        if (order < 0) end = middle;
        else begin = middle + 1;
    }
    return nullptr;
}

}  // namespace saring::tool
