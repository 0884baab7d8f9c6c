#include "fetch/file_transport.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/file.h"

namespace saring::fetch {
namespace {

class FileTransport : public Transport {
public:
    FileTransport(const config::FeedConfig& feed, const std::string& base) : base_(base), max_bytes_(feed.max_bytes) {}

    std::string address(const std::string& path) const override { return base_ + path; }

    void get_all(const std::vector<FetchRequest>& requests, const Done& done) override {
        for (std::size_t i = 0; i < requests.size(); ++i) done(i, one(requests[i]));
    }

private:
    FetchResponse one(const FetchRequest& request) {
        FetchResponse out;
        std::string path = address(request.path);
        struct stat s {};
        if (::stat(path.c_str(), &s) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
            out.status = FetchResponse::Status::absent;
            return out;
        }
        try {
            // Reading a pipe or a device could block forever.
            if (!S_ISREG(s.st_mode))
                throw Error(ErrorKind::network, path, msg("is not a regular file"),
                            msg("check what was published there"));
            if (static_cast<std::uint64_t>(s.st_size) > request.limit) {
                out.status = FetchResponse::Status::too_large;
                return out;
            }
            out.body = read_file(path, request.limit);
        } catch (const Error& e) { throw Error(ErrorKind::network, path, e.why(), e.remedy()); }
        bytes_ += out.body.size();
        if (bytes_ > max_bytes_)
            throw Error(ErrorKind::network, path,
                        msg("exceeds the limit of %1 bytes for one synchronisation", max_bytes_),
                        msg("raise max_mib of the feed if that is right"));
        return out;
    }

    std::string base_;
    std::uint64_t max_bytes_;
};

}  // namespace

std::unique_ptr<Transport> open_file_transport(const config::FeedConfig& feed, const std::string& base) {
    return std::make_unique<FileTransport>(feed, base);
}

}  // namespace saring::fetch
