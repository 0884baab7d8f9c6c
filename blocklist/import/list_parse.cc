#include "import/list_parse.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

#include "name/lookup_key.h"
#include "net/prefix.h"
#include "order/target.h"

namespace saring {
namespace {

std::string_view word(std::string_view& rest) {
    auto begin = rest.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return rest = {};
    auto end = rest.find_first_of(" \t", begin);
    auto out = rest.substr(begin, end == std::string_view::npos ? end : end - begin);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    return out;
}

// Names that every hosts file gives the machine itself.
bool names_this_machine(std::string_view name) {
    static constexpr std::array<std::string_view, 12> own{
        "localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost", "ip6-loopback", "ip6-localnet",
        "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters", "ip6-allhosts", "0.0.0.0"};
    return std::find(own.begin(), own.end(), name) != own.end();
}

class Parser {
public:
    explicit Parser(ListContent& out) : out_(out) {}

    void line(std::string_view text, ListFormat format) {
        text_ = text;
        auto rest = text.substr(0, text.find('#'));
        if (format == ListFormat::hosts) {
            auto address = word(rest);
            if (address.empty()) return;
            try {
                Prefix::parse(address);
            } catch (const Error&) {
                return bad(msg("begins with \"%1\", which is not an IP address", address.substr(0, 80)));
            }
            auto name = word(rest);
            if (name.empty()) return bad(msg("has an address but no name"));
            for (; !name.empty(); name = word(rest))
                if (!names_this_machine(name)) add(name);
            return;
        }
        auto name = word(rest);
        if (name.empty()) return;
        if (!word(rest).empty()) return bad(msg("has more than one word"));
        add(name);
    }
    void bad(const Message& reason) {
        out_.refuse(out_.lines, text_, reason);
    }

private:
    void add(std::string_view text) {
        try {
            out_.names.add(LookupKey(parse_domain_target(text, "name")).view());
        } catch (const Error& e) {
            bad(e.why() + (e.remedy().empty() ? Message() : "; " + e.remedy()));
        }
    }
    ListContent& out_;
    std::string_view text_;
};

}  // namespace

ListContent parse_list(std::istream& in, ListFormat format, Progress& progress) {
    ListContent out;
    std::uint64_t bytes = 0;
    Parser parser(out);
    std::vector<char> buffer(max_line + 2);
    const auto too_long = msg("is longer than %1 bytes", max_line);
    while (in) {
        in.getline(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        auto got = static_cast<std::size_t>(in.gcount());
        if (in.eof() && got == 0) break;
        bytes += got;
        if (++out.lines % 8192 == 0) progress.at(bytes);
        if (in.fail() && !in.eof()) {  // the line is longer than the buffer
            in.clear();
            parser.line({}, format);
            parser.bad(too_long);
            in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
            bytes += static_cast<std::uint64_t>(in.gcount());
            continue;
        }
        std::string_view text(buffer.data(), in.eof() ? got : got - 1);
        if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
        if (out.lines == 1 && text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
        if (text.size() > max_line) {  // the buffer has room for a carriage return, and this was none
            parser.line({}, format);
            parser.bad(too_long);
            continue;
        }
        parser.line(text, format);
    }
    if (in.bad()) throw Error(ErrorKind::usage, "list", msg("could not be read to its end"), msg("check the file and its disk"));
    out.names.sort_unique();
    return out;
}

ListFormat parse_list_format(const std::string& text) {
    if (text == "hosts") return ListFormat::hosts;
    if (text == "domains") return ListFormat::domains;
    if (text == "rpz") return ListFormat::rpz;
    throw Error(ErrorKind::usage, "--format", msg("\"%1\" is no list format", text), msg("write hosts, domains, rpz or auto"));
}

void refuse_web_page(std::string_view beginning, const std::string& source) {
    auto at = beginning.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (at == std::string_view::npos) throw Error(ErrorKind::usage, source, msg("is empty"), msg("check where it comes from; nothing was changed"));
    if (beginning[at] == '<') throw Error(ErrorKind::usage, source, msg("is a web page, not a list"), msg("check where it comes from; nothing was changed"));
}

ListFormat guess_list_format(std::string_view beginning, const std::string& source) {
    refuse_web_page(beginning, source);
    std::size_t hosts = 0, domains = 0, records = 0;
    while (!beginning.empty()) {
        auto end = beginning.find('\n');
        auto line = beginning.substr(0, end);
        beginning.remove_prefix(end == std::string_view::npos ? beginning.size() : end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        auto text = std::string(line.substr(0, line.find_first_of("#;")));
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        std::string_view rest = text;
        auto first = word(rest);
        if (first.empty()) continue;
        auto second = word(rest);
        if (first[0] == '$' || (" " + text + " ").find(" CNAME ") != std::string::npos || (" " + text + " ").find(" SOA ") != std::string::npos ||
            (" " + text).find("\tCNAME") != std::string::npos || (" " + text).find("\tSOA") != std::string::npos)
            ++records;
        else if (second.empty())
            ++domains;
        else
            ++hosts;
    }
    if (records > 0 && records >= hosts && records >= domains) return ListFormat::rpz;
    if (hosts > domains) return ListFormat::hosts;
    if (domains > hosts) return ListFormat::domains;
    throw Error(ErrorKind::usage, source, msg("does not show its format"), msg("give --format hosts, domains or rpz"));
}

}  // namespace saring
