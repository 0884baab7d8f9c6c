#include <memory>

#include "output.h"
#include "session.h"

namespace saring::tool {

void add_order_list(CLI::App& parent, Session& session) {
    auto list_json = std::make_shared<bool>(false);
    auto* list = add_command(parent, "list", "List the orders in the database", [list_json, &session] {
        Reading reading(session.database());
        UnixTime now = now_unix();
        Json orders = Json::array();
        std::vector<std::vector<std::string>> rows;
        reading.snapshot.each_order([&](OrderIndex, const OrderRecord& r) {
            if (*list_json) return orders.push_back(order_json(r, now));
            rows.push_back({to_string(r.state(now)), shown(r.id), shown(r.authority), format_rfc3339(r.expires),
                            r.action ? to_string(*r.action) : "default", std::to_string(r.names), std::to_string(r.addresses)});
        });
        if (*list_json) return print_json({{"serial", reading.snapshot.serial()}, {"orders", orders}});
        if (rows.empty()) return print("no orders");
        print_table({"STATE", "ORDER", "AUTHORITY", "EXPIRES", "ACTION", "NAMES", "ADDRESSES"}, rows);
    });
    list->add_flag("--json", *list_json, "answer in JSON");
    list->footer("Example: blocklist-tool order list");

    struct Options {
        std::string id;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    auto* show = add_command(parent, "show", "Show one order and its document", [o, &session] {
        Reading reading(session.database());
        auto index = reading.snapshot.find_order(o->id);
        if (!index) throw Error(ErrorKind::not_found, "order " + o->id, "is not in the database", "see: blocklist-tool order list");
        Json j = order_json(reading.snapshot.order(*index), now_unix());
        auto document = reading.snapshot.document(*index);
        if (o->json) {
            j["document"] = document ? Json::parse(document->content, nullptr, false) : Json(nullptr);
            return print_json(j);
        }
        for (const auto& [name, value] : j.items())
            if (!value.is_null()) print(name + std::string(12 - std::min<std::size_t>(name.size(), 11), ' ') + shown(value.is_string() ? value.get<std::string>() : value.dump()));
        if (!document) return;
        print("");
        std::istringstream lines(document->content);
        for (std::string line; std::getline(lines, line);) print(shown(line));
    });
    show->add_option("id", o->id, "the order's number")->required();
    show->add_flag("--json", o->json, "answer in JSON");
    show->footer("Example: blocklist-tool order show B-1/2024");
}

}  // namespace saring::tool
