#compdef blocklist-tool
# Zsh completion of blocklist-tool. The candidates come from `blocklist-tool complete`.

_blocklist_tool() {
    local line
    local -a answer candidates
    answer=("${(@f)$(blocklist-tool complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    case $answer[1] in
        :files) compset -P '--*='; _files; return ;;
        :dirs) compset -P '--*='; _files -/; return ;;
    esac
    for line in $answer; do
        candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    _describe -V blocklist-tool candidates
}

if [[ $funcstack[1] == _blocklist-tool ]]; then
    _blocklist_tool "$@"
else
    compdef _blocklist_tool blocklist-tool
fi
