#include <memory>

#include "completion/scripts.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {

void add_completion(CLI::App& app) {
    auto shell = std::make_shared<std::string>();
    auto* c = add_command(
        app, "completion", tr("Print the script by which a shell completes commands, options and names"), [shell] {
            print(*shell == "bash" ? completion_bash : *shell == "zsh" ? completion_zsh : completion_fish, "");
        });
    c->add_option("shell", *shell, tr("whose script"))->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    c->footer(tr(
        "Packages install all three. Names of orders, feeds and lists come from the configuration and the database,\n"
        "as far as whoever types may read them.\n"
        "Example: source <(blocklist-tool completion bash)\n"
        "Example: blocklist-tool completion fish >~/.config/fish/completions/blocklist-tool.fish"));
}

}  // namespace saring::tool
