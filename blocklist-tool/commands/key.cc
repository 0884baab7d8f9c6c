#include <memory>

#include "base/file.h"
#include "output.h"
#include "passwords.h"
#include "session.h"
#include "trust/minisign.h"

namespace saring::tool {

void add_key_commands(CLI::App& app, Session&) {
    auto* key = app.add_subcommand("key", tr("Signing keys, in minisign's format"));
    key->require_subcommand(1);
    key->fallthrough();

    struct Options {
        std::string secret, public_file, password_file, comment;
        bool no_password = false;
    };
    auto o = std::make_shared<Options>();
    auto* generate = add_command(*key, "generate", tr("Make a key pair"), [o] {
        std::string password = o->no_password ? "" : new_password(o->password_file);
        auto pair = minisign::SecretKey::generate();
        auto half = pair.public_key();
        std::string comment = o->comment.empty() ? "saring public key " + minisign::to_string(half.id) : o->comment;
        if (comment.find_first_of("\r\n") != std::string::npos)
            throw Error(ErrorKind::usage, "--comment", msg("has a line break"), msg("write one line"));
        write_file(o->secret, pair.format(password), 0600, true);
        try {
            write_file(o->public_file, "untrusted comment: " + comment + "\n" + half.base64() + "\n", 0644, true);
        } catch (...) {
            std::remove(o->secret.c_str());
            throw;
        }
        print(tr("key id      %1", minisign::to_string(half.id)));
        print(tr("public key  %1", half.base64()));
    });
    generate->add_option("--secret-key", o->secret, tr("file for the secret key, made with mode 0600"))->required()->type_name("FILE");
    generate->add_option("--public-key", o->public_file, tr("file for the public key"))->required()->type_name("FILE");
    auto* without = generate->add_flag("--no-password", o->no_password, tr("leave the secret key unencrypted"));
    generate->add_option("--password-file", o->password_file, tr("read the password from this file's first line"))->type_name("FILE")->excludes(without);
    generate->add_option("--comment", o->comment, tr("untrusted comment of the public key"));
    generate->footer(tr("Example: blocklist-tool key generate --secret-key kominfo.key --public-key kominfo.pub"));
}

}  // namespace saring::tool
