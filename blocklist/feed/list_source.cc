#include "feed/list_source.h"

#include <sstream>

#include "base/sha256.h"
#include "feed/list_feed.h"
#include "feed/signed_feed.h"
#include "fetch/transport.h"
#include "listfile/list_read.h"

namespace saring::feed {
namespace {

constexpr std::uint64_t max_list_signature_bytes = 16384;
constexpr const char* stays = marked("; the last good state stays");

class ListSource : public Source {
public:
    explicit ListSource(const SourceContext& context)
        : context_(context),
          list_(context_),
          transport_(fetch::open_transport(context.feed, true)),
          options_{context.feed.list.format,
                   context.feed.list.match,
                   {"rpz.", list::Landings(context.feed.list.landings, "landing")},
                   !context.feed.list.unsigned_list} {
        const auto& l = context.feed.list;
        bool pinned = !l.sha256.empty(), by_keys = !context.feed.keys.empty();
        if (pinned + by_keys + l.unsigned_list != 1)
            throw Error(ErrorKind::usage, msg("feed %1", context.feed.name),
                        msg("set exactly one of sha256, keys and unsigned"),
                        msg("pin its sha256, name the keys of its minisign signature (URL.minisig), or write unsigned "
                            "= true to trust the server"));
    }

    const char* kind() const override { return "list"; }

    void fetch(const ledger::FeedState& known) override {
        mark_ = list_.mark(known);
        std::string address = transport_->address("");
        fetch::FetchRequest request{"", context_.feed.max_bytes};
        if (mark_) request.etag = known.etag, request.last_modified = known.last_modified;
        auto response = transport_->get(request);
        etag_ = response.etag;
        last_modified_ = response.last_modified;
        using Status = fetch::FetchResponse::Status;
        if (response.status == Status::absent)
            throw Error(ErrorKind::network, address, msg("is not there"),
                        msg("check the url of the feed; the last good state stays"));
        if (response.status == Status::too_large)
            throw Error(ErrorKind::network, address,
                        msg("is larger than its limit of %1 bytes", context_.feed.max_bytes),
                        msg("raise max_mib of the feed if that is right; the last good state stays"));
        if (response.status == Status::not_modified) {
            unchanged_ = true;
            digest_ = known.digest;
            etag_ = known.etag;
            last_modified_ = known.last_modified;
            return;
        }
        check_is_list(response, address);
        digest_ = sha256_hex(response.body);
        vouch(response.body, address);
        unchanged_ = mark_ && digest_ == known.digest;
        if (!unchanged_) read(std::move(response.body), address);
    }

    void apply(ledger::Writer& writer, ledger::FeedState& state, SyncReport& report) override {
        report.unchanged = unchanged_;
        report.bytes = transport_->bytes();
        state.serial = content_.serial.value_or(unchanged_ ? static_cast<std::uint32_t>(state.serial) : 0);
        list::Targets none;
        if (unchanged_) list_.change(writer, *mark_, {}, none, state, report);  // renews its life
        else list_.replace(writer, content_.list, state, report);
        if (!unchanged_ && content_.guessed) report.notes.push_back(describe_format(content_));
        list_.report_content(content_, report);
        state.digest = digest_;
        state.etag = etag_;
        state.last_modified = last_modified_;
    }

private:
    void check_is_list(const fetch::FetchResponse& response, const std::string& address) const {
        if (response.body.empty())
            throw Error(ErrorKind::network, address, msg("is empty"),
                        msg("ask the server's operator; the last good state stays"));
    }

    // A bad file from a server is a network error, not a usage error.
    template <typename F>
    void as_network(F work) const {
        try {
            work();
        } catch (const Error& e) { throw Error(ErrorKind::network, e.subject(), e.why(), e.remedy() + msg(stays)); }
    }

    void vouch(const Bytes& body, const std::string& address) {
        const auto& l = context_.feed.list;
        if (!l.sha256.empty() && digest_ != l.sha256)
            throw Error(ErrorKind::trust, address,
                        msg("has the SHA-256 %1, but the configuration says %2", digest_, l.sha256),
                        msg("it is another list; check it and its publisher before pinning it anew"));
        if (context_.feed.keys.empty()) return;
        auto response = transport_->get({".minisig", max_list_signature_bytes});
        std::vector<trust::SignatureFile> signatures;
        if (response.status == fetch::FetchResponse::Status::found)
            signatures.push_back({transport_->address(".minisig"), std::move(response.body)});
        trust::require_trust(check_signatures(feed_policy(context_.config, context_.feed), trust::KeyRole::feed, body,
                                              signatures, context_.now),
                             address);
    }

    void read(Bytes body, const std::string& address) {
        std::uint64_t size = body.size();
        std::istringstream in(std::move(body));
        as_network([&] {
            listfile::ListText text(in, address, context_.feed.max_bytes);
            context_.progress.begin(msg("reading %1", context_.feed.name), msg("bytes"), text.packed() ? 0 : size);
            content_ = read_list(text, options_, context_.progress);
            context_.progress.end();
            require_list(content_, text);
        });
    }

    const SourceContext context_;
    ListFeed list_;
    std::unique_ptr<fetch::Transport> transport_;
    listfile::ListOptions options_;
    std::optional<ListMark> mark_;
    listfile::ReadList content_;
    std::string digest_, etag_, last_modified_;
    bool unchanged_ = false;
};

}  // namespace

std::unique_ptr<Source> make_list_source(const SourceContext& context) { return std::make_unique<ListSource>(context); }

}  // namespace saring::feed
