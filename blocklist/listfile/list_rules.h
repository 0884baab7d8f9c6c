// How the lines of each format are read, one file a format. What a line means is what it means to the tool that the
// format comes from; a line that would block more than it does there, or something else, is left out and told.
#pragma once

#include <memory>
#include <string_view>

#include "list/list_content.h"

namespace saring::listfile {

// Takes what lines say. Counting only, it keeps no names and writes no reasons.
class ListSink {
public:
    ListSink(list::ListContent& out, policy::Match match, bool counting)
        : out_(out), match_(match), counting_(counting) {}

    void begin(std::uint64_t number, std::string_view text);
    // Once the rules are through with the line.
    void end();

    // The line blocks this name, as far as the list's match says. False, and told, when it is no host name.
    bool name(std::string_view text) { return name(text, match_); }
    bool name(std::string_view text, policy::Match match);
    void wildcard(std::string_view name);  // of `*.name` or `.name`
    // An address or a prefix. False, and nothing done, when the text does not look like one.
    bool address(std::string_view text);
    void bad(const Message& reason, const Message& hint = {});
    // Understood, and for no list of names. `fits`: such a line is one of the format's.
    void skip(const Message& reason, bool fits = true);
    // Only this format has such lines.
    void marks_format() { marked_ = true; }
    // The list itself keeps this name open, perhaps with all below it: what it blocks there is taken out, and no other
    // list's.
    void except(std::string_view text, bool all_below);
    // The list answers for this name with data of its own: neither it nor a zone above it is a block.
    void answer(std::string_view text);

    bool counting() const { return counting_; }
    std::string_view text() const { return text_; }
    const list::FormatFit& fit() const { return fit_; }
    std::uint64_t marks() const { return marks_; }
    // Sorts, and takes out what the list itself keeps open. Returns the names that it keeps open below names that it
    // blocks, which are blocked with them.
    list::NameSet finish();

private:
    list::ListContent& out_;
    policy::Match match_;
    bool counting_;
    std::uint64_t number_ = 0, marks_ = 0;
    std::string_view text_;
    list::FormatFit fit_;
    bool said_ = false, fits_ = false, faulty_ = false, marked_ = false;
    list::NameSet exceptions_, answered_;
};

class ListRules {
public:
    virtual ~ListRules() = default;
    // `text` has no blanks at either end and is not empty.
    virtual void line(std::string_view text, ListSink& sink) = 0;
    virtual void finish(ListSink&) {}
};

// Of every format but rpz.
std::unique_ptr<ListRules> make_list_rules(list::ListFormat format);
std::unique_ptr<ListRules> make_hosts_rules();
std::unique_ptr<ListRules> make_domains_rules();
std::unique_ptr<ListRules> make_adblock_rules();
std::unique_ptr<ListRules> make_dnsmasq_rules();
std::unique_ptr<ListRules> make_unbound_rules();

// Words and comments, as the formats share them.
std::string_view trimmed(std::string_view text);
std::string_view next_word(std::string_view& rest);  // empty at the end
// Without a comment that one of `marks` opens at the beginning or behind a blank.
std::string_view without_comment(std::string_view text, const char* marks);
// Addresses that lead nowhere: 0.0.0.0, ::, 127.0.0.0/8, ::1.
bool leads_nowhere(const Prefix& address);
// False when it is no single address.
bool parse_address(std::string_view text, Prefix& out);
// A line of a hosts file, also within an adblock list. False when it does not begin with an address.
bool read_hosts_line(std::string_view text, ListSink& sink);

}  // namespace saring::listfile
