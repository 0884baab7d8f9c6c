#include <memory>

#include "completion/scripts.h"
#include "output/output.h"
#include "program/session.h"

namespace saring::tool {

void add_completion(CLI::App& app) {
    auto shell = std::make_shared<std::string>();
    auto* c = add_command(
        app, "completion", tr("Print the script that completes commands, options and names in a shell"), [shell] {
            print(*shell == "bash" ? completion_bash : *shell == "zsh" ? completion_zsh : completion_fish, "");
        });
    c->add_option("shell", *shell, tr("the shell"))->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    c->footer(
        tr("The packages install all three scripts. Names of orders, feeds and lists come from saring.toml and the\n"
           "database, as far as the user may read them.\n"
           "Example: source <(blocklist-tool completion bash)\n"
           "Example: blocklist-tool completion fish >~/.config/fish/completions/blocklist-tool.fish"));
}

}  // namespace saring::tool
