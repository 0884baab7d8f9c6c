// Filter lists of ad blockers: Adblock Plus, uBlock Origin, AdGuard, also for AdGuard's DNS filtering.
//   ||name^            the name and all names below it
//   ||name^$important  the same: the option does not limit the rule
//   name, 0.0.0.0 name as uBlock Origin and AdGuard read them
//   @@||name^          allows a name that this list blocks
// Rules for pages, for parts of pages, for a name's use by other sites or for some clients only are not blocks of the
// name.
#include <algorithm>
#include <array>

#include "listfile/list_rules.h"

namespace saring::listfile {
namespace {

const char* const cosmetic = marked("is a rule for parts of pages");
const char* const pattern = marked("is a pattern for addresses of pages, not a name");
const char* const exception_for_pages = marked("is an exception for pages, not for a name");
const char* const conditional = marked("has options that make it more or less than a block of the name");

bool is_cosmetic(std::string_view text) {
    // Element hiding, its exceptions, scriptlets and styles: ## #@# #?# #$# #%# #@?# #@$# #@%# #$?# #@$?#; AdGuard's $$
    // and $@$. The sites before them contain no blanks; "## Title" is a comment.
    auto blank = text.find_first_of(" \t");
    for (auto at = text.find('#'); at < blank; at = text.find('#', at + 1)) {
        auto end = text.find_first_not_of("@?$%", at + 1);
        if (end >= blank || end >= text.size() || end - at > 4 || text[end] != '#') continue;
        auto selector = text.substr(end + 1, blank == std::string_view::npos ? blank : blank - end - 1);
        if (selector.find_first_not_of('#') != std::string_view::npos) return true;
    }
    return text.find("$$") < blank || text.find("$@$") < blank;
}

bool is_nothing(std::string_view answer) {
    static constexpr std::array<std::string_view, 6> words{"NXDOMAIN", "REFUSED", "SERVFAIL",
                                                           "0.0.0.0",  "::",      "NXDOMAIN;;"};
    return std::find(words.begin(), words.end(), answer) != words.end();
}

// Whether a rule with these options still blocks the whole name for every client.
bool leave_it_plain(std::string_view options) {
    static constexpr std::array<std::string_view, 6> plain{"all",       "document",   "doc",
                                                           "important", "match-case", "network"};
    while (!options.empty()) {
        auto comma = options.find(',');
        auto option = trimmed(options.substr(0, comma));
        options = comma == std::string_view::npos ? std::string_view() : options.substr(comma + 1);
        if (option.empty() || option.find_first_not_of('_') == std::string_view::npos) continue;
        if (option.substr(0, 11) == "dnsrewrite=" && is_nothing(option.substr(11))) continue;
        if (std::find(plain.begin(), plain.end(), option) == plain.end()) return false;
    }
    return true;
}

class AdblockRules : public ListRules {
public:
    void line(std::string_view text, ListSink& sink) override {
        if (text.front() == '!' || (text.front() == '[' && text.back() == ']'))
            return;                                          // a comment; [Adblock Plus 2.0]
        if (text.front() == '#' && sink.counting()) return;  // may be a comment of another format
        if (is_cosmetic(text)) {
            sink.marks_format();
            return sink.skip(msg(cosmetic));
        }
        text = without_comment(text, "#");
        if (text.empty()) return;
        bool exception = text.substr(0, 2) == "@@";
        if (exception) text.remove_prefix(2);
        auto rule = text;
        std::string_view options;
        bool expression = text.size() > 1 && text.front() == '/' && text.rfind('/') > 0;
        // A regular expression may contain a dollar sign.
        auto dollar = text.find('$', expression ? text.rfind('/') : 0);
        if (dollar != std::string_view::npos) rule = text.substr(0, dollar), options = text.substr(dollar + 1);
        bool anchored = rule.substr(0, 1) == "|";
        if (exception || anchored) sink.marks_format();
        if (expression && rule.back() == '/')
            return sink.skip(exception ? msg(exception_for_pages) : msg("is a regular expression"), exception);
        if (exception) return open(rule, leave_it_plain(options), sink);
        if (!anchored) return unanchored(rule, text, sink);
        bool everywhere = rule.substr(0, 2) == "||";
        auto name = rule.substr(everywhere ? 2 : 1);
        bool ended = end_of_name(name);
        if (options.find("badfilter") != std::string_view::npos) {
            sink.except(name, false);
            return sink.skip(msg("disables a rule of this list"));
        }
        if (!leave_it_plain(options)) return sink.skip(msg(conditional));
        if (everywhere && name.substr(0, 2) == "*." && name.find_first_of("*/^", 2) == std::string_view::npos)
            return sink.wildcard(name.substr(2));
        if (sink.address(name)) return;
        bool whole = ended || (everywhere && !name.empty() && name.back() != '.');
        if (!whole || name.find_first_of("/?=&*^|") != std::string_view::npos) return sink.skip(msg(pattern));
        if (everywhere) sink.name(name);
        else sink.name(name, policy::Match::exact);
    }

private:
    // Removes a suffix that only means that the name ends there.
    static bool end_of_name(std::string_view& name) {
        auto end = name.find_last_not_of("^|*");
        auto size = end == std::string_view::npos ? 0 : end + 1;
        auto after = name.substr(size);
        name = name.substr(0, size);
        // "name.*" matches any label after the name.
        bool ended =
            !after.empty() && (after.find('*') == std::string_view::npos || name.empty() || name.back() != '.');
        if (name.size() > 1 && name.back() == '/' && name.find('/') == name.size() - 1) name.remove_suffix(1);
        return ended;
    }

    static void open(std::string_view rule, bool plain, ListSink& sink) {
        auto name = rule.substr(std::min<std::size_t>(rule.size(), 2));
        end_of_name(name);
        if (!plain || rule.substr(0, 2) != "||" || name.find_first_of("/?=&*^|:") != std::string_view::npos)
            return sink.skip(msg(exception_for_pages));
        sink.except(name, true);
        sink.skip(msg("is an exception: it removes blocks of this list, not of others"));
    }

    static void unanchored(std::string_view rule, std::string_view text, ListSink& sink) {
        if (text.find_first_of(" \t") != std::string_view::npos) {
            if (!read_hosts_line(text, sink)) sink.bad(msg("has more than one word"));
            return;
        }
        // Without a dot the rule would match any URL that contains the text.
        bool plain_name = rule.size() == text.size() && rule.find('.') != std::string_view::npos &&
                          rule.front() != '.' && rule.back() != '.';
        if (sink.address(text)) return;
        if (!plain_name || rule.find_first_of("#^|*/?=&:~,;()[]{}'\"%@!+<>") != std::string_view::npos)
            return sink.skip(msg(pattern), false);
        sink.name(rule);
    }
};

}  // namespace

std::unique_ptr<ListRules> make_adblock_rules() { return std::make_unique<AdblockRules>(); }

}  // namespace saring::listfile
