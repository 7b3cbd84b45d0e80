#!/usr/bin/env bash
# The lost ring, with real processes: three servers, and Alice, Bob, Carol and Dave, who say what is in demo/.
# It starts, feeds and stops processes: what is checked stands in the scripts, as "expect".
# shellcheck disable=SC2046,SC2091  # Commands are built as words without spaces.
set -euo pipefail

usage() {
    cat <<'END'
./demo.sh                 plays the story with causal, then with eventual consistency
./demo.sh --interactive   starts the same cluster for typing

    --no-build                plays what was built before
    --configuration Debug     another build than Release
    --stories FOLDER          other stories than those in demo
    --port PORT               the first of six ports, 60001 unless given
    --timeline FILE           where the picture of both runs is drawn, timeline.html unless given

Exit code 0: everything went as the scripts expect.
END
}

interactive='' build=yes configuration=Release stories=$(dirname "$0")/demo port=60001
timeline=$PWD/timeline.html
while [ $# -gt 0 ]; do
    case "$1${2:+ VALUE}" in
        --interactive*) interactive=yes ;;
        --no-build*) build='' ;;
        "--configuration VALUE") configuration=$2; shift ;;
        "--stories VALUE") stories=$2; shift ;;
        "--port VALUE") port=$2; shift ;;
        "--timeline VALUE") timeline=$(cd "$(dirname "$2")" && pwd)/$(basename "$2"); shift ;;
        --help*) usage; exit 0 ;;
        *) echo "'$1' is not an option, or lacks its value." >&2; usage >&2; exit 2 ;;
    esac
    shift
done

case "$port" in *[!0-9]*) echo "'$port' is no port; a port is a number from 1 to 65535." >&2; exit 2 ;; esac

stories=$(cd "$stories" && pwd)
cd "$(dirname "$0")"
server="dotnet src/CausalStore.Server/bin/$configuration/net10.0/CausalStore.Server.dll"
client="dotnet src/CausalStore.Client/bin/$configuration/net10.0/CausalStore.Client.dll"
logs=$(mktemp -d)
traces=$logs/traces
terminals="tmux -S $logs/tmux -f /dev/null"

stop_all() {
    # What is still running of what was started here. Killed, so that nobody waits for a slow link.
    kill -KILL $(jobs -p) 2> /dev/null || true
    wait 2> /dev/null || true
}
trap '$terminals kill-server 2> /dev/null || true; stop_all; rm -rf "$logs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() { # TEXT [LOG]
    [ $# -lt 2 ] || cat "$2" >&2
    echo "$1" >&2
    exit 1
}

server_command() { # ID CONSISTENCY
    local others=()
    for id in 1 2 3; do
        [ "$id" = "$1" ] || others+=($((port + id - 1)))
    done
    echo "$server --port $((port + $1 - 1)) --id $1 --peers ${others[*]} --in-memory" \
        "--consistency $2 --allow-faults --relay-after 0 --narrate"
}

client_command() { # SERVER NAME
    echo "$client --port $((port + $1 - 1)) --id $2"
}

wait_for() { # PROCESS LOG TEXT
    until grep -qs "$3" "$2"; do
        kill -0 "$1" 2> /dev/null || fail "it ended before it said '$3'" "$2"
        sleep 0.1
    done
}

play() { # CONSISTENCY
    echo
    echo "== The lost ring, with $1 consistency =="

    mkdir "$traces/$1"

    for id in 1 2 3; do
        $(server_command "$id" "$1") --trace "$traces/$1/server-$id.jsonl" < /dev/null \
            > "$logs/server-$id.txt" 2>&1 &
        wait_for $! "$logs/server-$id.txt" "listening on port"
    done

    $(client_command 3 carol) --trace "$traces/$1/carol.jsonl" < "$stories/$1/0-carol-watches.txt" > "$logs/carol.txt" 2>&1 &
    local carol=$!
    wait_for "$carol" "$logs/carol.txt" "^ok"

    local id name script status
    while read -r id name script; do
        echo
        grep '^#' "$stories/$1/$script" | cut -c3-
        # In the background and waited for: so an interrupt is heard at once.
        $(client_command "$id" "$name") --echo --trace "$traces/$1/$id-${script%.txt}.jsonl" \
            < "$stories/$1/$script" > "$logs/step.txt" 2>&1 &
        status=0
        wait $! || status=$?
        sed "s/^/    $name@$id  /" "$logs/step.txt"
        [ $status -eq 0 ] || fail "$1/$script did not go as expected"
    done < "$stories/$1/steps.txt"

    wait "$carol" || fail "Carol was not shown what the story says" "$logs/carol.txt"
    echo
    echo "What Carol was shown at server 3, in this order:"
    grep '^update' "$logs/carol.txt" | sed 's/^/    /'
    echo
    echo "What server 3 said meanwhile:"
    grep -E ' (delaying|applied) ' "$logs/server-3.txt" | sed 's/^/    /'

    stop_all
    rm "$logs"/*.txt
    port=$((port + 3))
}

wait_for_port() { # ID
    local tries=100
    until (: < "/dev/tcp/127.0.0.1/$((port + $1 - 1))") 2> /dev/null || [ $((tries -= 1)) -eq 0 ]; do
        sleep 0.1
    done
}

split() { # COMMAND
    $terminals split-window -t ':.{bottom-right}' "$1" \; select-layout tiled
}

lay_out() { # in tmux: each server, and beside it its client
    local who=(alice bob carol) id
    $terminals new-session -d -x "$(tput cols)" -y "$(tput lines)" "$(server_command 1 causal)"
    # What has ended stays, so that one can read why.
    $terminals set -g remain-on-exit on \; set -g mouse on \; set -g status-left-length 200 \; \
        set -g status-right "" \; set -g window-status-current-format "" \; set -g status-left \
        "alice: 'link 3 delay 20000' makes it slow | Ctrl-b arrow: next pane | Ctrl-b d: end"

    for id in 1 2 3; do
        [ $id -eq 1 ] || split "$(server_command $id causal)"
        wait_for_port $id
        split "$(client_command $id "${who[id - 1]}")"
    done

    $terminals select-pane -t :.1
    $terminals attach
}

interact() {
    if command -v tmux > /dev/null && [ -t 0 ] && [ -t 1 ]; then
        lay_out
        return
    fi

    echo "tmux in a terminal would lay this out; without it, open six terminals in $PWD and type:"
    for id in 1 2 3; do
        echo "    $(server_command $id causal)"
    done
    echo "    $(client_command 1 alice)"
    echo "    $(client_command 2 bob)"
    echo "    $(client_command 3 carol)"
}

if [ -n "$build" ]; then
    echo "Building ..."
    for program in Server Client; do
        dotnet build "src/CausalStore.$program" -c "$configuration" --nologo -v quiet \
            > "$logs/build.txt" 2>&1 ||
            fail "CausalStore.$program does not build" "$logs/build.txt"
    done
fi

for program in "$server" "$client"; do
    [ -f "${program#dotnet }" ] || fail "${program#dotnet } is not there: leave out --no-build"
done

if [ -n "$interactive" ]; then
    interact
else
    mkdir "$traces"
    play causal
    play eventual
    $client timeline "$traces/causal" --diff "$traces/eventual" --title "The lost ring" --out "$timeline" \
        > "$logs/timeline.txt" 2>&1 || fail "the picture could not be drawn" "$logs/timeline.txt"
    echo
    echo "The picture of both runs is in $timeline: open it in a browser."
    echo "As expected: with causal consistency z waited for y, with eventual consistency not."
fi
