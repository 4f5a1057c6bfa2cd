# How command lines of sysctl-advisor go on in fish, by the program itself.
function __sysctl_advisor_words
    set -l typed (commandline -opc)
    set -l last (commandline -ct)
    command -sq $typed[1]; or return
    set -l lines ($typed[1] completion words $typed[2..] "$last" 2>/dev/null)
    set -l prefix (string match -r -- '^--[^=]+=' "$last")
    # What fish has for a command of which it knows nothing.
    set -l paths (complete -C "__sysctl_advisor_paths "(string replace -- "$prefix" '' "$last"))
    switch "$lines[1]"
        case files
            set -a lines $paths
        case directories
            set -a lines (string match -r -- '.*/$' $paths)
    end
    for line in $lines[2..]
        echo "$prefix$line"
    end
end
complete -c sysctl-advisor -f -a '(__sysctl_advisor_words)'
