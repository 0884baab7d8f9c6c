// The rules of each format, one file a format. A line means what it means to the tool that the format comes from; a
// line that would block more than in that tool, or something else, is left out and reported.
#pragma once

#include <memory>
#include <string_view>

#include "list/list_content.h"

namespace saring::listfile {

// Receives what the lines list. With `counting` it only counts, and stores neither names nor reasons.
class ListSink {
public:
    ListSink(list::ListContent& out, policy::Match match, bool counting)
        : out_(out), match_(match), counting_(counting) {}

    void begin(std::uint64_t number, std::string_view text);
    // Call after the rules have handled the line.
    void end();

    // The line blocks this name, with the list's match. False, and reported, when it is not a host name.
    bool name(std::string_view text) { return name(text, match_); }
    bool name(std::string_view text, policy::Match match);
    void wildcard(std::string_view name);  // of `*.name` or `.name`
    // An address or a prefix. False, without effect, when the text does not look like one.
    bool address(std::string_view text);
    void bad(const Message& reason, const Message& hint = {});
    // A valid line without a name to block. `fits`: the line belongs to the format.
    void skip(const Message& reason, bool fits = true);
    // Only this format has such lines.
    void marks_format() { marked_ = true; }
    // The list allows this name, with `all_below` also all names below it: blocks of it in the same list are removed,
    // not those of other lists.
    void except(std::string_view text, bool all_below);
    // The list answers this name with data of its own: neither the name nor a zone above it is a block.
    void answer(std::string_view text);

    bool counting() const { return counting_; }
    std::string_view text() const { return text_; }
    const list::FormatFit& fit() const { return fit_; }
    std::uint64_t marks() const { return marks_; }
    // Sorts, and removes what the list itself allows. Returns the names that it allows below names that it blocks: they
    // are blocked with those.
    list::NameSet finish();

private:
    list::ListContent& out_;
    policy::Match match_;
    bool counting_;
    std::uint64_t number_ = 0, marks_ = 0;
    std::string_view text_;
    list::FormatFit fit_;
    bool said_ = false, fits_ = false, marked_ = false;
    list::NameSet exceptions_, answered_;
};

class ListRules {
public:
    virtual ~ListRules() = default;
    // `text` is not empty and has no surrounding blanks.
    virtual void line(std::string_view text, ListSink& sink) = 0;
    virtual void finish(ListSink&) {}
};

// For every format except rpz.
std::unique_ptr<ListRules> make_list_rules(list::ListFormat format);
std::unique_ptr<ListRules> make_hosts_rules();
std::unique_ptr<ListRules> make_domains_rules();
std::unique_ptr<ListRules> make_adblock_rules();
std::unique_ptr<ListRules> make_dnsmasq_rules();
std::unique_ptr<ListRules> make_unbound_rules();

// Words and comments, common to the formats.
std::string_view trimmed(std::string_view text);
std::string_view next_word(std::string_view& remaining);  // empty at the end
// The text without a comment that begins with one of `marks`, at the beginning or after a blank.
std::string_view without_comment(std::string_view text, const char* marks);
// Addresses that mean a block: 0.0.0.0, ::, 127.0.0.0/8, ::1.
bool leads_nowhere(const Prefix& address);
// False when the text is not a single address.
bool parse_address(std::string_view text, Prefix& out);
// A line of a hosts file, which may also occur in an adblock list. False when it does not begin with an address.
bool read_hosts_line(std::string_view text, ListSink& sink);

}  // namespace saring::listfile
