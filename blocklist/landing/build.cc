#include "landing/build.h"

#include <algorithm>

#include "base/file.h"
#include "base/output_file.h"
#include "base/sha256.h"
#include "landing/hosts.h"
#include "landing/page.h"
#include "landing/site_directory.h"
#include "ledger/stored_order.h"

namespace saring::landing {
namespace {

constexpr const char* ended_page = "/ended.html";

std::string page_of(const policy::OrderRecord& r) { return "/order/" + sha256_hex(r.id).substr(0, 32) + ".html"; }

class Builder {
public:
    Builder(const ledger::Snapshot& snapshot, const config::Config& config, const Templates& templates,
            const LandingOptions& options, Progress& progress)
        : snapshot_(snapshot),
          config_(config),
          options_(options),
          progress_(progress),
          maker_(templates, options.publisher),
          site_(options.directory) {}

    LandingBuilt run() {
        view_orders();
        leave_out_large_lists();
        write_map();
        for (const auto& [index, _] : pages_) write_order_page(index);
        PageSubject unlisted;
        unlisted.lists = authorities_left_out_;
        write("www/index.html", maker_.make(unlisted));
        PageSubject ended;
        ended.kind = PageKind::ended;
        write("www" + std::string(ended_page), maker_.make(ended));
        write("nginx/headers.conf", "add_header Content-Security-Policy \"" + maker_.policy() + "\" always;\n");
        site_.commit();
        return std::move(out_);
    }

private:
    void view_orders() {
        snapshot_.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
            auto action = r.action.value_or(config_.answer.action);
            if (action == policy::Action::log) return;  // blocks nothing
            for (UnixTime t : {r.effective, r.expires, r.lifted})
                if (t > options_.now && (r.in_force(options_.now) || t == r.effective))
                    out_.valid_until = std::min(out_.valid_until, t);
            if (!r.in_force(options_.now)) return view_ended(index, r, action);
            bool passes = action == policy::Action::passthru;
            if (passes && !r.regions.empty()) return;
            orders_[index] = {passes                               ? PageRank::pass
                              : r.kind == policy::OrderKind::order ? PageRank::order
                                                                   : PageRank::provider,
                              passes && r.kind == policy::OrderKind::local, r.issued};
            records_.emplace(index, r);
        });
    }

    void view_ended(policy::OrderIndex index, const policy::OrderRecord& r, policy::Action action) {
        UnixTime end = std::min(r.expires, r.lifted);
        if (r.kind == policy::OrderKind::list || action == policy::Action::passthru || end > options_.now ||
            end <= options_.now - ended_shown_for)
            return;
        auto document = snapshot_.document(index);
        if (!document) return;
        for (const auto& target : ledger::stored_order(*document, r.id).domains) {
            auto [at, fresh] = ended_.try_emplace(Bytes(LookupKey(target.name).view()), target.match);
            if (!fresh) at->second = policy::unite(at->second, target.match);
        }
    }

    void leave_out_large_lists() {
        std::vector<std::pair<std::uint64_t, policy::OrderIndex>> lists;
        std::uint64_t names = 0;
        for (const auto& [index, r] : records_) {
            if (r.kind == policy::OrderKind::list) lists.emplace_back(r.names, index);
            else names += r.names;
        }
        std::sort(lists.begin(), lists.end());
        for (const auto& [size, index] : lists) {
            names += size;
            if (names <= options_.most_names) continue;
            const auto& r = records_.at(index);
            out_.lists_left_out.insert(r.id);
            authorities_left_out_.push_back(r.authority);
            orders_.erase(index);
        }
        std::sort(authorities_left_out_.begin(), authorities_left_out_.end());
    }

    void write_map() {
        OutputFile map(site_.file("nginx/hosts.map"));
        progress_.begin(msg("mapping"), msg("names"), snapshot_.name_count());
        std::uint64_t done = 0;
        walk_hosts(snapshot_, orders_, ended_, [&](ByteView key, const HostLine& line) {
            if (++done % 8192 == 0) progress_.at(done);
            auto text = map_line(key, line, line.choice.is_over() ? ended_page : page(line.choice.index));
            if (text.empty()) return void(++out_.unservable);
            map.write(text);
            ++out_.lines;
        });
        progress_.end();
        map.commit();
        out_.bytes += map.bytes();
    }

    const std::string& page(policy::OrderIndex index) {
        auto& path = pages_[index];
        if (path.empty()) path = page_of(records_.at(index));
        return path;
    }

    void write_order_page(policy::OrderIndex index) {
        PageSubject subject;
        subject.order = records_.at(index);
        switch (subject.order.kind) {
            case policy::OrderKind::order:
                subject.kind = PageKind::order;
                subject.texts = snapshot_.texts(index);
                ++out_.orders;
                break;
            case policy::OrderKind::list:
                subject.kind = PageKind::list;
                ++out_.lists;
                break;
            case policy::OrderKind::local:
                subject.kind = PageKind::local;
                ++out_.local;
                break;
        }
        write("www" + pages_.at(index), maker_.make(subject));
    }

    void write(const std::string& file, const Bytes& content) {
        write_file_unflushed(site_.file(file), content);
        out_.bytes += content.size();
    }

    const ledger::Snapshot& snapshot_;
    const config::Config& config_;
    const LandingOptions& options_;
    Progress& progress_;
    PageMaker maker_;
    SiteDirectory site_;
    PageOrders orders_;
    std::map<policy::OrderIndex, policy::OrderRecord> records_;  // in force
    std::map<policy::OrderIndex, std::string> pages_;            // that a name leads to
    EndedNames ended_;
    std::vector<std::string> authorities_left_out_;
    LandingBuilt out_;
};

}  // namespace

LandingBuilt build_landing(const ledger::Snapshot& snapshot, const config::Config& config, const Templates& templates,
                           const LandingOptions& options, Progress& progress) {
    return Builder(snapshot, config, templates, options, progress).run();
}

}  // namespace saring::landing
