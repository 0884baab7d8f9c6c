// make-hits: writes hits into the configuration's hit log as resolvers would, each run of this program being one of
// each resolver's, for tests that choose their times, regions and clients. One JSON object a line on standard input; a
// member left out has a default. An empty line ends a batch, as half a second does.
//   time (RFC 3339), client, region, asn, transport, qname, qtype, trigger, listed, action,
//   order, serial; count (so many of it); dropped (counted, not recorded)
// make-hits --load N writes N hits of the day before --until (RFC 3339; now) instead: names, clients, orders and
// regions that occur as often as their rank says (Zipf), in batches of --batch.
#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "hitlog/client.h"
#include "hitlog/writer.h"
#include "hits/time_expression.h"
#include "settings/settings.h"

namespace {

using namespace saring;
using Json = nlohmann::json;

class Output {
public:
    explicit Output(const config::HitsConfig& config) : config_(config) {}
    void add(const hitlog::Hit& h, bool dropped) {
        auto& writer = writer_of(h.instance);
        hitlog::RecordOf record(h);
        if (dropped) {
            hitlog::HitCounts counts(1);
            counts.add_dropped(static_cast<const hitlog::Record&>(record).key());
            writer.add_dropped(counts);
        } else {
            writer.add(record);
        }
        newest_ = std::max(newest_, h.time);
        if (++waiting_ >= 65536) commit();
    }
    // At the time of the newest hit, so that none is too old.
    void commit() {
        for (auto& [instance, writer] : writers_) writer->flush(newest_);
        waiting_ = 0;
    }
    void end() {
        writer_of(config_.instance_name());
        for (auto& [instance, writer] : writers_) {
            writer->flush(newest_);
            writer->close(newest_);
        }
    }

private:
    // Each resolver writes a log of its own.
    hitlog::HitLogWriter& writer_of(const std::string& instance) {
        auto& writer = writers_[instance];
        if (!writer) {
            hitlog::WriterOptions options;
            options.path = config_.path;
            options.instance = instance;
            options.limits = {config_.keep_days, config_.keep_hours_days, config_.max_size};
            writer = std::make_unique<hitlog::HitLogWriter>(options);
        }
        return *writer;
    }
    const config::HitsConfig config_;
    std::map<std::string, std::unique_ptr<hitlog::HitLogWriter>> writers_;
    hitlog::Microseconds newest_ = 0;
    std::uint64_t waiting_ = 0;
};

policy::Trigger parse_trigger(const std::string& text) {
    for (auto t : {policy::Trigger::qname, policy::Trigger::cname, policy::Trigger::address})
        if (text == to_string(t)) return t;
    throw Error(ErrorKind::usage, "trigger", text + " is none");
}

hitlog::Transport parse_transport(const std::string& text) {
    for (int i = 0; i <= static_cast<int>(hitlog::last_transport); ++i)
        if (text == to_string(static_cast<hitlog::Transport>(i))) return static_cast<hitlog::Transport>(i);
    throw Error(ErrorKind::usage, "transport", text + " is none");
}

hitlog::Hit read_hit(const Json& j, const config::HitsConfig& config) {
    auto now = hitlog::now_microseconds();
    hitlog::Hit h;
    h.time = j.contains("time") ? hits::parse_moment(j["time"], "time", now).time : now;
    h.instance = j.value("instance", config.instance_name());
    std::string client = j.value("client", "192.0.2.0/24");
    if (!client.empty()) h.client = hitlog::parse_client(client);
    h.region = j.value("region", "ID-JK");
    h.asn = j.value("asn", 0u);
    h.transport = parse_transport(j.value("transport", "udp"));
    h.qname = OwnerName::parse(j.value("qname", "hoax.example"));
    h.qtype = j.value("qtype", std::uint16_t{1});
    h.trigger = parse_trigger(j.value("trigger", "qname"));
    std::string listed = j.value("listed", h.qname.to_string());
    if (h.trigger == policy::Trigger::address) h.prefix = Prefix::parse(listed);
    else h.listed = OwnerName::parse(listed);
    h.action = policy::parse_action(j.value("action", "nxdomain"), "action");
    h.order = j.value("order", "B-1/2024");
    h.serial = j.value("serial", std::uint64_t{1});
    return h;
}

void read_all(Output& out, const config::HitsConfig& config) {
    for (std::string line; std::getline(std::cin, line);) {
        if (line.empty()) {
            out.commit();
            continue;
        }
        auto j = Json::parse(line);
        for (auto n = j.value("count", 1u); n > 0; --n) out.add(read_hit(j, config), j.value("dropped", false));
    }
    out.commit();
}

// Ranks 0 to n-1, the k-th as often as 1/(k+1).
class Zipf {
public:
    explicit Zipf(unsigned n) : n_(n) {}
    unsigned operator()(std::mt19937_64& random) {
        auto u = std::uniform_real_distribution<double>(0, 1)(random);
        return std::min(n_ - 1, static_cast<unsigned>(std::pow(n_ + 1.0, u)) - 1);
    }

private:
    unsigned n_;
};

struct Load {
    std::uint64_t hits = 0, batch = 1000;
    std::string until;
    unsigned names = 100000, clients = 200000, orders = 300, regions = 38;
};

void generate(Output& out, const Load& load, const config::HitsConfig& config) {
    std::mt19937_64 random(1);
    Zipf name(load.names), client(load.clients), region(load.regions);
    auto end = hitlog::now_microseconds();
    if (!load.until.empty()) end = hits::parse_moment(load.until, "--until", end).time;
    auto begin = end - hitlog::Microseconds{86400} * hitlog::second_us;
    for (std::uint64_t i = 0; i < load.hits; ++i) {
        hitlog::Hit h;
        auto n = name(random), c = client(random);
        h.time = begin + static_cast<hitlog::Microseconds>(static_cast<double>(end - begin) * static_cast<double>(i) /
                                                           static_cast<double>(load.hits));
        h.instance = config.instance_name();
        std::uint8_t octets[4] = {10, static_cast<std::uint8_t>(c >> 16), static_cast<std::uint8_t>(c >> 8),
                                  static_cast<std::uint8_t>(c)};
        h.client = hitlog::stored_client(Prefix::of_address(4, octets));
        h.region = "ID-" + std::to_string(region(random));
        h.listed = OwnerName::parse("site" + std::to_string(n) + ".example");
        h.qname = random() % 2 ? h.listed : OwnerName::parse("www.site" + std::to_string(n) + ".example");
        h.qtype = random() % 3 ? 1 : 28;
        h.order = "B-" + std::to_string(n % load.orders) + "/2024";
        h.serial = 1;
        out.add(h, false);
        if ((i + 1) % load.batch == 0) out.commit();
    }
    out.commit();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Writes hits for tests."};
    std::string config;
    Load load;
    app.add_option("--config", config)->required();
    app.add_option("--load", load.hits);
    app.add_option("--batch", load.batch);
    app.add_option("--until", load.until);
    app.add_option("--names", load.names);
    app.add_option("--clients", load.clients);
    CLI11_PARSE(app, argc, argv);
    try {
        auto hits = settings::load_config(config).hits;
        Output out(hits);
        if (load.hits) generate(out, load, hits);
        else read_all(out, hits);
        out.end();
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "make-hits: " << e.what() << "\n";
        return 2;
    }
}
