#include "order/csv.h"

#include <csv.h>

#include <algorithm>
#include <memory>

namespace saring::order {
namespace {

// Converts to one kind of line end, so that lines can be counted.
std::string plain_text(ByteView text, const std::string& source) {
    if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff")
        throw Error(ErrorKind::usage, source, msg("is UTF-16 text"),
                    msg("save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")"));
    if (text.substr(0, 4) == "PK\x03\x04")
        throw Error(ErrorKind::usage, source, msg("is a spreadsheet file, not text"), msg("save it as CSV"));
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0')
            throw Error(ErrorKind::usage, source, msg("contains a zero byte: it is not text"),
                        msg("save it as CSV in UTF-8"));
        if (text[i] != '\r') out.push_back(text[i]);
        else if (i + 1 == text.size() || text[i + 1] != '\n') out.push_back('\n');
    }
    return out;
}

char likely_delimiter(const std::string& text) {
    auto begin = text.find_first_not_of("\n ");
    if (begin == std::string::npos) return ',';
    std::string first = text.substr(begin, text.find('\n', begin) - begin);
    char best = ',';
    for (char c : {';', '\t'})
        if (std::count(first.begin(), first.end(), c) > std::count(first.begin(), first.end(), best)) best = c;
    return best;
}

struct Collector {
    std::vector<CsvRow> rows;
    CsvRow row{1, {}};
    std::uint64_t line = 1;

    void field(void* data, std::size_t size) {
        row.cells.emplace_back(static_cast<const char*>(data), size);
        line += static_cast<std::uint64_t>(std::count(row.cells.back().begin(), row.cells.back().end(), '\n'));
    }
    void end_of_row() {
        bool empty = std::all_of(row.cells.begin(), row.cells.end(),
                                 [](const auto& c) { return c.find_first_not_of(" \t\n") == std::string::npos; });
        if (!empty) rows.push_back(std::move(row));
    }
};

// A tab that is the delimiter must not be stripped as blank space around a field.
int only_space(unsigned char c) { return c == ' '; }

}  // namespace

std::vector<CsvRow> read_csv(ByteView raw, const std::string& source, char delimiter) {
    std::string text = plain_text(raw, source);
    csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        throw Error(ErrorKind::usage, source, msg("cannot be read: out of memory"), msg("free memory"));
    std::unique_ptr<csv_parser, void (*)(csv_parser*)> owner(&parser, csv_free);
    csv_set_delim(&parser, static_cast<unsigned char>(delimiter ? delimiter : likely_delimiter(text)));
    csv_set_space_func(&parser, only_space);
    Collector out;
    auto field = [](void* data, std::size_t size, void* to) { static_cast<Collector*>(to)->field(data, size); };
    auto end = [](int newline, void* to) {
        auto& c = *static_cast<Collector*>(to);
        c.end_of_row();
        if (newline == '\n') ++c.line;
        c.row = {c.line, {}};
    };
    bool whole = csv_parse(&parser, text.data(), text.size(), field, end, &out) == text.size() &&
                 csv_fini(&parser, field, end, &out) == 0;
    if (!whole)
        throw Error(ErrorKind::usage, source + ":" + std::to_string(out.row.line),
                    msg("has a quotation mark that is not closed, or is inside a cell"),
                    msg("put the whole cell in quotation marks, and double those inside it"));
    return std::move(out.rows);
}

std::string csv_record(const std::vector<std::string>& cells) {
    std::string out;
    for (const auto& cell : cells) {
        bool formula = !cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos;
        std::string plain = formula ? "'" + cell : cell, quoted(2 * plain.size() + 2, '\0');
        quoted.resize(csv_write(quoted.data(), quoted.size(), plain.data(), plain.size()));
        // Quotes only where they are needed: smaller, and easier to read.
        bool unquoted = plain.find_first_of("\",\r\n") == std::string::npos;
        if (&cell != &cells.front()) out += ',';
        out += unquoted ? plain : quoted;
    }
    return out + "\r\n";
}

}  // namespace saring::order
