#include "build_id.h"

#include <elf.h>
#include <link.h>

#include <cstring>

#include "base/error.h"
#include "unbound_build.h"  // generated: unbound_build_id, unbound_build_version

namespace saring {
namespace {

std::string hex(const unsigned char* bytes, std::size_t size) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
        out.push_back(digits[bytes[i] >> 4]);
        out.push_back(digits[bytes[i] & 15]);
    }
    return out;
}

std::string id_in_notes(const char* at, const char* end) {
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        ElfW(Nhdr) note;
        std::memcpy(&note, at, sizeof note);
        const char* name = at + sizeof note;
        const char* content = name + ((note.n_namesz + 3u) & ~3u);
        const char* next = content + ((note.n_descsz + 3u) & ~3u);
        if (next > end) break;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0)
            return hex(reinterpret_cast<const unsigned char*>(content), note.n_descsz);
        at = next;
    }
    return {};
}

// The first object that dl_iterate_phdr visits is the program itself.
int visit_program(dl_phdr_info* info, std::size_t, void* out) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type != PT_NOTE) continue;
        const char* begin = reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr);
        auto id = id_in_notes(begin, begin + header.p_memsz);
        if (!id.empty()) *static_cast<std::string*>(out) = id;
    }
    return 1;
}

}  // namespace

std::string running_build_id() {
    std::string id;
    dl_iterate_phdr(visit_program, &id);
    return id;
}

void require_built_for_this_unbound() {
    std::string running = running_build_id();
    if (running == unbound_build_id) return;
    throw Error(ErrorKind::usage, "this Unbound",
                "has build-id " + (running.empty() ? "none" : running) + ", but the module was built for Unbound " +
                    unbound_build_version + " with build-id " + unbound_build_id,
                "install the module package that matches this unbound, or build it with -DUNBOUND_SOURCE_DIR");
}

}  // namespace saring
