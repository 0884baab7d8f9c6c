// Sends queries at a fixed rate, whatever comes back, and records when each query was sent and how long its answer
// took: a server that stalls cannot hide it by getting fewer queries. The rate may rise linearly. Queries come from
// several loopback addresses.
//
// It sleeps while there is nothing to send or read, so that others can use its core. SIGTERM ends it early. Stdout: the
// start time, CLOCK_MONOTONIC in seconds.
// Output: a record of three little-endian u32 for each question: when it was sent and how long the
// answer took, in microseconds from the start, the latter ~0 for none; the answer's RCODE.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Record {
    std::uint32_t sent_us, latency_us, rcode;
};
constexpr std::uint32_t unanswered = ~0u;
constexpr unsigned ids = 65536;
volatile sig_atomic_t ended = 0;

std::string question(const std::string& name, std::uint16_t type) {
    // RD set, one question, one OPT record.
    std::string out("\0\0\1\0\0\1\0\0\0\0\0\1", 12);
    std::istringstream labels(name);
    for (std::string label; std::getline(labels, label, '.');) {
        out.push_back(static_cast<char>(label.size()));
        out += label;
    }
    out.push_back('\0');
    for (unsigned v : {static_cast<unsigned>(type), 1u}) {
        out.push_back(static_cast<char>(v >> 8));
        out.push_back(static_cast<char>(v));
    }
    return out + std::string("\0\0\x29\x04\xd0\0\0\0\0\0\0", 11);
}

std::vector<std::string> read_questions(const std::string& path) {
    std::ifstream in(path);
    std::vector<std::string> out;
    std::string name, type;
    while (in >> name >> type) out.push_back(question(name, type == "AAAA" ? 28 : 1));
    if (out.empty()) throw std::runtime_error(path + ": has no questions");
    return out;
}

struct Source {
    int fd = -1;
    std::uint16_t next_id = 0;
    std::vector<std::uint32_t> asked = std::vector<std::uint32_t>(ids, unanswered);  // id -> record
};

Source open_source(unsigned number, std::uint16_t port) {
    Source s;
    s.fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int buffer = 8 << 20;
    ::setsockopt(s.fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
    sockaddr_in from{}, to{};
    from.sin_family = to.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(0x7f010001u + (number / 200 << 8) + number % 200);  // 127.1.0.1 on
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (s.fd < 0 || ::bind(s.fd, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0 ||
        ::connect(s.fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("cannot open a socket");
    return s;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Asks a resolver on loopback at a set rate and writes down each latency"};
    std::uint16_t port = 0;
    double from = 1000, to = 0, seconds = 5;
    unsigned sources = 16;
    std::string questions_file, output;
    app.add_option("--port", port)->required();
    app.add_option("--questions", questions_file, "lines of a name and A or AAAA, asked in turn")->required();
    app.add_option("--from", from, "questions a second")->capture_default_str();
    app.add_option("--to", to, "the same at the end; default: as at the beginning");
    app.add_option("--seconds", seconds)->capture_default_str();
    app.add_option("--sources", sources, "addresses to ask from, 127.1.0.1 on")->capture_default_str();
    app.add_option("--output", output)->required();
    CLI11_PARSE(app, argc, argv);
    if (to == 0) to = from;
    ::signal(SIGTERM, [](int) { ended = 1; });

    auto questions = read_questions(questions_file);
    std::vector<Source> all;
    int poll = ::epoll_create1(0);
    for (unsigned i = 0; i < sources; ++i) {
        all.push_back(open_source(i, port));
        epoll_event e{};
        e.events = EPOLLIN;
        e.data.u32 = i;
        ::epoll_ctl(poll, EPOLL_CTL_ADD, all.back().fd, &e);
    }

    std::vector<Record> records;
    records.reserve(static_cast<std::size_t>((from + to) / 2 * seconds) + 1000);
    using Clock = std::chrono::steady_clock;
    auto begun = Clock::now();
    std::printf("%.6f\n", std::chrono::duration<double>(begun.time_since_epoch()).count());
    std::fflush(stdout);
    auto now_us = [&] {
        return static_cast<std::uint32_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun).count());
    };

    auto receive = [&](double seconds_to_wait) {
        epoll_event ready[64];
        timespec wait{static_cast<time_t>(seconds_to_wait), static_cast<long>(std::fmod(seconds_to_wait, 1) * 1e9)};
        int n = ::epoll_pwait2(poll, ready, 64, &wait, nullptr);
        unsigned char packet[1500];
        for (int i = 0; i < n; ++i) {
            auto& s = all[ready[i].data.u32];
            for (int burst = 0; burst < 32; ++burst) {
                auto size = ::recv(s.fd, packet, sizeof packet, 0);
                if (size < 12) break;
                auto& asked = s.asked[static_cast<unsigned>(packet[0] << 8 | packet[1])];
                if (asked == unanswered) continue;
                auto& r = records[asked];
                r.latency_us = now_us() - r.sent_us;
                r.rcode = packet[3] & 0xf;
                asked = unanswered;
            }
        }
        return n;
    };

    std::size_t next = 0;
    for (;;) {
        double t = now_us() / 1e6;
        if (t >= seconds || ended) break;
        auto queries_due = static_cast<std::size_t>(from * t + (to - from) * t * t / (2 * seconds));
        double until_next = records.size() < queries_due ? 0 : 1 / (from + (to - from) * t / seconds);
        for (int burst = 0; records.size() < queries_due && burst < 16; ++burst) {
            auto& s = all[records.size() % sources];
            auto& q = questions[next];
            next = (next + 1) % questions.size();
            auto id = s.next_id++;
            q[0] = static_cast<char>(id >> 8);
            q[1] = static_cast<char>(id);
            s.asked[id] = static_cast<std::uint32_t>(records.size());
            records.push_back({now_us(), unanswered, 0});
            (void)!::send(s.fd, q.data(), q.size(), 0);
        }
        // Shorter sleeps cost more than they give to others.
        receive(until_next < 50e-6 ? 0 : until_next / 2);
    }
    for (auto end = now_us() + 3000000; now_us() < end && receive(0.5) > 0;) {}

    std::FILE* out = std::fopen(output.c_str(), "wb");
    if (!out || std::fwrite(records.data(), sizeof(Record), records.size(), out) != records.size() ||
        std::fclose(out) != 0) {
        std::fprintf(stderr, "probe: %s: cannot be written\n", output.c_str());
        return 1;
    }
    return 0;
}
