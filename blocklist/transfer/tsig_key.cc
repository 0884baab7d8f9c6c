#include "transfer/tsig_key.h"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "base/file.h"

namespace saring::transfer {
namespace {

constexpr const char* example = marked("write: key \"name\" { algorithm hmac-sha256; secret \"base64\"; };");
constexpr std::size_t max_key_file = 65536;

// Splits into words, without quotation marks; "{", "}" and ";" are words of their own.
std::vector<std::string> words(ByteView text, const std::string& source) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < text.size();) {
        char c = text[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++i;
        } else if (c == '#' || text.substr(i, 2) == "//") {
            i = std::min(text.find('\n', i), text.size());
        } else if (c == '{' || c == '}' || c == ';') {
            out.emplace_back(1, c);
            ++i;
        } else if (c == '"') {
            auto end = text.find('"', i + 1);
            if (end == ByteView::npos)
                throw Error(ErrorKind::usage, source, msg("has a quote that does not end"), msg(example));
            out.emplace_back(text.substr(i + 1, end - i - 1));
            i = end + 1;
        } else {
            auto end = std::min(text.find_first_of(" \t\r\n{};\"", i), text.size());
            out.emplace_back(text.substr(i, end - i));
            i = end;
        }
    }
    return out;
}

}  // namespace

TsigKey parse_tsig_key(ByteView text, const std::string& source) {
    auto fail = [&](const Message& why) { return Error(ErrorKind::usage, source, why, msg(example)); };
    auto all = words(text, source);
    TsigKey key;
    if (all.size() < 4 || all[0] != "key" || all[2] != "{") throw fail(msg("has no TSIG key"));
    try {
        key.name = OwnerName::parse(all[1]);
    } catch (const Error& e) { throw fail(msg("has a key name that is not a domain name: %1", e.why())); }
    std::size_t at = 3;
    for (; at < all.size() && all[at] != "}"; at += 3) {
        if (at + 2 >= all.size() || all[at + 2] != ";")
            throw fail(msg("has an option without a value or ';' in key %1", key.name.to_string()));
        if (all[at] == "algorithm") key.algorithm = all[at + 1];
        else if (all[at] == "secret") key.secret = all[at + 1];
        else throw fail(msg("has the unknown option \"%1\" in key %2", all[at], key.name.to_string()));
    }
    if (at == all.size()) throw fail(msg("does not close key %1", key.name.to_string()));
    if (at + 2 < all.size()) throw fail(msg("has more than one key"));
    std::transform(key.algorithm.begin(), key.algorithm.end(), key.algorithm.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!key.algorithm.empty() && key.algorithm.back() == '.') key.algorithm.pop_back();
    if (key.algorithm != "hmac-sha1" && key.algorithm != "hmac-sha256" && key.algorithm != "hmac-sha512")
        throw Error(ErrorKind::usage, source,
                    msg("has the algorithm \"%1\" in key %2", key.algorithm, key.name.to_string()),
                    msg("use hmac-sha256, hmac-sha512 or hmac-sha1"));
    key.octets.resize(key.secret.size());
    std::size_t size = 0;
    if (key.secret.empty() ||
        sodium_base642bin(reinterpret_cast<unsigned char*>(key.octets.data()), key.octets.size(), key.secret.data(),
                          key.secret.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size == 0)
        throw fail(msg("has no secret in base64 in key %1", key.name.to_string()));
    key.octets.resize(size);
    return key;
}

TsigKey read_tsig_key(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && (info.st_mode & (S_IROTH | S_IWOTH)) != 0)
        throw Error(ErrorKind::usage, path, msg("is world-readable, but contains a secret"), "chmod o-rw " + path);
    return parse_tsig_key(read_file(path, max_key_file), path);
}

}  // namespace saring::transfer
