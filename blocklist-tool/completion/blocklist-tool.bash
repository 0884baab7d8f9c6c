# Bash completion of blocklist-tool. The candidates come from `blocklist-tool complete`.

_blocklist_tool() {
    local word line=$COMP_LINE glued prefix answer i
    local -a words=()
    # Bash also splits words at : and =; join them again (list:NAME, --option=value).
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        glued=1
        [[ $i == 0 || $line == [[:space:]]* ]] && glued=
        if [[ $glued ]]; then words[-1]+=$word; else words+=("$word"); fi
        line=${line#"${line%%[![:space:]]*}"}
        line=${line#"$word"}
    done
    local current=${words[-1]}
    COMPREPLY=()
    # Within quotes only files are completed: names from orders could not be quoted safely.
    if [[ $current == [\"\']* ]]; then compopt -o default; return; fi
    answer=$(blocklist-tool complete "${words[@]:1}" 2>/dev/null)
    case $answer in
        :files) compopt -o default; return ;;
        :dirs) compopt -o dirnames; return ;;
    esac
    # Bash replaces only the part after the last : or =.
    prefix=${current%"${current##*[:=]}"}
    while IFS=$'\t' read -r word _; do
        [[ $word ]] && COMPREPLY+=("$(printf %q "${word#"$prefix"}")")
    done <<<"$answer"
}
complete -F _blocklist_tool blocklist-tool
