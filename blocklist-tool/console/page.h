// The content of a page of the console before it is HTML. All text is untrusted until page.html escapes it; the only
// markup made here are the charts of report/svg.h.
#pragma once

#include <string>
#include <vector>

#include "console/reader.h"
#include "output/output.h"

namespace saring::tool::console {

enum class Tone { plain, good, warning, bad, quiet };

struct Cell {
    std::string text;
    std::string href = {};  // within the console
    Tone tone = Tone::plain;
    std::string time = {};  // RFC 3339, for programs
    bool is_number = false;
    std::string bar = {};   // SVG, after the text
    std::string live = {};  // "per_second": a figure that the live view renews
};

struct Table {
    std::string caption;
    std::vector<std::string> heads;
    std::vector<std::size_t> numbers;  // columns of numbers
    std::vector<std::vector<Cell>> rows;
    std::string live = {};  // "hits": rows that the live view adds
};

struct Fact {
    std::string label;
    std::vector<Cell> values;
};

struct Section {
    std::string id;  // letters, for links and the table of contents
    std::string title;
    std::vector<Cell> paragraphs = {};
    std::vector<Fact> tiles = {}, facts = {};
    std::vector<Table> tables = {};
    std::string chart = {};  // SVG
    std::string chart_note = {};
    std::string command = {};   // for a shell, ready to be copied
    std::string document = {};  // text as it is
    std::vector<Cell> links = {};
    bool is_open = true;  // false: folded until it is opened
};

struct FormField {
    std::string name, label, value, hint = {};
    std::vector<std::pair<std::string, std::string>> choices = {};  // value and text; empty: typed freely
    bool is_rare = false;                                           // folded away unless it is set
};

struct Page {
    std::string title;
    std::string path;               // which entry of the menu it is
    Parameters query = {};          // of this page, for links to the same in another language or zone
    std::string heading_note = {};  // beside the heading
    Tone tone = Tone::plain;        // of that note
    std::vector<FormField> form = {};
    std::string form_path = {};
    std::vector<Section> sections = {};
    std::string live = {};  // address of the live view; empty: nothing moves
    int status = 200;
    std::uint64_t hits_shown = 0;
    bool shows_subscribers = false;
    bool is_unfinished = false;  // counts of hits are missing, and are counted meanwhile
};

std::string html_of(const Page& page, const Reader& reader);

// Cells that come up again and again.
Cell text_cell(const std::string& text, Tone tone = Tone::plain);
Cell text_cell(const Json& value);  // text, a number, "–" for null
Cell number_cell(std::uint64_t n, const Reader& reader);
Cell time_cell(const Json& rfc3339, const Reader& reader);  // "–" for null and for what never comes
Cell name_cell(const std::string& name, const Reader& reader);
Cell order_cell(const std::string& id, const Reader& reader);

}  // namespace saring::tool::console
