# How command lines of sysctl-advisor go on in bash, by the program itself.
_sysctl_advisor() {
    local IFS=$' \t\n' words typed prefix kept lines line value
    # COMP_WORDS is cut at each "=" and ":", which belong to words here.
    read -ra words <<<"${COMP_LINE:0:COMP_POINT}x"
    words[-1]=${words[-1]%x}
    typed=${words[-1]#[\"\']}
    mapfile -t lines <<<"$("${1/#~\//$HOME/}" completion words "${words[@]:1}" 2>/dev/null)"
    # Where no word fits.
    case ${lines[0]} in
        files) compopt -o default ;;
        directories) compopt -o dirnames ;;
    esac
    [[ $typed != --*=* ]] || prefix=${typed%%=*}=
    # What stands in front of the last of those characters is no part of what bash replaces.
    kept=${typed%"${typed##*["${COMP_WORDBREAKS//[!:=]/}"]}"}
    COMPREPLY=()
    for line in "${lines[@]:1}"; do
        value=$prefix${line%%$'\t'*}
        [[ $value == "$typed"* ]] || continue
        printf -v value %q "${value#"$kept"}"
        COMPREPLY+=("$value")
    done
    [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}
complete -F _sysctl_advisor sysctl-advisor
