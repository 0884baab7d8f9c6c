#include "console/page.h"

#include <kainjow/mustache.hpp>

#include "base/time_text.h"
#include "text/html.h"
#include "text/printable.h"

namespace saring::tool::console {
namespace {

using kainjow::mustache::data;

constexpr const char* menu[] = {"/",           "/hits",    "/live",  "/name",    "/orders",
                                "/quarantine", "/journal", "/feeds", "/quality", "/health"};

data nothing() { return data(data::type::bool_false); }
data text_or_nothing(const std::string& text) { return text.empty() ? nothing() : data(text); }

template <typename Items, typename Make>
data list_of(const Items& items, Make make) {
    if (items.empty()) return nothing();
    data out(data::type::list);
    for (const auto& item : items) out.push_back(make(item));
    return out;
}

// Whether there are any: around a list, what stands once.
template <typename Items>
data any_of_list(const Items& items) {
    return data(!items.empty());
}

const char* tone_word(Tone tone) {
    switch (tone) {
        case Tone::good: return "good";
        case Tone::warning: return "warning";
        case Tone::bad: return "bad";
        case Tone::quiet: return "quiet";
        case Tone::plain: break;
    }
    return "plain";
}

data cell_data(const Cell& c) {
    data d;
    d.set("text", c.text);
    d.set("href", text_or_nothing(c.href));
    d.set("tone", tone_word(c.tone));
    d.set("time", text_or_nothing(c.time));
    d.set("number", data(c.is_number));
    d.set("bar", text_or_nothing(c.bar));
    d.set("live", text_or_nothing(c.live));
    return d;
}

data fact_data(const Fact& f) {
    data d;
    d.set("label", f.label);
    d.set("values", list_of(f.values, cell_data));
    return d;
}

data table_data(const Table& t, const std::string& section) {
    data d;
    d.set("caption", t.caption);
    d.set("told_already", data(t.caption == section));
    d.set("table_live", text_or_nothing(t.live));
    data heads(data::type::list);
    for (std::size_t i = 0; i < t.heads.size(); ++i) {
        data head;
        head.set("text", t.heads[i]);
        head.set("number", data(std::find(t.numbers.begin(), t.numbers.end(), i) != t.numbers.end()));
        heads.push_back(head);
    }
    d.set("heads", heads);
    d.set("rows", list_of(t.rows, [&](const std::vector<Cell>& row) {
              data r;
              data cells(data::type::list);
              for (std::size_t i = 0; i < row.size(); ++i) {
                  data c = cell_data(row[i]);
                  c.set("head", i < t.heads.size() ? t.heads[i] : std::string());
                  c.set("row_head", data(i == 0));
                  cells.push_back(c);
              }
              r.set("cells", cells);
              return r;
          }));
    return d;
}

data section_data(const Section& s) {
    data d;
    d.set("id", s.id);
    d.set("title", s.title);
    d.set("open", data(s.is_open));
    d.set("folded", data(!s.is_open));
    d.set("paragraphs", list_of(s.paragraphs, cell_data));
    d.set("has_tiles", any_of_list(s.tiles));
    d.set("tiles", list_of(s.tiles, fact_data));
    d.set("has_facts", any_of_list(s.facts));
    d.set("facts", list_of(s.facts, fact_data));
    d.set("tables", list_of(s.tables, [&](const Table& t) { return table_data(t, s.title); }));
    d.set("chart", text_or_nothing(s.chart));
    d.set("chart_note", text_or_nothing(s.chart_note));
    d.set("command", text_or_nothing(s.command));
    d.set("document", text_or_nothing(s.document));
    d.set("has_links", any_of_list(s.links));
    d.set("links", list_of(s.links, cell_data));
    return d;
}

data field_data(const FormField& f) {
    data d;
    d.set("name", f.name);
    d.set("label", f.label);
    d.set("value", f.value);
    d.set("hint", text_or_nothing(f.hint));
    d.set("choice", any_of_list(f.choices));
    d.set("choices", list_of(f.choices, [&](const auto& choice) {
              data c;
              c.set("choice_value", choice.first);
              c.set("choice_text", choice.second);
              c.set("selected", data(choice.first == f.value));
              return c;
          }));
    return d;
}

// Links to this page for another choice of one thing.
template <typename Values, typename Name>
data switches(const Page& page, const Reader& reader, const char* parameter, const Values& values,
              const std::string& now, Name name_of) {
    return list_of(values, [&](const auto& value) {
        data d;
        auto query = page.query;
        for (const auto& [name, chosen] : reader.chosen()) query[name] = chosen;
        std::string name = name_of(value);
        query[parameter] = name;
        d.set("switch_href", url_of(page.path, query));
        d.set("switch_name", name);
        d.set("current", data(name == now));
        return d;
    });
}

}  // namespace

std::string html_of(const Page& page, const Reader& reader) {
    const auto& w = reader.words();
    data d, words;
    for (const auto& [key, text] : w.all()) words.set(key, text);
    d.set("w", words);
    d.set("language", reader.language());
    d.set("title", page.title);
    d.set("note", text_or_nothing(page.heading_note));
    d.set("note_tone", tone_word(page.tone));
    d.set("live", text_or_nothing(page.live));
    d.set("zone", reader.zone().name);
    d.set("utc_offset", std::to_string(reader.zone().hours));
    d.set("now", reader.time(now_unix()));
    d.set("version", std::string(SARING_VERSION));
    d.set("menu", list_of(std::vector<std::string>(std::begin(menu), std::end(menu)), [&](const std::string& path) {
              data entry;
              entry.set("entry_href", reader.link(path));
              entry.set("entry_text", w["menu" + (path == "/" ? "_overview" : "_" + path.substr(1))]);
              entry.set("current", data(path == page.path || (path == "/orders" && page.path == "/order") ||
                                        (path == "/hits" && page.path == "/top") ||
                                        (path == "/journal" && page.path == "/commit")));
              return entry;
          }));
    d.set("languages", switches(page, reader, "lang", std::vector<std::string>{"id", "en"}, reader.language(),
                                [](const std::string& l) { return l; }));
    d.set("zones",
          switches(page, reader, "tz", zones(), reader.zone().name, [](const Zone& z) { return std::string(z.name); }));
    d.set("has_form", any_of_list(page.form));
    d.set("form_path", page.form_path);
    d.set("form_kept", list_of(reader.chosen(), [](const auto& kept) {
              data k;
              k.set("kept_name", kept.first);
              k.set("kept_value", kept.second);
              return k;
          }));
    std::vector<FormField> usual, rare;
    bool rare_is_set = false;
    for (const auto& f : page.form) {
        (f.is_rare ? rare : usual).push_back(f);
        rare_is_set |= f.is_rare && !f.value.empty();
    }
    d.set("fields", list_of(usual, field_data));
    d.set("has_rare", any_of_list(rare));
    d.set("rare_open", data(rare_is_set));
    d.set("rare_fields", list_of(rare, field_data));
    d.set("sections", list_of(page.sections, section_data));
    static const std::string layout(shipped_console_file("page.html"));
    kainjow::mustache::mustache m(layout);
    m.set_custom_escape([](const std::string& text) { return html_escape(text); });
    return m.render(d);
}

Cell text_cell(const std::string& text, Tone tone) { return {.text = text, .tone = tone}; }

Cell text_cell(const Json& value) {
    if (value.is_null() || (value.is_string() && value.get<std::string>().empty()))
        return text_cell(std::string("–"), Tone::quiet);
    return text_cell(value.is_string() ? value.get<std::string>() : value.dump());
}

Cell number_cell(std::uint64_t n, const Reader& reader) { return {.text = reader.number(n), .is_number = true}; }

Cell time_cell(const Json& value, const Reader& reader) {
    if (!value.is_string()) return text_cell(std::string("–"), Tone::quiet);
    auto text = value.get<std::string>();
    return {.text = reader.time_of(text), .time = text};
}

Cell name_cell(const std::string& name, const Reader& reader) {
    if (name.empty()) return text_cell(std::string("–"), Tone::quiet);
    return {.text = name, .href = reader.link("/name", {{"name", name}})};
}

Cell order_cell(const std::string& id, const Reader& reader) {
    if (id.empty()) return text_cell(std::string("–"), Tone::quiet);
    return {.text = id, .href = reader.link("/order", {{"id", id}})};
}

}  // namespace saring::tool::console
