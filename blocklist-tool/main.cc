// blocklist-tool: parses the command line, runs one command, and reports an error as one line on standard error
// and the documented exit code.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <sstream>

#include "base/acting_owner.h"
#include "base/error.h"
#include "base/standard_output.h"
#include "completion/complete.h"
#include "image/file_writer.h"
#include "ledger/lmdb.h"
#include "output/output.h"
#include "program/command_words.h"
#include "program/given_values.h"
#include "program/help_formatter.h"
#include "program/language.h"
#include "program/publishing.h"
#include "program/session.h"
#include "terminal/pager.h"

namespace {

int fail(const saring::Message& line, saring::ErrorKind kind) {
    try {  // print the partial output before the error
        saring::standard_output::flush();
    } catch (const std::exception&) { saring::standard_output::discard(); }
    saring::tool::end_paging();
    saring::tool::complain("blocklist-tool: " + saring::tool::translated(line));
    return static_cast<int>(kind);
}

std::string damage_message;  // prepared in advance: the signal handler may only write it

void end_on_damage(const char* path) {
    for (std::string_view part : {std::string_view("blocklist-tool: "), std::string_view(path ? path : "database"),
                                  std::string_view(damage_message)})
        (void)!::write(STDERR_FILENO, part.data(), part.size());
    ::_exit(static_cast<int>(saring::ErrorKind::database));
}

// Ends as a program that does not ignore SIGPIPE: only the wait status shows the broken pipe.
int end_by_broken_pipe() {
    saring::standard_output::discard();
    if (saring::tool::end_paging()) return saring::tool::exit_done;  // the user left the pager: no failure
    ::signal(SIGPIPE, SIG_DFL);
    ::raise(SIGPIPE);
    return 128 + SIGPIPE;
}

// --help and --version, which CLI11 prints.
int print_help(CLI::App& app, const CLI::ParseError& e) {
    std::ostringstream text, complaint;
    int code = app.exit(e, text, complaint);
    saring::standard_output::write(text.str());
    saring::standard_output::flush();
    return code;
}

// As far as it was parsed, for example "blocklist-tool order apply".
std::string parsed_command(const CLI::App& app) {
    auto commands = app.get_subcommands();
    return app.get_name() + (commands.empty() ? "" : " " + parsed_command(*commands.back()));
}

int run(int argc, char** argv) {
    using namespace saring::tool;
    choose_language();
    damage_message =
        ": " +
        tr("corrupt: a damaged page cannot be read; nothing was written; restore a backup by renaming it into place") +
        "\n";
    saring::ledger::lmdb::end_on_damage(end_on_damage);
    saring::image::FileWriter::on_failed_check(end_on_damage);
    CLI::App app{tr("Sign, publish, fetch, apply and explain block orders against hoax sites.")};
    app.name("blocklist-tool");
    speak_to_users(app);
    app.require_subcommand(1);
    app.footer(
        tr("Exit codes: 0 done, 1 the answer is no or nothing was found, 2 usage or bad input, 3 refused by a safety\n"
           "rule, 4 signature or trust failure, 5 database unavailable or corrupt, or a change is not in force in a\n"
           "resolver on this machine, 6 network.\n"
           "Example: blocklist-tool explain hoaks-pemilu.example"));

    Session session;
    app.add_option("--config", session.config_option,
                   tr("saring.toml (else $SARING_CONFIG, else /etc/saring/saring.toml)"))
        ->type_name("FILE");

    app.parse_complete_callback([&app, &session] {
        check_given_values(app);
        session.choose_time_zone();
    });
    publish_commits(session);
    saring::ledger::Database::on_waiting([](const saring::Message& holder) {
        complain("blocklist-tool: " +
                 tr("waiting for the database: %1 is writing to it", saring::shown(translated(holder))));
    });

    add_key_commands(app, session);
    auto* order = app.add_subcommand("order", tr("Draft, sign, check, apply and lift block orders"));
    order->require_subcommand(1);
    order->fallthrough();
    add_order_new(*order, session);
    add_order_sign(*order, session);
    add_order_verify(*order, session);
    add_order_apply(*order, session);
    add_order_list(*order, session);
    add_order_show(*order, session);
    add_list_commands(app, session);
    add_feed_commands(app, session);
    add_sync(app, session);
    add_quarantine(app, session);
    add_local(app, session);
    add_explain(app, session);
    add_status(app, session);
    add_metrics(app, session);
    add_db_commands(app, session);
    add_diff(app, session);
    add_receipt_commands(app, session);
    add_selftest(app, session);
    add_doctor(app, session);
    add_config_commands(app, session);
    add_setup(app, session);
    add_completion(app);
    add_hits_commands(app, session);
    add_landing(app, session);
    add_console(app, session);
    add_quality(app, session);
    add_migrate_commands(app, session);

    // Called by the completion scripts. Not a CLI11 subcommand, since CLI11 would parse the unfinished command line as
    // its own.
    try {
        if (argc > 1 && std::string(argv[1]) == "complete") {
            complete(app, session, {argv + 2, argv + argc});
            saring::standard_output::flush();
            return exit_done;
        }
        try {
            auto words = command_words(app, {argv + 1, argv + argc});
            std::reverse(words.begin(), words.end());  // CLI11 expects reverse order
            app.parse(words);
        } catch (const CLI::ParseError& e) {
            if (e.get_exit_code() != 0) throw;
            return print_help(app, e);
        }
        finish_publishing(session);
        // For every command: output that cannot be written is a failure.
        saring::standard_output::flush();
        end_paging();
        return session.exit_code;
    } catch (const saring::standard_output::ReaderGone&) {
        return end_by_broken_pipe();
    } catch (const CLI::ParseError& e) {
        return fail(saring::msg("command line: %1; see: %2 --help", complaint(e), parsed_command(app)),
                    saring::ErrorKind::usage);
    } catch (const saring::Error& e) { return fail(e.message(), e.kind()); } catch (const std::bad_alloc&) {
        return fail(saring::msg("out of memory: nothing was written; free memory and try again"),
                    saring::ErrorKind::database);
    } catch (const std::exception& e) {
        return fail(saring::msg("unexpected: %1; please report it", e.what()), saring::ErrorKind::usage);
    }
}

}  // namespace

int main(int argc, char** argv) {
    saring::standard_output::reserve_descriptors();
    saring::ActingOwner::allow();
    try {
        return run(argc, argv);
    } catch (...) {  // no memory even for the error message or the command names
        std::fputs("blocklist-tool: failed before it could say why: out of memory; free memory and try again\n",
                   stderr);
        return static_cast<int>(saring::ErrorKind::database);
    }
}
