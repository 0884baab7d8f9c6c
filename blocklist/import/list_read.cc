#include "import/list_read.h"

#include "import/cut_line.h"

namespace saring {

constexpr std::streamsize beginning_size = 65536;

const char* to_string(ListFormat format) {
    switch (format) {
        case ListFormat::hosts: return "hosts";
        case ListFormat::domains: return "domains";
        case ListFormat::rpz: return "rpz";
    }
    return "?";
}

std::string peek_beginning(std::istream& in) {
    auto at = in.tellg();
    if (at < 0) {
        in.clear();
        return {};
    }
    std::string out(static_cast<std::size_t>(beginning_size), '\0');
    in.read(out.data(), beginning_size);
    out.resize(static_cast<std::size_t>(in.gcount()));
    in.clear();
    in.seekg(at);
    // A last line that is cut would count as something it is not.
    if (static_cast<std::streamsize>(out.size()) == beginning_size) out.resize(out.rfind('\n') == std::string::npos ? out.size() : out.rfind('\n'));
    return out;
}

RpzContent read_list(std::istream& in, ListFormat format, const RpzFileOptions& options, const std::string& source,
                     Progress& progress, bool whole) {
    auto unfinished = whole ? std::string() : unfinished_line(in);
    if (auto beginning = peek_beginning(in); !beginning.empty()) refuse_web_page(beginning, source);
    RpzContent out;
    if (format == ListFormat::rpz)
        out = read_rpz_file(in, options, progress);
    else
        out.list = parse_list(in, format, progress);
    if (format != ListFormat::rpz && !unfinished.empty()) leave_out_if_cut(out.list, unfinished, format);
    out.require_landing(ErrorKind::usage, source);
    if (out.list.size() == 0)
        throw Error(ErrorKind::usage, source,
                    msg("has no name or address that can be imported in format %1", to_string(format)),
                    msg("check the list and its format; nothing was changed"));
    return out;
}

}  // namespace saring
