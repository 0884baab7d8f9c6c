#include "order/site_table.h"

#include <algorithm>
#include <array>
#include <map>

#include "hostname/pasted_host.h"
#include "order/csv.h"
#include "order/target.h"

namespace saring::order {
namespace {

// In descending order of preference.
constexpr std::array<const char*, 27> headings{
    "domain",  "nama domain", "domain name", "hostname",     "host",           "url",        "urls",
    "link",    "tautan",      "alamat url",  "alamat situs", "alamat website", "alamat web", "alamat domain",
    "website", "situs web",   "situs",       "site",         "sites",          "nama situs", "web",
    "laman",   "alamat",      "address",     "target",       "domain/url",     "url/domain"};

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

bool is_address(const std::string& text) {
    try {
        Prefix::parse(text);
        return true;
    } catch (const Error&) { return false; }
}

[[noreturn]] void refuse(const Message& why, const Message& remedy) { throw Error(ErrorKind::usage, "", why, remedy); }

// The host of a URL that names nothing but the host; refuses other URLs.
std::string host_of(const std::string& text, std::vector<Message>& notes) {
    auto pasted = hostname::split_pasted_host(text);
    std::string host(pasted.host);
    if (host.empty()) refuse(msg("has no host name"), msg("write the site's name"));
    Message instead = msg("if all of %1 is meant, write %2", host, host);
    if (pasted.user)
        refuse(pasted.scheme ? msg("has a user name, which DNS does not see") : msg("is a mail address"), instead);
    if (pasted.page) refuse(msg("is a page, and DNS cannot block a page, only the whole host"), instead);
    if (!pasted.port.empty() && pasted.port != "80" && pasted.port != "443")
        refuse(msg("names a port, and DNS cannot block a port, only the whole host"), instead);
    if (pasted.is_more_than_a_host()) {
        if (is_address(host))
            refuse(msg("is reached by its address: no name is looked up, so DNS cannot block it"),
                   msg("to block names that resolve to it, write %1", host));
        notes.push_back(msg("the host of a URL"));
    }
    return host;
}

void read(const std::string& cell, SiteRow& row) {
    std::string text = hostname::unquoted(cell);
    if (text.empty()) refuse(msg("is empty"), msg("name the site, or delete the row"));
    std::string refanged = text;
    for (const char* dot : {"[.]", "(.)", "[dot]", "{.}"}) replace_all(refanged, dot, ".");
    if (auto low = lower(refanged.substr(0, 5)); low.rfind("hxxp", 0) == 0) refanged.replace(0, 4, "http");
    if (refanged != text) row.notes.push_back(msg("written so that nobody clicks on it"));
    if (is_address(refanged)) {
        row.address = Prefix::parse(refanged);
        row.notes.push_back(msg("an address: names that resolve to it are blocked"));
        return;
    }
    std::string host = host_of(refanged, row.notes);
    row.domain = DomainTarget{parse_domain_target(host, "site"), policy::Match::subtree};
    std::string name = row.domain->name.to_string();
    if (std::any_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        row.notes.push_back(msg("international name"));
    else if (host.back() == '.') row.notes.push_back(msg("final dot dropped"));
    if (name.rfind("www.", 0) == 0 && row.domain->name.label_count() > 2)
        row.notes.push_back(msg("%1 itself stays reachable, unless it is listed too", name.substr(4)));
}

std::size_t column_named(const CsvRow& head, const std::string& wanted, const std::string& source) {
    for (std::size_t i = 0; i < head.cells.size(); ++i)
        if (lower(hostname::unquoted(head.cells[i])) == lower(wanted)) return i;
    std::string there;
    for (const auto& c : head.cells)
        there += (there.empty() ? "" : ", ") + ("\"" + hostname::unquoted(c).substr(0, 40) + "\"");
    throw Error(ErrorKind::usage, source, msg("has no column \"%1\"", wanted), msg("its first row has: %1", there));
}

struct Column {
    std::size_t at = 0;
    std::string name;
    bool headed = false;
};

Column choose_column(const std::vector<CsvRow>& rows, const std::string& source, const std::string& wanted) {
    const auto& first = rows.front();
    auto headed = [&](std::size_t at) {
        auto cell = lower(hostname::unquoted(first.cells[at]));
        return std::find(headings.begin(), headings.end(), cell) != headings.end();
    };
    bool any_heading = false;
    for (std::size_t i = 0; i < first.cells.size(); ++i) any_heading |= headed(i);
    if (!wanted.empty() && wanted.find_first_not_of("0123456789") == std::string::npos) {
        auto number = wanted.size() > 6 ? 0 : std::stoul(wanted);
        if (number == 0 || number > first.cells.size())
            throw Error(ErrorKind::usage, source, msg("has no column %1", wanted),
                        msg("its first row has %1", first.cells.size()));
        return {number - 1, wanted,
                any_heading || read_site(first.cells[number - 1]).outcome == SiteRow::Outcome::refused};
    }
    if (!wanted.empty()) return {column_named(first, wanted, source), wanted, true};
    for (const char* heading : headings)
        for (std::size_t i = 0; i < first.cells.size(); ++i)
            if (lower(hostname::unquoted(first.cells[i])) == heading) return {i, heading, true};
    if (first.cells.size() == 1) return {0, "1", false};
    for (std::size_t i = 0; i < first.cells.size(); ++i)
        if (auto row = read_site(first.cells[i]); row.outcome != SiteRow::Outcome::refused)
            return {i, std::to_string(i + 1), false};
    throw Error(ErrorKind::usage, source + ":" + std::to_string(first.line),
                msg("has several columns and no heading that identifies the sites"),
                msg("give it the heading domain, url, situs or alamat, or choose it with --sites-column"));
}

}  // namespace

SiteRow read_site(const std::string& cell) {
    SiteRow row;
    row.text = cell;
    try {
        read(cell, row);
    } catch (const Error& e) {
        row.outcome = SiteRow::Outcome::refused;
        row.domain.reset();
        row.address.reset();
        row.notes.clear();
        row.problem = e.why() + (e.remedy().empty() ? Message() : "; " + e.remedy());
    }
    return row;
}

SiteTable read_site_table(ByteView text, const std::string& source, const std::string& wanted) {
    bool tsv = source.size() > 4 && lower(source.substr(source.size() - 4)) == ".tsv";
    auto rows = read_csv(text, source, tsv ? '\t' : '\0');
    if (rows.empty()) throw Error(ErrorKind::usage, source, msg("is empty"), msg("it should have one site a row"));
    auto column = choose_column(rows, source, wanted);
    SiteTable out{column.name, {}};
    std::map<Bytes, std::uint64_t> known;  // target -> line
    for (std::size_t i = column.headed ? 1 : 0; i < rows.size(); ++i) {
        SiteRow row;
        if (column.at < rows[i].cells.size()) {
            row = read_site(rows[i].cells[column.at]);
        } else {
            row.outcome = SiteRow::Outcome::refused;
            row.problem = msg("has no column %1; complete the row, or delete it", column.name);
        }
        row.line = rows[i].line;
        if (row.outcome == SiteRow::Outcome::taken) {
            auto [at, fresh] = known.try_emplace(row.target(), row.line);
            if (!fresh) {
                row.outcome = SiteRow::Outcome::duplicate;
                row.notes = {msg("repeats line %1", at->second)};
            }
        }
        out.rows.push_back(std::move(row));
    }
    return out;
}

}  // namespace saring::order
