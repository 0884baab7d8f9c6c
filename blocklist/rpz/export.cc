#include "rpz/export.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_map>

#include "policy/decide.h"
#include "rpz/tree.h"

namespace saring::rpz {
namespace {

// The part of an order that the export needs, decoded once.
struct OrderView {
    bool counts = false;
    bool local = false;
    policy::Action action = policy::Action::nxdomain;
    UnixTime issued = 0;
};

RpzAction rpz_action(policy::Action a) {
    switch (a) {
        case policy::Action::nxdomain:
        case policy::Action::refused: return RpzAction::nxdomain;
        case policy::Action::nodata: return RpzAction::nodata;
        case policy::Action::redirect: return RpzAction::redirect;
        case policy::Action::drop: return RpzAction::drop;
        case policy::Action::passthru: return RpzAction::passthru;
        case policy::Action::log: return RpzAction::none;
    }
    return RpzAction::none;
}

class Exporter {
public:
    Exporter(const ledger::Snapshot& snapshot, const config::Config& config, const RpzExportOptions& options,
             const TextSink& sink, Progress& progress)
        : snapshot_(snapshot), config_(config), options_(options), sink_(sink), progress_(progress) {}

    RpzExported run() {
        view_orders();
        out_.serial = options_.serial.value_or(static_cast<std::uint32_t>(snapshot_.serial()));
        head();
        write_names();
        write_addresses();
        return std::move(out_);
    }

private:
    void view_orders() {
        auto missing = options_.orders;
        policy::Region region{options_.regions, false};
        snapshot_.each_order([&](policy::OrderIndex index, const policy::OrderRecord& r) {
            missing.erase(r.id);
            if (!options_.orders.empty() && !options_.orders.count(r.id)) return;
            for (UnixTime t : {r.effective, r.expires, r.lifted})
                if (t > options_.now && (r.in_force(options_.now) || t == r.effective))
                    out_.valid_until = std::min(out_.valid_until, t);
            if (!r.in_force(options_.now)) return;
            OrderView v{true, r.kind == policy::OrderKind::local, r.action.value_or(config_.answer.action), r.issued};
            if (v.local && !options_.local) return void(out_.local.insert(r.id));
            if (v.action == policy::Action::log) return void(out_.rehearsed.insert(r.id));
            if (!r.regions.empty() && !region.holds(r.regions)) return void(out_.regional.insert(r.id));
            out_.refusals_as_nxdomain |= v.action == policy::Action::refused;
            out_.used.insert(r.id);
            orders_.emplace(index, v);
        });
        if (!missing.empty())
            throw Error(ErrorKind::not_found, msg("order %1", *missing.begin()), msg("is not in the database"),
                        msg("see: blocklist-tool order list"));
    }

    void head() {
        const auto& a = config_.answer;
        auto ttl = std::to_string(a.ttl);
        auto dotted = [](const std::string& text) {
            auto name = OwnerName::parse(text);
            return name.is_root() ? name.to_string() : name.to_string() + ".";
        };
        sink_("; " + std::to_string(out_.used.size()) + " orders as they hold at " + format_rfc3339(options_.now) +
              (out_.valid_until == policy::never ? "" : "; one begins or ends at " + format_rfc3339(out_.valid_until)) +
              "\n");
        sink_("$ORIGIN " + options_.origin.to_string() + (options_.origin.is_root() ? "" : ".") + "\n$TTL " + ttl +
              "\n");
        sink_("@ SOA " + dotted(a.soa_mname) + " " + dotted(a.soa_rname) + " " + std::to_string(out_.serial) +
              " 300 60 2592000 " + ttl + "\n");
        sink_("@ NS localhost.\n");
    }

    RpzChoice choose(const policy::Entries& entries) const {
        struct Best {
            std::optional<policy::OrderPrecedence> precedence;
            policy::Action action = policy::Action::nxdomain;
            void take(const OrderView& o, policy::OrderIndex index) {
                policy::OrderPrecedence s{o.action == policy::Action::passthru, o.issued, index};
                if (precedence && !outranks(s, *precedence)) return;
                precedence = s;
                action = o.action;
            }
            RpzAction result() const { return precedence ? rpz_action(action) : RpzAction::none; }
        };
        Best itself, below;
        RpzChoice out;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            policy::Entry e = entries[i];
            auto known = orders_.find(e.order);
            if (known == orders_.end()) continue;
            const auto& o = known->second;
            bool own_pass = o.local && o.action == policy::Action::passthru;
            if (covers_itself(e.match)) {
                itself.take(o, e.order);
                out.passes_itself |= own_pass;
            }
            if (covers_below(e.match)) {
                below.take(o, e.order);
                out.passes_below |= own_pass;
            }
        }
        out.itself = itself.result();
        out.below = below.result();
        return out;
    }

    void write_names() {
        progress_.begin(msg("exporting"), msg("names"), snapshot_.name_count());
        RpzTree tree(
            [this](ByteView key, bool wildcard, RpzAction action) { put(name_of_key(key), wildcard, action); });
        ledger::lmdb::Cursor cursor(snapshot_.transaction(), snapshot_.tables().names);
        std::uint64_t done = 0;
        for (auto item = cursor.first(); item; item = cursor.next()) {
            if (++done % 8192 == 0) progress_.at(done);
            auto choice = choose(policy::Entries(item->value));
            if (choice.itself == RpzAction::none && choice.below == RpzAction::none) continue;
            if (!fits(item->key, choice.below != RpzAction::none)) {
                ++out_.too_long;
                continue;
            }
            ++out_.names;
            tree.add(item->key, choice);
        }
        progress_.end();
    }

    bool fits(ByteView key, bool wildcard) const {
        return name_of_key(key).wire().size() + (wildcard ? 2 : 0) + options_.origin.wire().size() - 1 <=
               OwnerName::max_wire;
    }

    void put(const OwnerName& name, bool wildcard, RpzAction action) {
        write((wildcard ? "*." : "") + name.to_string(), action);
    }

    void write(const std::string& owner, RpzAction action) {
        auto line = [&](const std::string& data) {
            sink_(owner + " " + data + "\n");
            ++out_.records;
        };
        const auto& a = config_.answer;
        switch (action) {
            case RpzAction::none: return;
            case RpzAction::nxdomain: return line("CNAME .");
            case RpzAction::nodata: return line("CNAME *.");
            case RpzAction::drop: return line("CNAME rpz-drop.");
            case RpzAction::passthru: return line("CNAME rpz-passthru.");
            case RpzAction::redirect:
                if (!a.redirect_cname.empty())
                    return line("CNAME " + OwnerName::parse(a.redirect_cname).to_string() + ".");
                if (a.redirect_a.empty() && a.redirect_aaaa.empty()) return line("CNAME *.");
                for (const auto& p : a.redirect_a) line("A " + host(p));
                for (const auto& p : a.redirect_aaaa) line("AAAA " + host(p));
        }
    }

    static std::string host(const Prefix& p) {
        auto text = p.to_string();
        return text.substr(0, text.find('/'));
    }

    // "28.0.113.0.203.rpz-ip"; for IPv6 all eight groups, last first.
    static std::string trigger(const Prefix& p) {
        std::string out = std::to_string(p.length);
        if (p.family == 4) {
            for (std::size_t i = 4; i-- > 0;) out += "." + std::to_string(p.address[i]);
        } else {
            // The longest run of at least two zero groups is written "zz".
            std::array<unsigned, 8> group{};
            for (std::size_t i = 0; i < 8; ++i)
                group[i] = static_cast<unsigned>(p.address[2 * i] << 8 | p.address[2 * i + 1]);
            std::size_t best = 0, best_size = 0;
            for (std::size_t i = 0, run = 0; i < 8; ++i) {
                run = group[i] == 0 ? run + 1 : 0;
                if (run > best_size) best_size = run, best = i + 1 - run;
            }
            for (std::size_t i = 8; i-- > 0;) {
                if (best_size >= 2 && i >= best && i < best + best_size) {
                    if (i == best) out += ".zz";
                    continue;
                }
                char text[8];
                std::snprintf(text, sizeof text, ".%x", group[i]);
                out += text;
            }
        }
        return out + ".rpz-ip";
    }

    void write_addresses() {
        ledger::lmdb::Cursor cursor(snapshot_.transaction(), snapshot_.tables().addresses);
        for (auto item = cursor.first(); item; item = cursor.next()) {
            auto choice = choose(policy::Entries(item->value));
            if (choice.itself == RpzAction::none) continue;
            ++out_.addresses;
            write(trigger(prefix_of_key(item->key)), choice.itself);
        }
    }

    const ledger::Snapshot& snapshot_;
    const config::Config& config_;
    const RpzExportOptions& options_;
    const TextSink& sink_;
    Progress& progress_;
    std::unordered_map<policy::OrderIndex, OrderView> orders_;
    RpzExported out_;
};

}  // namespace

RpzExported export_rpz(const ledger::Snapshot& snapshot, const config::Config& config, const RpzExportOptions& options,
                       const TextSink& sink, Progress& progress) {
    return Exporter(snapshot, config, options, sink, progress).run();
}

}  // namespace saring::rpz
