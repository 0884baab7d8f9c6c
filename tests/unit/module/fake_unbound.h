// A fake of the part of Unbound that the module sees, which tests can inspect: queries and a
// message cache behind the functions of module/glue.h. Thread-safe where Unbound is.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "glue.h"
#include "name/owner_name.h"

namespace saring::test {

struct FakeMessage {
    Bytes qname;  // wire
    std::uint16_t qtype = 1;
    std::vector<Bytes> names;      // alias targets, wire
    std::vector<Bytes> addresses;  // 4 or 16 bytes
    bool kept = false;             // by glue_keep, with what follows
    std::uint32_t order = 0;
    std::uint16_t rcode = 0;
};

class FakeCache {
public:
    static constexpr std::size_t slabs = 4, bins = 64;

    void store(const FakeMessage& m);
    bool lookup(const Bytes& qname, std::uint16_t qtype, FakeMessage* out = nullptr);
    void remove(const Bytes& qname, std::uint16_t qtype);
    std::vector<FakeMessage> all();
    bool walk(saring_walk& at, std::size_t count, const std::function<void(const FakeMessage&)>& visit);

private:
    struct Slab {
        std::mutex mutex;
        std::array<std::map<std::pair<Bytes, std::uint16_t>, FakeMessage>, bins> bin;
    };
    static std::size_t hash(const Bytes& qname, std::uint16_t qtype);
    std::array<Slab, slabs> slabs_;
};

}  // namespace saring::test

struct module_env {
    saring::test::FakeCache cache;
};

struct module_qstate {
    module_env* env = nullptr;
    saring::test::FakeMessage message;  // the question, and once has_reply the answer
    bool has_reply = false;
    bool out_of_cache = false;
    bool answered = false;  // by the module
    bool told = false;      // nobody waits any longer
    std::uint16_t rcode = 0;
    std::string explained;        // the EDE option's text
    saring::Bytes client_subnet;  // the client's EDNS option; empty: it sent none
    sockaddr_storage client{};
    std::uint64_t word = 0;
    int step = 0;
};
