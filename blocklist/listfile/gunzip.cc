#include "listfile/gunzip.h"

#include <new>

namespace saring::listfile {
namespace {

constexpr std::size_t chunk = 1 << 16;
constexpr int gzip_only = 16 + MAX_WBITS;

}  // namespace

bool is_gzip(std::string_view beginning) { return beginning.substr(0, 3) == "\x1f\x8b\x08"; }

Gunzip::Gunzip(std::istream& packed, std::uint64_t max_bytes)
    : packed_(packed), left_(max_bytes), in_(chunk), out_(chunk) {
    if (inflateInit2(&zlib_, gzip_only) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() { inflateEnd(&zlib_); }

Gunzip::int_type Gunzip::underflow() {
    zlib_.next_out = reinterpret_cast<Bytef*>(out_.data());
    zlib_.avail_out = chunk;
    while (!done_ && zlib_.avail_out == chunk) {
        if (zlib_.avail_in == 0) {
            packed_.read(in_.data(), static_cast<std::streamsize>(in_.size()));
            zlib_.next_in = reinterpret_cast<Bytef*>(in_.data());
            zlib_.avail_in = static_cast<uInt>(packed_.gcount());
            if (zlib_.avail_in == 0) {
                if (begun_) fault_ = msg("is truncated: its gzip data ends too early");
                done_ = true;
                break;
            }
        }
        begun_ = true;
        auto rc = inflate(&zlib_, Z_NO_FLUSH);
        if (rc == Z_STREAM_END) {
            begun_ = false;
            // Padding with zeros is common; gzip(1) skips it too.
            while (zlib_.avail_in > 0 && *zlib_.next_in == 0) ++zlib_.next_in, --zlib_.avail_in;
            inflateReset(&zlib_);
        } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
            fault_ = msg("is not valid gzip: %1", zlib_.msg ? zlib_.msg : "?");
            done_ = true;
        }
    }
    std::size_t got = chunk - zlib_.avail_out;
    if (got > left_) {
        fault_ = msg("exceeds the size limit when decompressed");
        done_ = true;
        got = 0;
    }
    left_ -= got;
    setg(out_.data(), out_.data(), out_.data() + got);
    return got == 0 ? traits_type::eof() : traits_type::to_int_type(out_[0]);
}

}  // namespace saring::listfile
