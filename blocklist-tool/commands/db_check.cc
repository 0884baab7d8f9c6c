#include "ledger/check.h"

#include <memory>

#include "output/output.h"
#include "program/session.h"
#include "terminal/progress.h"

namespace saring::tool {
namespace {

struct DbCheckOptions {
    std::string anchor, file;
    bool signatures = false, json = false;
};

// "SERIAL:HASH", from `db history --json` or a receipt.
ledger::JournalAnchor parse_anchor(const std::string& text) {
    auto colon = text.find(':');
    std::string serial = text.substr(0, colon), hash = colon == std::string::npos ? "" : text.substr(colon + 1);
    bool good = !serial.empty() && serial.size() <= 18 && serial.find_first_not_of("0123456789") == std::string::npos &&
                hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!good)
        throw Error(ErrorKind::usage, "--anchor", msg("\"%1\" is not SERIAL:HASH", text),
                    msg("take serial and hash from `db history --json`"));
    Bytes decoded;
    for (std::size_t i = 0; i < hash.size(); i += 2)
        decoded.push_back(static_cast<char>(std::stoi(hash.substr(i, 2), nullptr, 16)));
    return {std::stoull(serial), decoded};
}

void check(Session& session, const DbCheckOptions& o) {
    ledger::CheckOptions options;
    if (!o.anchor.empty()) options.anchor = parse_anchor(o.anchor);
    if (o.signatures) options.signatures = &session.config().trust;
    const auto& path = session.config().database.path;
    std::optional<Message> wrong;
    try {
        session.database();  // absent or of another schema: the same error as in other commands
    } catch (const ledger::lmdb::Failure& e) {
        if (e.fault() != ledger::lmdb::Fault::corrupt) throw;
        wrong = e.why();
    }
    TerminalProgress progress(TerminalProgress::Where::terminal, o.json);
    std::vector<ledger::CheckFinding> found;
    bool only_signatures = false;
    Json j{{"database", path}, {"sound", false}, {"serial", nullptr}, {"findings_count", 1}};
    if (wrong) {
        found.push_back({msg("file"), *wrong});
    } else {
        Reading reading(session.database());
        auto findings = check_content(reading.snapshot, options, progress);
        found = findings.list();
        only_signatures = findings.only_signatures();
        j["serial"] = reading.snapshot.serial();
        j["names"] = reading.snapshot.name_count();
        j["addresses"] = reading.snapshot.address_count();
        j["orders"] = reading.snapshot.transaction().entries(reading.snapshot.tables().orders);
        j["findings_count"] = findings.total();
        j["sound"] = findings.total() == 0;
        if (auto last = last_journal(reading.snapshot.transaction(), reading.snapshot.tables());
            last && j["sound"].get<bool>())
            j["anchor"] = std::to_string(last->serial) + ":" + hex(last->hash);
    }
    j["signatures_checked"] = o.signatures;
    j["findings"] = Json::array();
    for (const auto& f : found) j["findings"].push_back({{"where", f.where.english()}, {"what", f.what.english()}});
    bool sound = j["sound"].get<bool>();
    if (!sound) session.exit_code = static_cast<int>(only_signatures ? ErrorKind::trust : ErrorKind::database);
    if (o.json) return print_json(j);
    for (const auto& f : found) print(shown(translated(f.where)) + ": " + shown(translated(f.what)));
    auto total = j["findings_count"].get<std::uint64_t>();
    if (!sound) {
        if (total > found.size()) print(tr("and %1 more", total - found.size()));
        auto count = trn("%1 finding", "%1 findings", total);
        return complain(
            "blocklist-tool: " +
            (only_signatures
                 ? tr("database %1: %2, all about signatures; the content is sound, but the keys in saring.toml do not "
                      "confirm these orders: correct [[trust.key]], or lift them with: blocklist-tool order revoke",
                      path, count)
                 : tr("database %1: %2; restore a backup, or roll back to before the damage", path, count)));
    }
    print(tr("%1: sound; serial %2, %3, %4, %5%6", shown(path), j["serial"].dump(),
             trn("%1 name", "%1 names", j["names"].get<std::uint64_t>()),
             trn("%1 address", "%1 addresses", j["addresses"].get<std::uint64_t>()),
             trn("%1 order", "%1 orders", j["orders"].get<std::uint64_t>()),
             o.signatures ? tr(", signatures hold") : ""));
}

}  // namespace

void add_db_check(CLI::App& db, Session& session) {
    auto o = std::make_shared<DbCheckOptions>();
    auto* c = add_command(db, "check", tr("Check the database for damage and for entries that no commit explains"),
                          [o, &session] { check(session, *o); });
    c->add_flag("--signatures", o->signatures,
                tr("verify the orders' signatures again, with the keys now in saring.toml"));
    c->add_option("--anchor", o->anchor,
                  tr("a serial and its hash from an earlier check or a receipt: detects a rewritten journal"))
        ->type_name("SERIAL:HASH");
    c->add_flag("--json", o->json, tr("answer in JSON; keep its anchor elsewhere for later checks"));
    c->footer(tr(
        "Checks the journal's hash chain, every order, document, name and address, and whether all commits together\n"
        "explain the contents of the tables. Prints every finding; exit code 5 if there is one, 4 if all are about\n"
        "signatures. Repairs nothing.\n"
        "Example: blocklist-tool db check --signatures"));
}

}  // namespace saring::tool
