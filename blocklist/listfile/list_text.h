// The text of a list as it stands in a file or came from a server: judged by what it is, not by what somebody calls it.
// Packed by gzip it is read like any other.
#pragma once

#include <istream>
#include <memory>
#include <string>

#include "listfile/gunzip.h"

namespace saring::listfile {

class ListText {
public:
    static constexpr std::uint64_t max_unpacked = std::uint64_t{4} << 30;  // bytes

    // `in` can be sought and outlives this; `source` names it in errors. Throws Error(usage) when it is empty, a web
    // page, JSON, UTF-16, an archive or has the line ends of old Macs.
    ListText(std::istream& in, std::string source, std::uint64_t max_bytes = max_unpacked);

    // The text from its beginning. The stream that came before is gone.
    std::istream& open();
    // After reading: throws Error(usage) when the text ended before its end.
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

// Whether most lines have several cells, as a table of sites has, one of them a site.
bool looks_like_table(std::string_view beginning);

}  // namespace saring::listfile
