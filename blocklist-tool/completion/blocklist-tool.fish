# Fish completion of blocklist-tool. The candidates come from `blocklist-tool complete`.

function __blocklist_tool_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l answer (blocklist-tool complete $words[2..-1] "$typed" 2>/dev/null)
    switch "$answer[1]"
        case :files
            __fish_complete_path "$typed"
        case :dirs
            __fish_complete_directories "$typed" ''
        case '*'
            printf '%s\n' $answer
    end
end

complete -c blocklist-tool -f -a '(__blocklist_tool_complete)'
