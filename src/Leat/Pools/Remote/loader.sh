# Brings the files of a program into the cache of this machine and starts its agent. Leat sends this text to sh through the standard
# input, and then answers what it writes; see docs/worker-protocol.md. Any POSIX shell will do; the commands are coreutils' or busybox's.
umask 077
fail() { printf "failed %s\n" "$*"; exit 3; }

# Where .NET is: rather one that has what the program needs. $wanted was set ahead of this text.
dotnet=
runtimes=
for candidate in "$(command -v dotnet)" "${DOTNET_ROOT:-/nowhere}/dotnet" "${HOME:-/nowhere}/.dotnet/dotnet" \
    /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/lib64/dotnet/dotnet /usr/local/share/dotnet/dotnet; do
    if [ -f "$candidate" ] && [ -x "$candidate" ]; then
        found=$("$candidate" --list-runtimes 2>/dev/null </dev/null)
        if [ -z "$dotnet" ]; then dotnet=$candidate; runtimes=$found; fi
        case $found in *"$wanted"*) dotnet=$candidate; runtimes=$found; break ;; esac
    fi
done

cache=${XDG_CACHE_HOME:-${HOME:-/nowhere}/.cache}/leat
trouble=$(mkdir -p "$cache/files" "$cache/programs" 2>&1) && trouble=
if [ -z "$trouble" ] && ! [ -w "$cache/files" ]; then trouble="it may not be written"; fi
set -- $(df -Pk "$cache" 2>/dev/null | tail -n 1)
free=${4:-0}
library=glibc
for musl in /lib/ld-musl-*; do if [ -e "$musl" ]; then library=musl; fi; done
host=$(uname -n)

# On a line of its own, whatever a login shell has written ahead of it.
printf "\nleat-loader 1\n"
printf "system %s\nmachine %s\nlibrary %s\nhost %s\n" "$(uname -s)" "$(uname -m)" "$library" "$host"
printf "dotnet %s\ncache %s\ntrouble %s\nfree %s\n" "$dotnet" "$cache" "$(printf "%s" "$trouble" | tr "\n" " ")" "$free"
printf "%s\n" "$runtimes" | while read -r line; do printf "runtime %s\n" "$line"; done
printf "ready\n"

digest=
while read -r key value; do
    case $key in
        digest) digest=$value ;;
        size) size=$value ;;
        run) run=$value ;;
        entry) entry=$value ;;
        deps) deps=$value ;;
        config) config=$value ;;
        directory) directory=$value ;;
        go) break ;;
        *) exit 0 ;;
    esac
done
if [ -z "$digest" ]; then exit 0; fi

# Takes a number of bytes from the standard input, and none of those behind them.
receive() {
    blocks=$(($1 / 65536))
    rest=$(($1 % 65536))
    : > "$2" &&
    { [ $blocks = 0 ] || dd bs=65536 count=$blocks iflag=fullblock 2>/dev/null >> "$2"; } &&
    { [ $rest = 0 ] || dd bs=$rest count=1 iflag=fullblock 2>/dev/null >> "$2"; }
}
if command -v sha256sum >/dev/null 2>&1; then sums=sha256sum; else sums="shasum -a 256"; fi
sum() { set -- $($sums "$1" 2>/dev/null); printf "%s" "$1"; }
full() { fail "disk $(df -Pk "$cache" 2>/dev/null | tail -n 1)"; }

# Names of this process alone: the cache may be shared by machines.
work=$cache/load.$host.$$
trap 'rm -rf "$work"' EXIT
trap 'exit 3' HUP INT TERM
mkdir "$work" && receive "$size" "$work/manifest" || full
program=$cache/programs/$digest
cut -d " " -f 1,3- "$work/manifest" | sed "s/ /  /" > "$work/sums" || full

# What is in the cache was right when it came, and may not be so any more.
right() { (cd "$program" && $sums -c "$work/sums") >/dev/null 2>&1; }
if ! right; then
    : > "$work/lack"
    while read -r name length path; do
        if [ "$(sum "$cache/files/$name")" != "$name" ]; then
            printf "lack %s\n" "$name"
            printf "%s %s\n" "$name" "$length" >> "$work/lack" || full
        fi
    done < "$work/manifest"
    printf "lacking\n"
    while read -r name length <&3; do
        receive "$length" "$work/file" || full
        if [ "$(sum "$work/file")" != "$name" ]; then
            # Too short where the disk was full and nobody said so.
            set -- $(wc -c < "$work/file")
            if [ "$1" != "$length" ]; then full; fi
            fail "digest $name"
        fi
        chmod 500 "$work/file" && mv -f "$work/file" "$cache/files/$name" || full
    done 3< "$work/lack"

    mkdir "$work/$digest" || full
    while read -r name length path; do
        case $path in */*) mkdir -p "$work/$digest/${path%/*}" || full ;; esac
        ln "$cache/files/$name" "$work/$digest/$path" 2>/dev/null || cp "$cache/files/$name" "$work/$digest/$path" || full
    done < "$work/manifest"
    # Another one may have been quicker, and runs from there already.
    if ! right; then
        if [ -e "$program" ]; then mv "$program" "$work/old"; fi
        mv "$work/$digest" "$cache/programs/" 2>/dev/null || right || full
    fi
else
    printf "lacking\n"
fi
touch "$program"
rm -rf "$work"

# What nobody has used for long. An agent touches what it runs from; a file that is linked is part of a program.
(
    find "$cache/programs" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf "{}" ";"
    find "$cache/files" -type f -links 1 -mtime +30 -exec rm -f "{}" ";"
    find "$cache" -mindepth 1 -maxdepth 1 -name "load.*" -mtime +1 -exec rm -rf "{}" ";"
) >/dev/null 2>&1 </dev/null &

printf "start\n"
trap - EXIT
cd "$directory" 2>/dev/null || cd "${HOME:-/}" || cd /
export DOTNET_STARTUP_HOOKS=Leat LEAT_WORKER="agent|$program"
case $run in
    self)
        if [ -z "${DOTNET_ROOT:-}" ] && [ -n "$dotnet" ]; then
            # The real place: a link in PATH has no runtimes beside it.
            real=$(readlink -f "$dotnet" 2>/dev/null || printf "%s" "$dotnet")
            export DOTNET_ROOT="${real%/*}"
        fi
        exec "$program/$entry"
        ;;
    *)
        if [ -n "${deps:-}" ]; then exec "$dotnet" exec --depsfile "$program/$deps" --runtimeconfig "$program/$config" "$program/$entry"; fi
        exec "$dotnet" exec "$program/$entry"
        ;;
esac
