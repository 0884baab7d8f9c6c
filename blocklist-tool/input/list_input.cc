#include "input/list_input.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "base/file.h"
#include "base/sha256.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

constexpr std::uint64_t max_pinned = 4ull << 30;  // bytes; a file with a given SHA-256 is read into memory
constexpr std::size_t first_reasons = 10, skipped_examples = 10;

using Reasons = std::map<std::string, list::ReasonCount, std::less<>>;

// Copies a pipe to a nameless file, since a list is read twice: its format is known only at its end.
std::unique_ptr<std::istream> copied_to_file(std::istream& in, const std::string& what) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
    std::vector<char> buffer(1 << 16);
    std::uint64_t size = 0;
    auto fail = [&](const Message& why) {
        return Error(ErrorKind::usage, what, why, msg("save it to a file and import that; nothing was changed"));
    };
    while (file && (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0)) {
        auto got = static_cast<std::size_t>(in.gcount());
        if ((size += got) > listfile::ListText::max_unpacked)
            throw fail(msg("is larger than %1 bytes", listfile::ListText::max_unpacked));
        if (std::fwrite(buffer.data(), 1, got, file.get()) != got) file.reset();
    }
    if (!file || std::fflush(file.get()) != 0)
        throw fail(msg("could not be saved to a temporary file: %1", std::strerror(errno)));
    return std::make_unique<std::ifstream>("/proc/self/fd/" + std::to_string(fileno(file.get())), std::ios::binary);
}

// Reads the file once, so that it cannot change between hashing and parsing.
std::unique_ptr<std::istream> pinned(const ListInput& input) {
    auto content =
        input.file == "-" ? Bytes(std::istreambuf_iterator<char>(std::cin), {}) : read_file(input.file, max_pinned);
    if (auto digest = sha256_hex(content); digest != input.sha256)
        throw Error(ErrorKind::trust, input.file, msg("has the SHA-256 %1, not %2", digest, input.sha256),
                    msg("it is another list; nothing was changed"));
    return std::make_unique<std::istringstream>(std::move(content));
}

std::unique_ptr<std::istream> open_list(const ListInput& input) {
    if (!input.sha256.empty()) return pinned(input);
    if (input.file == "-") return copied_to_file(std::cin, "standard input");
    auto in = std::make_unique<std::ifstream>(input.file, std::ios::binary);
    if (!*in || in->peek() == std::ifstream::traits_type::eof())
        throw Error(ErrorKind::usage, input.file, msg("cannot be read, or is empty"),
                    msg("check the path and its permissions"));
    if (in->tellg() >= 0) return in;
    in->clear();
    return copied_to_file(*in, input.file);
}

std::uint64_t size_of(std::istream& in) {
    in.seekg(0, std::ios::end);
    auto size = in.tellg();
    in.seekg(0);
    return size < 0 ? 0 : static_cast<std::uint64_t>(size);
}

void report_lines(const std::string& file, const std::vector<list::BadLine>& lines, std::size_t most) {
    for (std::size_t i = 0; i < std::min(lines.size(), most); ++i)
        complain(file + ":" + std::to_string(lines[i].line) + ": \"" + shown(lines[i].text) +
                 "\": " + shown(translated(lines[i].explanation())));
}

// Reports broken lines one by one, and examples of valid lines that a list cannot contain (of a zone, all records); if
// there are more, the number of lines for each reason.
void report_content(const std::string& file, const listfile::ReadList& content, std::size_t most) {
    const auto& list = content.list;
    bool zone = list.format == list::ListFormat::rpz;
    if (content.guessed) complain(file + ": " + translated(describe_format(content)));
    auto bad = std::min(list.bad.size(), most),
         skipped = std::min(list.skipped.size(), zone ? most : std::min(most, skipped_examples));
    report_lines(file, list.bad, bad);
    report_lines(file, list.skipped, skipped);
    auto skipped_total = list.skipped_count;
    for (const auto& landing : content.landings) skipped_total -= landing.records - 1;  // one line for all of them
    auto reasons = [](const Reasons& r) { return shown(translated(listfile::tally(r, list::max_reasons))); };
    if (list.bad_count > bad)
        complain(trn("%2: %1 bad line: %3", "%2: %1 bad lines: %3", list.bad_count, file, reasons(list.bad_reasons)));
    if (skipped_total > skipped)
        complain(trn("%2: %1 line that a list cannot contain: %3", "%2: %1 lines that a list cannot contain: %3",
                     list.skipped_count, file, reasons(list.skipped_reasons)));
    if (content.passed_but_covered == 0) return;
    std::string names;
    for (const auto& n : content.passed_examples) names += (names.empty() ? "" : ", ") + n;
    const char* sentence = zone ? marked(
                                      "%1: %2 names that the zone passes are below names that it blocks, and are "
                                      "blocked (%3%4); an order with action passthru keeps them open")
                                : marked(
                                      "%1: %2 names that the list excepts are below names that it blocks, and are "
                                      "blocked (%3%4); an order with action passthru keeps them open");
    complain(tr(sentence, file, content.passed_but_covered, names,
                content.passed_but_covered > content.passed_examples.size() ? ", ..." : ""));
}

}  // namespace

listfile::ReadList read_and_report(const ListInput& input) {
    TerminalProgress progress(input.quiet);
    auto in = open_list(input);
    auto size = size_of(*in);
    listfile::ListText text(*in, input.file == "-" ? "standard input" : input.file);
    progress.begin(msg("reading %1", input.file), msg("bytes"), text.packed() ? 0 : size);
    auto content = read_list(text,
                             {input.format,
                              policy::parse_match(input.match, "--match"),
                              {input.origin, list::Landings(input.landings, "--landing")},
                              !input.sha256.empty()},
                             progress);
    progress.end();
    content.require_landing(ErrorKind::usage, text.source());  // its message is complete
    try {
        require_list(content, text);
    } catch (const Error&) {
        report_content(text.source(), content, first_reasons);
        throw;
    }
    report_content(text.source(), content, list::max_bad_kept);
    return content;
}

Json lines_json(const std::vector<list::BadLine>& lines) {
    Json out = Json::array();
    for (const auto& b : lines)
        out.push_back({{"line", b.line}, {"text", b.text}, {"reason", b.explanation().english()}});
    return out;
}

Json reasons_json(const Reasons& reasons) {
    Json out = Json::array();
    for (const auto& [key, r] : reasons) out.push_back({{"reason", r.reason.english()}, {"count", r.count}});
    return out;
}

}  // namespace saring::tool
