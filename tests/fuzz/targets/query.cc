// The query path: queries and answers with any names, from any client, for a module with a small fixed database. The
// result is compared with that of a few lines without trees and keys.
//
// Input: flags u8 (bit 0 has a client, bit 1 IPv6 client, bit 2 the class is not IN), qtype
// u8, client u8, option, qname, then { kind u8, bytes } for each target of the answer.
#include <stdlib.h>

#include <netinet/in.h>
#include <cctype>
#include <filesystem>

#include "../../unit/module/fake_unbound.h"
#include "../fuzz.h"
#include "image/publish.h"
#include "instance.h"
#include "ledger/writer.h"

namespace saring::fuzz {
namespace {

struct Listed {
    const char* name;  // wire without the final root label
    std::size_t size;
    bool below, passes;
};
template <std::size_t N>
constexpr Listed listed(const char (&wire)[N], bool below, bool passes = false) {
    return {wire, N - 1, below, passes};
}
// By order of precedence.
constexpr Listed policy[] = {
    listed("\4pass\4hoax\7example", true, true),
    listed("\4hoax\7example", true),
    listed("\5exact\7example", false),
};

class Base {
public:
    Base() {
        char folder[] = "/tmp/saring-fuzz-XXXXXX";
        if (!::mkdtemp(folder)) broken("no room for a database");
        config.database.path = folder;
        config.database.map_size = std::size_t{4} << 20;
        config.module.status_file.clear();
        config.hits.path.clear();
        config.believe_client_subnet = true;
        fill();
        image::publish(*ledger::Database::open(config), config.database.image_folder());
        instance = std::make_unique<Instance>(Startup{config, {}, {}, {}}, &env, 0);
        folder_ = folder;
    }
    ~Base() {
        instance.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    config::Config config;
    module_env env;
    std::unique_ptr<Instance> instance;

private:
    // A separate scope: one process must not open an LMDB environment twice.
    void fill() {
        ledger::Writer w(ledger::Database::open_to_write(config));
        unsigned number = 0;
        for (const auto& l : policy) {
            order::Order o;
            o.id = "B-" + std::to_string(++number);
            o.issued = o.effective = 1;
            o.expires = policy::never;
            OwnerName name;
            Bytes wire(l.name, l.size + 1);
            OwnerName::from_wire(reinterpret_cast<const std::uint8_t*>(wire.data()), wire.size(), name);
            o.domains.push_back({name, l.below ? policy::Match::subtree : policy::Match::exact});
            if (l.passes) o.action = policy::Action::passthru;
            if (number == 2) o.addresses.push_back(Prefix::parse("203.0.113.0/28"));
            w.apply(o, {"{}", {}}, "key", 1);
        }
        w.commit({"fuzz", "fuzz", "", 1});
    }
    std::string folder_;
};

// 0: unlisted, 1: blocked, 2: passes.
int oracle(Bytes wire) {
    // A complete name: labels whose last is the root label.
    std::size_t at = 0;
    std::vector<std::size_t> starts;
    while (at < wire.size() && wire[at] != 0) {
        if (static_cast<unsigned char>(wire[at]) > 63) return -1;
        starts.push_back(at);
        at += 1u + static_cast<unsigned char>(wire[at]);
    }
    if (at + 1 != wire.size() || wire.size() > 255) return -1;
    for (std::size_t s : starts)
        for (std::size_t i = s + 1; i < wire.size() && i <= s + static_cast<unsigned char>(wire[s]); ++i)
            wire[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(wire[i])));
    for (const auto& l : policy)
        for (std::size_t s : starts)
            if ((s == 0 || l.below) && wire.substr(s) == Bytes(l.name, l.size + 1)) return l.passes ? 2 : 1;
    return 0;
}

}  // namespace

void one(ByteView input) {
    static Base base;
    Input in(input);
    auto flags = in.byte();
    module_qstate q;
    q.env = &base.env;
    q.message.qtype = in.byte();
    auto client = in.byte();
    if (flags & 2) {
        auto* six = reinterpret_cast<sockaddr_in6*>(&q.client);
        six->sin6_family = AF_INET6;
        six->sin6_addr.s6_addr[15] = client;
    } else {
        auto* four = reinterpret_cast<sockaddr_in*>(&q.client);
        four->sin_family = AF_INET;
        four->sin_addr.s_addr = client;
    }
    q.client_subnet = in.piece();
    q.message.qname = in.long_piece();
    if (q.message.qname.empty()) return;

    saring_query query{};
    query.qstate = &q;
    query.qname = reinterpret_cast<const std::uint8_t*>(q.message.qname.data());
    query.qname_len = q.message.qname.size();
    query.qtype = q.message.qtype;
    query.qclass = flags & 4 ? 3 : 1;
    query.has_client = flags & 1;
    query.client = query.has_client ? &q.client : nullptr;
    query.now = 1000;
    query.state = &q.word;
    int said = oracle(q.message.qname);
    auto step = base.instance->operate(query, saring_event_new);
    bool blocks = query.has_client && query.qclass == 1 && said == 1;
    demand((step == saring_step_finished) == blocks && q.answered == blocks,
           "the queried name is not blocked as listed");
    if (blocks) {
        demand(q.out_of_cache && q.rcode == 3, "a blocked answer that may be cached, or is not NXDOMAIN");
        return;
    }
    demand(step == saring_step_pass_on, "a name that is not blocked does not go on");

    bool leads = false;
    while (!in.empty()) {
        auto kind = in.byte();
        if (kind % 4 == 0) {
            Bytes address(in.take(4));
            if (address.size() != 4) break;
            leads |= address.substr(0, 3) == Bytes("\xcb\x00\x71", 3) && static_cast<unsigned char>(address[3]) < 16;
            q.message.addresses.push_back(address);
        } else {
            q.message.names.emplace_back(in.piece());
            if (q.message.names.back().empty()) q.message.names.back() = Bytes(1, '\0');
            leads |= oracle(q.message.names.back()) == 1;
        }
    }
    q.has_reply = true;
    step = base.instance->operate(query, saring_event_done);
    demand(step == saring_step_finished, "an answer that does not come to an end");
    blocks = query.has_client && query.qclass == 1 && said == 0 && leads;
    demand(q.answered == blocks, "an answer's aliases and addresses are not blocked as listed");
}

}  // namespace saring::fuzz
