#include "console/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <sys/un.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/quiet_thread.h"
#include "console/live.h"

namespace saring::tool::console {
namespace {

constexpr std::size_t max_query_bytes = 8192, max_headers = 64;

// One request from its first header to the last byte of its answer.
struct Exchange {
    MHD_Connection* connection = nullptr;
    Request request;
    Response response;
    bool is_answered = false;  // response holds; written by the page thread before the connection is resumed
    bool is_queued = false;
};

void tell_peer(MHD_Connection* connection, Request& out) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const sockaddr* address = info ? info->client_addr : nullptr;
    char text[INET6_ADDRSTRLEN] = "";
    if (address && address->sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
        ::inet_ntop(AF_INET, &v4, text, sizeof text);
        out.peer_is_local = (ntohl(v4.s_addr) >> 24) == 127;
    } else if (address && address->sa_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
        ::inet_ntop(AF_INET6, &v6, text, sizeof text);
        out.peer_is_local = IN6_IS_ADDR_LOOPBACK(&v6);
    } else {
        out.peer_is_local = true;
        std::strcpy(text, "unix");
    }
    out.peer = text;
}

struct Collected {
    Request* request;
    std::size_t bytes = 0, headers = 0;
    bool too_much = false;
};

// With sizes: a value may hold a NUL, which is refused as any other character that does not fit.
MHD_Result take_parameter(void* to, MHD_ValueKind, const char* name, std::size_t name_size, const char* value,
                          std::size_t value_size) {
    auto& c = *static_cast<Collected*>(to);
    c.bytes += name_size + value_size;
    c.too_much |= c.bytes > max_query_bytes;
    if (!c.too_much)
        c.request->query.emplace(std::string(name, name_size), std::string(value ? value : "", value_size));
    return c.too_much ? MHD_NO : MHD_YES;
}

MHD_Result take_header(void* to, MHD_ValueKind, const char* name, const char* value) {
    auto& c = *static_cast<Collected*>(to);
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char ch) { return static_cast<char>(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch); });
    c.too_much |= ++c.headers > max_headers;
    // Of a header that comes twice nobody knows which one the web server before meant.
    auto [at, is_new] = c.request->headers.emplace(lower, value ? value : "");
    if (!is_new) at->second += ", " + std::string(value ? value : "");
    return c.too_much ? MHD_NO : MHD_YES;
}

}  // namespace

class Server::Implementation {
public:
    Implementation(int fd, const ServerLimits& limits, std::function<Response(const Request&)> answer, Prepare prepare)
        : limits_(limits), answer_(std::move(answer)), prepare_(std::move(prepare)) {
        daemon_ =
            MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, &handle,
                             this, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, limits.connections,
                             MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                             limits.request_bytes, MHD_OPTION_NOTIFY_COMPLETED, &completed, this,
                             MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
        if (!daemon_)
            throw Error(ErrorKind::usage, msg("console"),
                        msg("the server cannot be started: %1", std::strerror(errno)));
        pages_ = start_quiet_thread([this] { make_pages(); });
    }

    ~Implementation() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        pages_.join();
        for (auto* waiting : waiting_) {
            waiting->response = unavailable();
            waiting->is_answered = true;
            MHD_resume_connection(waiting->connection);
        }
        {
            std::lock_guard lock(mutex_);
            for (const auto& s : streams_) s->end();
        }
        MHD_stop_daemon(daemon_);
    }

private:
    static Response unavailable() {
        Response r;
        r.status = MHD_HTTP_SERVICE_UNAVAILABLE;
        r.type = "text/plain; charset=utf-8";
        r.body = "busy: try again\n";
        r.headers = {{"Retry-After", "2"}};
        return r;
    }

    static MHD_Result handle(void* self, MHD_Connection* connection, const char* path, const char* method, const char*,
                             const char*, std::size_t* upload, void** state) {
        return static_cast<Implementation*>(self)->handle(connection, path, method, upload, state);
    }

    // Called with the head, then again when a suspended connection was resumed.
    MHD_Result handle(MHD_Connection* connection, const char* path, const char* method, std::size_t* upload,
                      void** state) {
        auto* exchange = static_cast<Exchange*>(*state);
        if (!exchange) {
            exchange = new Exchange;
            *state = exchange;
            exchange->connection = connection;
            exchange->request.method = method;
            exchange->request.path = path;
            tell_peer(connection, exchange->request);
            Collected collected{&exchange->request};
            MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, &take_parameter, &collected);
            MHD_get_connection_values(connection, MHD_HEADER_KIND, &take_header, &collected);
            if (collected.too_much) return refuse(connection, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
            // No method that brings a body is answered, so none is read.
            if (exchange->request.method != "GET" && exchange->request.method != "HEAD")
                return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED);
            return MHD_YES;
        }
        if (*upload > 0) return MHD_NO;
        if (exchange->is_answered) return send(*exchange);
        if (exchange->is_queued) return MHD_YES;
        std::lock_guard lock(mutex_);
        if (stopping_ || waiting_.size() >= limits_.waiting_pages) {
            exchange->response = unavailable();
            return send(*exchange);
        }
        exchange->is_queued = true;
        MHD_suspend_connection(connection);
        waiting_.push_back(exchange);
        changed_.notify_one();
        return MHD_YES;
    }

    static MHD_Result refuse(MHD_Connection* connection, unsigned status) {
        auto* r = MHD_create_response_from_buffer(0, nullptr, MHD_RESPMEM_PERSISTENT);
        MHD_add_response_header(r, "Allow", "GET, HEAD");
        MHD_add_response_header(r, "Connection", "close");
        auto result = MHD_queue_response(connection, status, r);
        MHD_destroy_response(r);
        return result;
    }

    struct Flow {
        std::shared_ptr<Stream> stream;
        MHD_Connection* connection;
    };

    static ssize_t flow(void* state, std::uint64_t, char* to, std::size_t size) {
        auto& f = *static_cast<Flow*>(state);
        auto n = f.stream->read(to, size, [&f] { MHD_suspend_connection(f.connection); });
        if (n > 0) return static_cast<ssize_t>(n);
        return f.stream->is_ended() ? MHD_CONTENT_READER_END_OF_STREAM : 0;
    }

    static void end_flow(void* state) {
        auto* f = static_cast<Flow*>(state);
        f->stream->on_more(nullptr);
        f->stream->end();
        delete f;
    }

    MHD_Result send(Exchange& exchange) {
        auto& answer = exchange.response;
        MHD_Response* r = nullptr;
        if (answer.stream && exchange.request.method == "GET") {
            auto* f = new Flow{answer.stream, exchange.connection};
            answer.stream->on_more([connection = exchange.connection] { MHD_resume_connection(connection); });
            r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, &flow, f, &end_flow);
            std::lock_guard lock(mutex_);
            std::erase_if(streams_, [](const auto& s) { return s->is_ended(); });
            streams_.insert(answer.stream);
        } else {
            r = MHD_create_response_from_buffer(answer.body.size(), answer.body.data(), MHD_RESPMEM_MUST_COPY);
        }
        if (!r) return MHD_NO;
        MHD_add_response_header(r, "Content-Type", answer.type.c_str());
        for (const auto& [name, value] : answer.headers) MHD_add_response_header(r, name.c_str(), value.c_str());
        auto result = MHD_queue_response(exchange.connection, static_cast<unsigned>(answer.status), r);
        MHD_destroy_response(r);
        return result;
    }

    static void completed(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
        delete static_cast<Exchange*>(*state);
        *state = nullptr;
    }

    void make_pages() {
        auto is_wanted = [this] { return stopping_ || !waiting_.empty(); };
        auto prepare_at = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex_);
        while (true) {
            if (!changed_.wait_until(lock, prepare_at, is_wanted)) {
                lock.unlock();
                auto after = prepare_([&] {
                    std::lock_guard guard(mutex_);
                    return is_wanted();
                });
                prepare_at = std::chrono::steady_clock::now() + after;
                lock.lock();
                continue;
            }
            if (stopping_) return;
            auto* next = waiting_.front();
            waiting_.pop_front();
            lock.unlock();
            next->response = answer_(next->request);
            next->is_answered = true;
            MHD_resume_connection(next->connection);
            lock.lock();
        }
    }

    const ServerLimits limits_;
    const std::function<Response(const Request&)> answer_;
    const Prepare prepare_;
    MHD_Daemon* daemon_ = nullptr;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Exchange*> waiting_;  // suspended: their connections do not end meanwhile
    std::set<std::shared_ptr<Stream>> streams_;
    bool stopping_ = false;
    std::thread pages_;
};

Server::Server(int listening_socket, const ServerLimits& limits, std::function<Response(const Request&)> answer,
               Prepare prepare)
    : implementation_(
          std::make_unique<Implementation>(listening_socket, limits, std::move(answer), std::move(prepare))) {}
Server::~Server() = default;

}  // namespace saring::tool::console
