#!/usr/bin/env bash
# The lost ring, with real processes: three servers, and Alice, Bob, Carol and Dave with what they say in demo/.
#
#   ./demo.sh                 plays the story with causal, then with eventual consistency; exit code 0: as expected
#   ./demo.sh --interactive   starts the same cluster for typing
#
# CAUSALSTORE_DEMO_PORT (60001) is the first of the ports.
set -euo pipefail
cd "$(dirname "$0")"

port=${CAUSALSTORE_DEMO_PORT:-60001}
server=(dotnet src/CausalStore.Server/bin/Release/net10.0/CausalStore.Server.dll)
client=(dotnet src/CausalStore.Client/bin/Release/net10.0/CausalStore.Client.dll)
running=()
logs=$(mktemp -d)
session=causalstore-$$ # of tmux

case "${1:-}" in
    "" | --interactive) ;;
    *)
        echo "usage: ./demo.sh [--interactive]" >&2
        exit 2
        ;;
esac

stop_all() {
    tmux kill-session -t "$session" 2> /dev/null || true

    for process in ${running[@]+"${running[@]}"}; do
        kill "$process" 2> /dev/null || true
    done
    wait 2> /dev/null || true
    rm -rf "$logs"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

server_arguments() { # ID CONSISTENCY
    local others=()
    for id in 1 2 3; do
        [ "$id" = "$1" ] || others+=($((port + id - 1)))
    done
    echo --port $((port + $1 - 1)) --id "$1" --peers "${others[@]}" --in-memory --consistency "$2" \
        --allow-faults --relay-after 0 --narrate
}

start_server() { # ID CONSISTENCY
    : > "$logs/server-$1.txt"
    # shellcheck disable=SC2046
    "${server[@]}" $(server_arguments "$1" "$2") > "$logs/server-$1.txt" 2>&1 &
    local process=$!
    running+=("$process")
    for _ in $(seq 300); do
        grep -q "listening on port" "$logs/server-$1.txt" && return
        kill -0 "$process" 2> /dev/null || break
        sleep 0.1
    done
    cat "$logs/server-$1.txt" >&2
    exit 1
}

say() { # SERVER CLIENT SCRIPT
    "${client[@]}" --port $((port + $1 - 1)) --id "$2" --echo < "$3" 2>&1 | sed "s/^/    $2@$1  /"
}

play() { # CONSISTENCY
    echo
    echo "== The lost ring, with $1 consistency =="
    for id in 1 2 3; do
        start_server "$id" "$1"
    done

    : > "$logs/carol.txt"
    "${client[@]}" --port $((port + 2)) --id carol < "demo/$1/0-carol-watches.txt" > "$logs/carol.txt" 2>&1 &
    local carol=$!
    running+=("$carol")
    until grep -q "^ok" "$logs/carol.txt"; do
        kill -0 "$carol" 2> /dev/null || { cat "$logs/carol.txt" >&2; exit 1; }
        sleep 0.1
    done

    while read -r id name script; do
        echo
        grep '^#' "demo/$1/$script" | cut -c3-
        say "$id" "$name" "demo/$1/$script"
    done < "demo/$1/steps.txt"

    wait "$carol" || { cat "$logs/carol.txt" >&2; echo "Carol was not shown what the story says" >&2; exit 1; }
    echo
    echo "What Carol was shown at server 3, in this order:"
    grep '^update' "$logs/carol.txt" | sed 's/^/    /'
    echo
    echo "What server 3 said meanwhile:"
    grep -E ' (delaying|applied|showing) ' "$logs/server-3.txt" | sed 's/^/    /' || true

    for process in "${running[@]}"; do
        kill "$process" 2> /dev/null || true
    done
    wait 2> /dev/null || true
    running=()
    port=$((port + 3))
}

interactive() {
    local titles=() commands=()
    for id in 1 2 3; do
        titles+=("server-$id")
        commands+=("${server[*]} $(server_arguments "$id" causal)")
    done
    for who in "alice 1" "bob 2" "carol 3"; do
        set -- $who
        titles+=("$1")
        commands+=("${client[*]} --port $((port + $2 - 1)) --id $1")
    done

    if ! command -v tmux > /dev/null || [ ! -t 1 ]; then
        echo "tmux in a terminal would lay this out; without it, open six terminals here and type:"
        printf '    %s\n' "${commands[@]}"
        return
    fi

    tmux new-session -d -s "$session" "${commands[0]}"
    tmux set-option -t "$session" remain-on-exit on > /dev/null
    tmux set-option -t "$session" pane-border-status top > /dev/null
    tmux set-option -t "$session" status-left "" > /dev/null
    tmux set-option -t "$session" status-right-length 120 > /dev/null
    local hint="'link 3 delay 20000' at alice slows the link from server 1 to server 3; Ctrl-B & ends all"
    tmux set-option -t "$session" status-right "$hint" > /dev/null
    for index in 1 2 3 4 5; do
        tmux split-window -t "$session" "${commands[$index]}"
        tmux select-layout -t "$session" tiled > /dev/null
    done
    for index in 0 1 2 3 4 5; do
        tmux select-pane -t "$session.$index" -T "${titles[$index]}"
    done
    tmux select-pane -t "$session.3"
    TMUX="" tmux attach -t "$session"
}

echo "Building ..."
for program in Server Client; do
    if ! dotnet build "src/CausalStore.$program" -c Release --nologo -v quiet > "$logs/build.txt" 2>&1; then
        cat "$logs/build.txt" >&2
        exit 1
    fi
done

case "${1:-}" in
    --interactive) interactive ;;
    "")
        play causal
        play eventual
        echo
        echo "As expected: with causal consistency z waited for y; with eventual consistency it did not."
        ;;
esac
