// The text of a list from a file or a server. Its kind is determined from its content, not its name. gzip is
// decompressed transparently.
#pragma once

#include <istream>
#include <memory>
#include <string>

#include "listfile/gunzip.h"

namespace saring::listfile {

class ListText {
public:
    static constexpr std::uint64_t max_unpacked = std::uint64_t{4} << 30;  // bytes

    // `in` must be seekable and outlive this object; `source` names it in errors. Throws Error(usage) when it is empty,
    // a web page, JSON, UTF-16, an archive, or has carriage returns as line ends.
    ListText(std::istream& in, std::string source, std::uint64_t max_bytes = max_unpacked);

    // The text from its beginning. Invalidates the stream of an earlier call.
    std::istream& open();
    // Call after reading: throws Error(usage) when decompression ended early.
    void check_ended() const;

    const std::string& beginning() const { return beginning_; }  // up to 64 KiB, whole lines
    const std::string& source() const { return source_; }
    bool packed() const { return packed_; }

private:
    std::istream& in_;
    std::string source_, beginning_;
    std::uint64_t max_bytes_;
    std::istream::pos_type start_;
    bool packed_ = false;
    std::unique_ptr<Gunzip> gunzip_;
    std::unique_ptr<std::istream> unpacked_;
};

// Whether most lines have several cells, one of them a site, like a table of sites.
bool looks_like_table(std::string_view beginning);

}  // namespace saring::listfile
