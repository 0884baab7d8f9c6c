#include "listfile/list_text.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "hostname/host_name.h"
#include "hostname/pasted_host.h"

namespace saring::listfile {
namespace {

constexpr std::size_t beginning_size = 65536;
constexpr const char* unchanged = marked("check where it comes from; nothing was changed");

struct Magic {
    std::string_view bytes;
    const char* what;
};

// Each with a remedy, where it is not obvious.
constexpr std::array<Magic, 8> foreign{{{"PK\x03\x04", marked("is a zip archive")},
                                        {"BZh", marked("is packed by bzip2")},
                                        {"\xfd"
                                         "7zXZ",
                                         marked("is packed by xz")},
                                        {"\x28\xb5\x2f\xfd", marked("is packed by zstd")},
                                        {"7z\xbc\xaf", marked("is a 7z archive")},
                                        {"Rar!", marked("is a rar archive")},
                                        {"%PDF", marked("is a PDF document")},
                                        {"\xd0\xcf\x11\xe0", marked("is an Office document")}}};

bool is_utf16(std::string_view text) {
    if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff") return true;
    // Without a byte order mark: every other byte of ASCII text is zero.
    auto looked = text.substr(0, 1000);
    auto zeros = static_cast<std::size_t>(std::count(looked.begin(), looked.end(), '\0'));
    return looked.size() >= 8 && zeros * 5 >= looked.size() * 2;
}

// Not for "[Adblock Plus 2.0]".
bool is_json(std::string_view text) {
    if (text.front() == '{') return true;
    if (text.front() != '[') return false;
    auto next = text.find_first_not_of(" \t\r\n", 1);
    return next == std::string_view::npos ||
           std::string_view("{[\"]0123456789-").find(text[next]) != std::string_view::npos;
}

void refuse_foreign(std::string_view text, const std::string& source) {
    auto refuse = [&](const Message& why, const Message& remedy) {
        throw Error(ErrorKind::usage, source, why, remedy);
    };
    for (const auto& magic : foreign)
        if (text.substr(0, magic.bytes.size()) == magic.bytes)
            refuse(msg(magic.what), msg("a list is a text; unpack it or save it as one"));
    if (is_utf16(text)) refuse(msg("is UTF-16 text"), msg("convert it to UTF-8: iconv -f UTF-16 -t UTF-8"));
    while (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    auto begin = text.find_first_not_of(" \t\r\n\f\v");
    if (begin == std::string_view::npos && text.size() >= beginning_size - 3) return;  // a long run of blanks
    if (begin == std::string_view::npos) refuse(msg("is empty"), msg(unchanged));
    text.remove_prefix(begin);
    if (text.front() == '<') refuse(msg("is a web page, not a list"), msg(unchanged));
    if (is_json(text)) refuse(msg("is JSON, not a list"), msg("extract the names, one a line, e.g. with jq -r"));
    if (text.find('\n') == std::string_view::npos && text.find('\r') < text.size() - 1)
        refuse(msg("has the line ends of old Macs (carriage returns alone)"),
               msg("convert them to line feeds: tr '\\r' '\\n'"));
}

bool is_site(std::string_view cell) {
    OwnerName name;
    auto plain = hostname::unquoted(std::string(cell));
    return hostname::parse_plain_host(hostname::split_pasted_host(plain).host, name);
}

}  // namespace

ListText::ListText(std::istream& in, std::string source, std::uint64_t max_bytes)
    : in_(in), source_(std::move(source)), max_bytes_(max_bytes), start_(in.tellg()) {
    std::string first(3, '\0');
    in_.read(first.data(), 3);
    packed_ = in_.gcount() == 3 && is_gzip(first);
    auto& text = open();
    beginning_.resize(beginning_size);
    text.read(beginning_.data(), static_cast<std::streamsize>(beginning_size));
    beginning_.resize(static_cast<std::size_t>(text.gcount()));
    if (packed_) check_ended();
    refuse_foreign(beginning_, source_);
    if (beginning_.size() == beginning_size) beginning_.resize(std::min(beginning_.rfind('\n'), beginning_size));
}

std::istream& ListText::open() {
    in_.clear();
    in_.seekg(start_);
    if (!packed_) return in_;
    unpacked_.reset();
    gunzip_ = std::make_unique<Gunzip>(in_, max_bytes_);
    unpacked_ = std::make_unique<std::istream>(gunzip_.get());
    return *unpacked_;
}

void ListText::check_ended() const {
    if (gunzip_ && !gunzip_->fault().empty()) throw Error(ErrorKind::usage, source_, gunzip_->fault(), msg(unchanged));
}

bool looks_like_table(std::string_view beginning) {
    std::size_t lines = 0, rows = 0;
    while (!beginning.empty() && lines < 1000) {
        auto line = beginning.substr(0, beginning.find('\n'));
        beginning.remove_prefix(std::min(beginning.size(), line.size() + 1));
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        ++lines;
        std::size_t cells = 0, sites = 0;
        for (std::size_t at = 0; at <= line.size();) {
            auto end = std::min(line.find_first_of(",;\t", at), line.size());
            auto cell = line.substr(at, end - at);
            cells += !hostname::unquoted(std::string(cell)).empty();
            sites += is_site(cell);
            at = end + 1;
        }
        rows += cells > 1 && sites > 0;
    }
    return rows > 0 && rows * 2 >= lines;
}

}  // namespace saring::listfile
