# Completion of blocklist-tool for bash. What may stand where, the program says itself.

_blocklist_tool() {
    local word line=$COMP_LINE glued prefix answer i
    local -a words=()
    # Bash splits words at : and = too; here they belong to the word (list:NAME, --option=value).
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
    # Within quotes nothing of foreign text is put on the line.
    if [[ $current == [\"\']* ]]; then compopt -o default; return; fi
    answer=$(blocklist-tool complete "${words[@]:1}" 2>/dev/null)
    case $answer in
        :files) compopt -o default; return ;;
        :dirs) compopt -o dirnames; return ;;
    esac
    # Bash replaces the part behind the last : or =.
    prefix=${current%"${current##*[:=]}"}
    while IFS=$'\t' read -r word _; do
        [[ $word ]] && COMPREPLY+=("$(printf %q "${word#"$prefix"}")")
    done <<<"$answer"
}
complete -F _blocklist_tool blocklist-tool
