// The module's code with many threads: workers that query, resolve and cache as Unbound does, while orders are applied
// and end. ThreadSanitizer finds races in it; without, it checks the module's invariant (sweeper.h).
#include <atomic>
#include <barrier>
#include <chrono>
#include <thread>

#include "../store_support.h"
#include "fake_unbound.h"
#include "image/publish.h"
#include "instance.h"

namespace saring::test::module_many_threads_test {
namespace {

constexpr int workers = 3, phases = 12, names = 60;
constexpr UnixTime forever = 4000000000;

OwnerName numbered(std::size_t i) {
    return name("n" + std::to_string(i) + ".zone" + std::to_string(i % 7) + ".example");
}

// A third of the names are aliases of the next one; some have a listed address.
FakeMessage resolve(std::size_t i) {
    FakeMessage m;
    m.qname = numbered(i).wire();
    for (std::size_t at = i; at % 3 == 0 && m.names.size() < 2; ++at)
        m.names.emplace_back(numbered((at + 1) % names).wire());
    m.addresses.push_back(Bytes("\xcb\x00\x71", 3) + static_cast<char>(i % 16));
    return m;
}

// Sends a kept answer from the cache, as Unbound does.
void give(Instance& instance, const FakeMessage& m) {
    std::string reason;
    sockaddr_storage client{};
    saring_kept kept{};
    kept.order = m.order;
    kept.qname = kept.listed = reinterpret_cast<const std::uint8_t*>(m.qname.data());
    kept.qname_len = kept.listed_len = m.qname.size();
    kept.qtype = m.qtype;
    kept.rcode = m.rcode;
    kept.client = {&client, 0};
    kept.now.tv_sec = now_unix();
    kept.wants_options = 1;
    kept.options_out = reinterpret_cast<edns_option**>(&reason);
    instance.kept_answered(kept);
    if (reason.find("order B-") == std::string::npos)
        throw std::runtime_error("a kept answer without its order: " + reason);
}

// One client's query, processed as by Unbound's mesh. False: answered from the cache.
bool ask(Instance& instance, module_env& env, std::size_t i) {
    module_qstate q;
    q.env = &env;
    q.message.qname = numbered(i).wire();
    if (FakeMessage found; env.cache.lookup(q.message.qname, 1, &found)) {
        if (found.kept) give(instance, found);
        return false;
    }
    saring_query query{};
    query.qstate = &q;
    query.qname = reinterpret_cast<const std::uint8_t*>(q.message.qname.data());
    query.qname_len = q.message.qname.size();
    query.qtype = query.qclass = 1;
    query.has_client = 1;
    query.client = &q.client;
    query.now = now_unix();
    query.state = &q.word;
    if (instance.operate(query, saring_event_new) != saring_step_pass_on) return true;
    q.message = resolve(i);
    q.has_reply = true;
    query.qname = reinterpret_cast<const std::uint8_t*>(q.message.qname.data());
    // The iterator stores each link that it followed, whatever the first query says.
    for (const auto& target : q.message.names) {
        FakeMessage link;
        link.qname = target;
        link.addresses = q.message.addresses;
        env.cache.store(link);
    }
    if (!q.out_of_cache) env.cache.store(q.message);
    instance.operate(query, saring_event_done);
    return true;
}

// As a command of the tool after its commit.
void publish(const Store& store) { image::publish(*store.db, store.config.database.image_folder()); }

std::vector<std::string> listed_in_cache(Store& store, module_env& env) {
    std::vector<std::string> out;
    auto messages = env.cache.all();
    store.view([&](const ledger::Snapshot& s) {
        policy::Circumstances c{now_unix(), nullptr, policy::Action::nxdomain};
        for (const auto& m : messages) {
            if (m.kept) {
                auto verdict = decide(s, from_wire(m.qname), c);
                if (verdict.outcome != policy::Outcome::block || verdict.by->index != m.order || verdict.regional)
                    out.push_back("kept: " + from_wire(m.qname).to_string());
                continue;
            }
            auto listed = [&](const Bytes& wire) { return decide(s, from_wire(wire), c).uncacheable(); };
            bool bad = listed(m.qname);
            for (const auto& n : m.names) bad |= listed(n);
            for (const auto& a : m.addresses)
                bad |=
                    decide(s, Prefix::of_address(4, reinterpret_cast<const std::uint8_t*>(a.data())), c).uncacheable();
            if (bad) out.push_back(from_wire(m.qname).to_string());
        }
        return 0;
    });
    return out;
}

order::Order random_order(Random& random, int number) {
    std::vector<std::string> targets;
    for (std::size_t n = random.between(1, 4); n > 0; --n) {
        auto site = numbered(random.below(names)).to_string();
        targets.push_back((random.one_in(3) ? "=" : "") + site);
    }
    if (random.one_in(4)) targets.push_back("203.0.113." + std::to_string(random.below(16)) + "/32");
    order::Order order = make_order("B-" + std::to_string(number), targets);
    order.expires = forever;
    if (random.one_in(4)) order.regions = {"ID-JK"};
    return order;
}

}  // namespace

TEST_CASE("Once the workers stop and the cache is swept, it holds only kept answers that are still right") {
    Store store;
    config::Config config = store.config;
    config.eviction.sweep_seconds = 86400;  // what is left behind must stay to be seen
    config.module.status_file = store.dir / "module.json";
    config.hits.path = store.dir / "hits";
    module_env env;
    publish(store);
    Instance instance(Startup{config, {}, {}, {}}, &env, 0);

    std::atomic<bool> running{true}, stop{false};
    std::atomic<std::uint64_t> asked{0}, cached{0};
    std::barrier gate(workers + 1);
    std::vector<std::thread> threads;
    for (int w = 0; w < workers; ++w)
        threads.emplace_back([&, w] {
            Random random(static_cast<std::uint32_t>(100 + w));
            for (;;) {
                gate.arrive_and_wait();
                if (stop) return;
                while (running) ask(instance, env, random.below(names)) ? ++asked : ++cached;
                gate.arrive_and_wait();
            }
        });

    Random random(7);
    std::vector<std::string> living;
    int number = 0;
    for (int phase = 0; phase < phases; ++phase) {
        running = true;
        gate.arrive_and_wait();
        for (int commit = 0; commit < 4; ++commit) {
            if (living.size() > 6) {
                auto at = living.begin() + static_cast<std::ptrdiff_t>(random.below(living.size()));
                store.revoke(*at, now_unix());
                living.erase(at);
            } else {
                store.apply(random_order(random, ++number), now_unix());
                living.push_back("B-" + std::to_string(number));
            }
            publish(store);
            auto seen = asked.load();
            while (asked < seen + 200) std::this_thread::yield();
        }
        running = false;
        gate.arrive_and_wait();
        // The commits' sweeps may still be under way; nothing else removes anything now.
        std::vector<std::string> left;
        for (auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);;) {
            left = listed_in_cache(store, env);
            if (left.empty() || std::chrono::steady_clock::now() > end) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        INFO("phase " << phase);
        CHECK(left == std::vector<std::string>{});
    }
    stop = true;
    gate.arrive_and_wait();
    for (auto& t : threads) t.join();
    CHECK(cached > 0);
}

TEST_CASE("Instances can be made and destroyed while orders are applied and end") {
    Store store;
    config::Config config = store.config;
    config.module.status_file.clear();
    config.hits.path = store.dir / "hits";
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> asked{0};
    publish(store);
    // At the pace of the queries, not at full speed: every order stays in the database, and the watcher walks all of
    // them after each publication, so that a slow sanitizer would never finish.
    std::thread writer([&] {
        Random random(8);
        for (int number = 0; !stop; ++number) {
            store.apply(random_order(random, number), now_unix());
            publish(store);
            for (auto seen = asked.load(); !stop && asked < seen + 20;) std::this_thread::yield();
        }
    });
    for (int round = 0; round < 20; ++round) {
        module_env env;
        Instance instance(Startup{config, {}, {}, {}}, &env, 0);
        std::vector<std::thread> threads;
        for (std::size_t w = 0; w < workers; ++w)
            threads.emplace_back([&, w] {
                for (std::size_t i = 0; i < 200; ++i, ++asked) ask(instance, env, (i * 7 + w) % names);
            });
        for (auto& t : threads) t.join();
    }
    stop = true;
    writer.join();
}

}  // namespace saring::test::module_many_threads_test
