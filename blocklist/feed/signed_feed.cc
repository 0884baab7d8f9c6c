#include "feed/signed_feed.h"

#include <algorithm>
#include <thread>

#include "base/sha256.h"
#include "fetch/backoff.h"
#include "trust/signature_files.h"

namespace saring::feed {
namespace {

constexpr unsigned pair_attempts = 3;        // to fetch a manifest and a signature that match
constexpr UnixTime clock_tolerance = 86400;  // seconds that two clocks may differ

void check_content(const fetch::FetchResponse& response, const std::string& address) {
    if (response.body.empty())
        throw Error(ErrorKind::network, address, msg("is empty"),
                    msg("ask the server's operator; the last good state stays"));
    auto first = response.body.find_first_not_of(" \t\r\n");
    bool html =
        response.content_type.rfind("text/html", 0) == 0 || (first != Bytes::npos && response.body[first] == '<');
    if (html)
        throw Error(ErrorKind::network, address, msg("is a web page, not a manifest"),
                    msg("the address serves an error or login page; the last good state stays"));
}

std::optional<Error> not_as_listed(const FeedFile& file, const Bytes& content, const std::string& address) {
    if (content.size() != file.size)
        return Error(ErrorKind::trust, address, msg("has %1 bytes, the manifest says %2", content.size(), file.size),
                     msg("it was changed or is another file; it was not read"));
    if (auto hash = sha256_hex(content); hash != file.sha256)
        return Error(ErrorKind::trust, address, msg("has the SHA-256 %1, the manifest says %2", hash, file.sha256),
                     msg("it was changed or is another file; it was not read"));
    return std::nullopt;
}

}  // namespace

trust::TrustPolicy feed_policy(const config::Config& config, const config::FeedConfig& feed) {
    trust::TrustPolicy out;
    out.threshold = 1;
    for (const auto& name : feed.keys) {
        auto key = std::find_if(config.trust.keys.begin(), config.trust.keys.end(),
                                [&](const auto& k) { return k.name == name; });
        bool fits = key != config.trust.keys.end() &&
                    std::find(key->roles.begin(), key->roles.end(), trust::KeyRole::feed) != key->roles.end();
        if (!fits)
            throw Error(ErrorKind::usage, msg("feed %1", feed.name),
                        msg("keys: \"%1\" is not a [[trust.key]] with the role feed", name),
                        msg("configure it, or leave keys out to accept every feed key"));
        out.keys.push_back(*key);
    }
    if (feed.keys.empty()) out.keys = config.trust.keys;
    return out;
}

SignedFeed::SignedFeed(const config::Config& config, const config::FeedConfig& feed, fetch::Transport& transport)
    : feed_(feed), policy_(feed_policy(config, feed)), transport_(transport) {}

std::optional<trust::SignatureFile> SignedFeed::signature(const Bytes& manifest, bool& by_hand) {
    for (const auto& path : {manifest_signature_path(manifest), std::string(manifest_name) + ".minisig"}) {
        by_hand = path != manifest_signature_path(manifest);
        auto response = transport_.get({path, trust::max_signature_bytes});
        if (response.status == fetch::FetchResponse::Status::too_large)
            throw Error(ErrorKind::trust, transport_.address(path), msg("is too large for a signature"),
                        msg("ask the feed's publisher; the last good state stays"));
        if (response.status == fetch::FetchResponse::Status::found)
            return trust::SignatureFile{transport_.address(path), std::move(response.body)};
    }
    return std::nullopt;
}

VerifiedManifest SignedFeed::manifest(const std::optional<ledger::Document>& local_copy, const std::string& etag,
                                      const std::string& last_modified, UnixTime now) {
    std::string address = transport_.address(manifest_name);
    fetch::Backoff backoff;
    VerifiedManifest out;
    for (unsigned attempt = 1;; ++attempt) {
        fetch::FetchRequest request{manifest_name, feed_.max_manifest_bytes};
        if (local_copy && attempt == 1) request.etag = etag, request.last_modified = last_modified;
        auto response = transport_.get(request);
        if (response.status == fetch::FetchResponse::Status::absent)
            throw Error(ErrorKind::network, address, msg("is not there"),
                        msg("check the url of the feed; the last good state stays"));
        if (response.status == fetch::FetchResponse::Status::too_large)
            throw Error(ErrorKind::network, address,
                        msg("is larger than the %1 bytes that a manifest may have", feed_.max_manifest_bytes),
                        msg("check the url of the feed, or raise its max_manifest_mib; the last good state stays"));
        bool same = response.status == fetch::FetchResponse::Status::not_modified;
        if (!same) check_content(response, address);
        same = same || (local_copy && local_copy->content == response.body);
        bool by_hand = false;
        std::vector<trust::SignatureFile> signatures;
        if (same) {
            out.document = *local_copy;
            for (const auto& [name, content] : local_copy->signatures)
                signatures.push_back({transport_.address(name), content});
        } else {
            out.document = {std::move(response.body), {}};
            if (auto found = signature(out.document.content, by_hand)) signatures.push_back(std::move(*found));
            for (const auto& s : signatures)
                out.document.signatures.emplace_back(std::string(manifest_name) + ".minisig", s.content);
        }
        bool not_modified = response.status == fetch::FetchResponse::Status::not_modified;
        out.etag = not_modified ? etag : response.etag;
        out.last_modified = not_modified ? last_modified : response.last_modified;

        auto report = check_signatures(policy_, trust::KeyRole::feed, out.document.content, signatures, now);
        // A feed signed by hand replaces two files one after the other, so a mismatch may be temporary.
        if (!report.met() && by_hand && attempt < pair_attempts) {
            std::this_thread::sleep_for(backoff.wait(attempt));
            continue;
        }
        trust::require_trust(report, address);
        out.signer = report.names();
        out.manifest = parse_manifest(out.document.content, address);
        return out;
    }
}

void SignedFeed::orders(const std::vector<FeedOrder>& wanted, Progress& progress,
                        const std::function<void(std::size_t, Fetched&&)>& visit) {
    struct Part {
        std::size_t order;
        const FeedFile* file;
        std::size_t signature;  // 0: the order itself; n: its signature number n - 1
    };
    struct Pending {
        admission::Submission submission;
        std::size_t missing = 0;
        std::optional<Error> failure;
    };
    std::vector<Part> parts;
    std::vector<fetch::FetchRequest> requests;
    std::vector<Pending> pending(wanted.size());
    std::uint64_t total = 0;
    auto add = [&](std::size_t order, const FeedFile& file, std::size_t signature) {
        parts.push_back({order, &file, signature});
        requests.push_back({file.path, file.size});
        ++pending[order].missing;
        total += file.size;
    };
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        pending[i].submission.source = transport_.address(wanted[i].file.path);
        pending[i].submission.signatures.resize(wanted[i].signatures.size());
        add(i, wanted[i].file, 0);
        for (std::size_t s = 0; s < wanted[i].signatures.size(); ++s) add(i, wanted[i].signatures[s], s + 1);
    }
    if (total > feed_.max_bytes)
        throw Error(ErrorKind::network, transport_.address(manifest_name),
                    msg("lists %1 bytes of new orders, the feed may have %2", total, feed_.max_bytes),
                    msg("raise max_mib of the feed if that is right"));

    std::size_t whole = 0;
    progress.begin(msg("fetching %1", feed_.name), msg("orders"), wanted.size());
    transport_.get_all(requests, [&](std::size_t i, fetch::FetchResponse&& response) {
        const auto& part = parts[i];
        auto& order = pending[part.order];
        std::string address = transport_.address(part.file->path);
        if (response.status == fetch::FetchResponse::Status::found) {
            if (auto problem = not_as_listed(*part.file, response.body, address)) order.failure = problem;
        } else if (response.status == fetch::FetchResponse::Status::too_large) {
            order.failure = Error(ErrorKind::trust, address,
                                  msg("is larger than the %1 bytes that the manifest says", part.file->size),
                                  msg("it was changed or is another file; it was not read"));
        } else {
            order.failure = Error(ErrorKind::network, address, msg("is in the manifest but not there"),
                                  msg("ask the feed's publisher"));
        }
        if (part.signature == 0) order.submission.content = std::move(response.body);
        else order.submission.signatures[part.signature - 1] = {address, std::move(response.body)};
        if (--order.missing > 0) return;
        progress.at(++whole);
        if (order.failure) visit(part.order, *order.failure);
        else visit(part.order, std::move(order.submission));
        order.submission = {};
    });
    progress.end();
}

void check_name(const Manifest& m, const std::string& configured) {
    if (m.name == configured) return;
    throw Error(ErrorKind::trust, msg("feed %1", configured), msg("the address serves the feed \"%1\"", m.name),
                msg("check the url; if this is the feed you mean, configure it under that name"));
}

void check_replay(const Manifest& m, ByteView document, const ledger::FeedState& known) {
    if (m.serial < known.serial)
        throw Error(ErrorKind::trust, msg("feed %1", m.name),
                    msg("rollback: its serial is %1, but serial %2 was accepted before", m.serial, known.serial),
                    msg("an old copy is being served; the last good state stays"));
    if (m.serial == known.serial && sha256_hex(document) != known.digest)
        throw Error(ErrorKind::trust, msg("feed %1", m.name),
                    msg("serial %1 was accepted before with other content", m.serial),
                    msg("two feeds were signed with one serial: ask the publisher; the last good state stays"));
}

void check_fresh(const Manifest& m, UnixTime now) {
    if (now >= m.valid_until)
        throw Error(ErrorKind::trust, msg("feed %1", m.name),
                    msg("freeze: serial %1 was valid until %2", m.serial, format_rfc3339(m.valid_until)),
                    msg("an old copy is being served, or nothing was published since; the last good state stays"));
    if (m.generated > now + clock_tolerance)
        throw Error(
            ErrorKind::trust, msg("feed %1", m.name),
            msg("was generated at %1, but the clock here is at %2", format_rfc3339(m.generated), format_rfc3339(now)),
            msg("set the clock: with a wrong one a replay cannot be detected"));
}

}  // namespace saring::feed
