#include "settings/feeds_option.h"

#include "settings/list_feed_option.h"

namespace saring::settings {

using namespace config::toml_table;
namespace {

Handler bytes_option(std::uint64_t& out, std::int64_t max_mib) {
    return [&out, max_mib](const toml::node& n, const Table& t, const std::string& name) {
        out = static_cast<std::uint64_t>(t.number(n, name, 1, max_mib)) << 20;
    };
}

// A feed's name is used in messages, in the database and in a path.
Handler name_option(std::string& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        out = t.text(n, name);
        if (!config::is_feed_name(out))
            t.fail(n, name, msg("is \"%1\"", out),
                   msg("use 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first"));
    };
}

config::FeedConfig read_feed(const toml::node& node, const Table& outer) {
    config::FeedConfig feed;
    Handlers options{
        {"name", name_option(feed.name)},
        {"url", text_option(feed.url)},
        {"keys",
         [&](const toml::node& n, const Table& t, const std::string& name) {
             t.each(n, name, [&](const toml::node& item) { feed.keys.push_back(t.text(item, name)); });
         }},
        {"ca_file", text_option(feed.ca_file)},
        {"insecure_http", flag(feed.insecure_http)},
        {"timeout_seconds", number_option(feed.timeout_seconds, 1, 86400)},
        {"stall_seconds", number_option(feed.stall_seconds, 1, 3600)},
        {"retries", number_option(feed.retries, 0, 20)},
        {"parallel", number_option(feed.parallel, 1, 32)},
        {"max_mib", bytes_option(feed.max_bytes, 1 << 20)},
        {"max_manifest_mib", bytes_option(feed.max_manifest_bytes, 256)},
    };
    options.merge(list_feed_options(feed.list));
    outer.below("feed").read(node, options);
    if (feed.name.empty()) outer.fail(node, "feed.name", msg("is missing"), msg("name the feed as its manifest does"));
    if (feed.url.empty())
        outer.fail(node, "feed.url", msg("is missing"), msg("write e.g. url = \"https://feed.example/orders/\""));
    return feed;
}

}  // namespace

Handler feeds_option(std::vector<config::FeedConfig>& out) {
    return [&out](const toml::node& n, const Table& t, const std::string& name) {
        t.each(n, name, [&](const toml::node& item) {
            auto feed = read_feed(item, Table(t.source(), ""));
            for (const auto& other : out)
                if (other.name == feed.name)
                    t.fail(item, name + ".name", msg("\"%1\" appears twice", feed.name),
                           msg("a feed's state is stored under its name: give each feed its own"));
            out.push_back(std::move(feed));
        });
    };
}

}  // namespace saring::settings
