#include <memory>

#include "admission/admit.h"
#include "base/file.h"
#include "order/check_new.h"
#include "output/trust_output.h"
#include "program/session.h"
#include "trust/signature_files.h"

namespace saring::tool {

void add_order_verify(CLI::App& parent, Session& session) {
    struct OrderVerifyOptions {
        std::string file;
        std::vector<std::string> signatures;
        bool json = false;
    };
    auto o = std::make_shared<OrderVerifyOptions>();
    auto* c = add_command(parent, "verify", tr("Show who signed an order and whether that is enough"), [o, &session] {
        Bytes document = read_file(o->file);
        auto files = o->signatures.empty() ? trust::find_signatures(o->file) : trust::read_signatures(o->signatures);
        const auto& policy = session.config().trust;
        auto now = now_unix();
        auto report = check_signatures(policy, trust::KeyRole::order, document, files, now);
        // Parses the order only if its signatures suffice.
        std::string id;
        if (report.met()) {
            order::Order order = order::parse_order(document, o->file);
            check_new_order(order, o->file);
            admission::require_issued(order, now);
            id = order.id;
        }
        session.exit_code = report.met() ? exit_done : static_cast<int>(ErrorKind::trust);
        if (o->json) {
            Json j{{"file", o->file},
                   {"order", id.empty() ? Json(nullptr) : Json(id)},
                   {"threshold", report.threshold},
                   {"trusted", report.trusted_keys},
                   {"met", report.met()},
                   {"signatures", Json::array()}};
            add_missing_signatures(j, policy, report, now);
            auto text_or_null = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
            for (const auto& s : report.signatures)
                j["signatures"].push_back({{"file", s.source},
                                           {"key_id", text_or_null(s.key_id)},
                                           {"key_name", text_or_null(s.key_name)},
                                           {"valid", s.valid},
                                           {"trusted", s.trusted},
                                           {"trusted_comment", text_or_null(s.trusted_comment)},
                                           {"problem", text_or_null(s.problem.english())}});
            return print_json(j);
        }
        if (!id.empty()) print(tr("order %1", shown(id)));
        for (const auto& s : report.signatures) {
            auto named = s.key_name.empty() ? "" : " (" + shown(s.key_name) + ")";
            print((s.trusted ? tr("good  ") : tr("BAD   ")) + shown(s.source) + ": " +
                  (s.key_id.empty() ? "" : tr("key %1%2: ", s.key_id, named)) +
                  shown(s.trusted ? s.trusted_comment : translated(s.problem)));
        }
        print_sufficiency(policy, report, now);
    });
    c->add_option("file", o->file, tr("the order"))->required()->type_name("FILE");
    c->add_option("--signature", o->signatures, tr("default: FILE.minisig and FILE.<key id>.minisig (repeatable)"))
        ->type_name("FILE");
    c->add_flag("--json", o->json, tr("answer in JSON"));
    c->footer(
        tr("If signatures are missing, it shows how many, and which other keys of saring.toml may sign.\n"
           "Example: blocklist-tool order verify order.json"));
}

}  // namespace saring::tool
