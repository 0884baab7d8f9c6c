// saring.so: whether it exists, can be loaded, and was built for the installed Unbound.
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "base/file.h"
#include "doctor/installation.h"
#include "program/child_program.h"

namespace saring::tool {
namespace {

constexpr std::size_t max_program = 256u << 20;

// Empty if it can be loaded. Tried in a child process, since a damaged file can crash it. Unbound's own functions are
// missing here and are resolved last, so an undefined symbol means that everything else was found.
Message cannot_load(const std::string& file) {
    int ends[2];
    if (::pipe(ends) != 0) return "";
    pid_t child = ::fork();
    if (child == 0) {
        std::string why = ::dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL) ? "" : ::dlerror();
        if (why.find("undefined symbol") != std::string::npos) why.clear();
        bool written = ::write(ends[1], why.data(), why.size()) == static_cast<ssize_t>(why.size());
        ::_exit(written ? 0 : 1);
    }
    ::close(ends[1]);
    std::string why;
    char buffer[1024];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) why.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return "";
    return why.empty() && !(WIFEXITED(status) && WEXITSTATUS(status) == 0) ? msg("loading it crashes the process")
                                                                           : why;
}

// The GNU build-id of an ELF file, lower-case hex; empty if there is none.
std::string build_id_of(const Bytes& program) {
    ElfW(Ehdr) head;
    if (program.size() < sizeof head) return "";
    std::memcpy(&head, program.data(), sizeof head);
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return "";
    for (unsigned n = 0; n < head.e_phnum; ++n) {
        ElfW(Phdr) segment;
        std::size_t at = head.e_phoff + std::size_t{n} * sizeof segment;
        if (at > program.size() || sizeof segment > program.size() - at) return "";
        std::memcpy(&segment, program.data() + at, sizeof segment);
        if (segment.p_type != PT_NOTE || segment.p_offset > program.size() ||
            segment.p_filesz > program.size() - segment.p_offset)
            continue;
        ByteView notes(program.data() + segment.p_offset, segment.p_filesz);
        while (notes.size() >= sizeof(ElfW(Nhdr))) {
            ElfW(Nhdr) note;
            std::memcpy(&note, notes.data(), sizeof note);
            std::size_t name = (note.n_namesz + std::size_t{3}) & ~std::size_t{3},
                        content = (note.n_descsz + std::size_t{3}) & ~std::size_t{3};
            if (name + content > notes.size() - sizeof note) break;
            if (note.n_type == NT_GNU_BUILD_ID && notes.substr(sizeof note, 4) == ByteView("GNU\0", 4))
                return hex(notes.substr(sizeof note + name, note.n_descsz));
            notes.remove_prefix(sizeof note + name + content);
        }
    }
    return "";
}

// The module contains, as text, the build-id of the Unbound it was built for (module/build_id.h).
void check_fit(Installation& i) {
    auto program = find_program(i.options.unbound);
    if (program.empty()) return;
    auto id = build_id_of(read_file(program, max_program));
    if (id.empty())
        return i.found.unseen("module.build", msg("%1 has no build-id to compare", program),
                              msg("install an unbound linked with -Wl,--build-id"));
    if (read_file(i.module_file, max_program).find(id) != Bytes::npos)
        i.found.ok("module.build", msg("built for this Unbound, build-id %1", id));
    else
        i.found.fail("module.build",
                     msg("%1 was built for another Unbound than %2 (build-id %3), and refuses to start in it",
                         i.module_file, program, id),
                     msg("apt install ./unbound_*+saring*.deb ./unbound-module-saring_*.deb, both of one build"));
}

}  // namespace

void check_module_file(Installation& i) {
    if (!i.unbound_conf_read) return;
    if (i.module_file.empty())
        return i.found.fail("module.file", msg("no dynlib-file is set"),
                            msg("in %1: dynlib: dynlib-file: \"%2\"", i.options.unbound_conf, SARING_MODULE_FILE));
    if (::access(i.module_file.c_str(), F_OK) != 0)
        return i.found.fail("module.file", i.module_file + ": " + std::strerror(errno),
                            msg("apt install ./unbound-module-saring_*.deb, or set dynlib-file to where saring.so is"));
    if (::access(i.module_file.c_str(), R_OK) != 0)
        return i.found.unseen("module.file", i.module_file + ": " + std::strerror(errno), "sudo blocklist-tool doctor");
    if (auto why = cannot_load(i.module_file); !why.empty())
        return i.found.fail("module.file", msg("cannot be loaded: %1", why),
                            "apt install --reinstall ./unbound-module-saring_*.deb");
    i.found.ok("module.file", msg("%1: can be loaded", i.module_file));
    check_fit(i);
}

}  // namespace saring::tool
