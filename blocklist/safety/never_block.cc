#include "safety/never_block.h"

#include <sstream>

#include "hostname/host_name.h"

namespace saring::safety {
namespace {

std::string trimmed(const std::string& text) {
    auto begin = text.find_first_not_of(" \t\r");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool is_prefix(const std::string& entry) {
    bool digits = entry.find_first_of("0123456789") != std::string::npos &&
                  entry.find_first_not_of("0123456789./") == std::string::npos;
    return digits || entry.find(':') != std::string::npos;
}

}  // namespace

void each_never_block_entry(ByteView text, const std::string& source,
                            const std::function<void(const NeverBlockEntry&)>& visit) {
    using Extent = ProtectedNames::Extent;
    std::istringstream lines{Bytes(text)};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (number == 1 && line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
        auto hash = line.find('#');
        std::string entry = trimmed(line.substr(0, hash));
        if (entry.empty()) continue;
        NeverBlockEntry out;
        if (hash != std::string::npos) out.what = trimmed(line.substr(hash + 1));
        try {
            if (is_prefix(entry)) {
                out.prefix = Prefix::parse(entry);
                visit(out);
                continue;
            }
            auto takes = [&](char mark) {
                bool there = entry[0] == mark && entry.size() > 1;
                if (there) entry.erase(0, 1);
                return there;
            };
            out.shared = takes('@');
            if (takes('!')) {
                out.extent = Extent::not_below;
            } else if (takes('.')) {
                out.extent = Extent::and_below;
            } else if (entry.rfind("*.", 0) == 0) {
                entry.erase(0, 2);
                out.extent = Extent::below;
            }
            out.name = hostname::parse_name_input(entry);
            if (out.name.is_root())
                throw Error(ErrorKind::usage, "", msg("is the root, which no order can name"), msg("leave it out"));
            visit(out);
        } catch (const Error& e) {
            throw Error(ErrorKind::usage, source + ":" + std::to_string(number), e.why(), e.remedy());
        }
    }
}

void NeverBlock::read(ByteView text, const std::string& source) {
    each_never_block_entry(text, source, [&](const NeverBlockEntry& e) {
        if (e.prefix) prefixes.push_back({*e.prefix, e.what});
        else names.add(e.name, e.extent, e.what, e.shared);
    });
}

void NeverBlock::read_whole(ByteView text, const std::string& source) {
    if (!text.empty() && text.back() != '\n')
        throw Error(ErrorKind::usage, source, msg("has no line end at its end, so it may be truncated"),
                    msg("if the file is complete, end its last line"));
    bool any = false;
    each_never_block_entry(text, source, [&](const NeverBlockEntry&) { any = true; });
    if (!any)
        throw Error(ErrorKind::usage, source, msg("protects nothing: it has no entry"),
                    msg("restore it, or take it out of safety.never_block_files"));
    read(text, source);
}

}  // namespace saring::safety
