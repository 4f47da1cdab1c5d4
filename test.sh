#!/usr/bin/env bash
# The one check: installs what the tests need, builds, checks the scripts and the formatting, runs every test, and ends with
# "N passed, N failed, N skipped". Arguments go to the test runner: ./test.sh -class "*ChannelLayer*"
# ./test.sh --fast, for while one works: builds the tests and runs those that need no browser and little time.
# ./test.sh --coverage: runs every test and measures which lines and branches of the app they reach, in this process: artifacts/coverage.
# TEST_SECONDS bounds the tests, for a machine that has other work: TEST_SECONDS=3600 ./test.sh
set -uo pipefail
cd "$(dirname "$0")"

mode=""
case "${1:-}" in --fast | --coverage) mode=${1#--}; shift ;; esac

missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
[ -x /usr/sbin/haproxy ] || missing+=(haproxy)
[ -x /usr/sbin/nginx ] || missing+=(nginx)
[ -x /usr/bin/caddy ] || missing+=(caddy)
[ -x /usr/bin/chromium-headless-shell ] || missing+=(chromium-headless-shell)
command -v curl >/dev/null || missing+=(curl)
command -v npm >/dev/null || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "The tests need: ${missing[*]}. On Debian: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
    # Their services are neither started nor enabled: the tests start processes of their own, on ports of their own.
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then policy=""; else printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; fi
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
    installed=$?
    [ -z "$policy" ] || rm -f "$policy"
    [ $installed -eq 0 ] || exit 1
    for service in redis-server haproxy nginx caddy; do
        if [[ " ${missing[*]} " == *" $service "* ]] && command -v systemctl >/dev/null; then systemctl disable -q "$service"; fi
    done
fi

[ -d BlazorChat.Tests/Node/node_modules/ws ] && [ -d BlazorChat.Tests/Node/node_modules/typescript ] || (cd BlazorChat.Tests/Node && npm install --silent) || exit 1

if [ "$mode" = coverage ]; then
    dotnet build BlazorChat.Tests --nologo -v quiet -p:Coverage=true -p:RunAnalyzers=false || exit 1
    exec BlazorChat.Tests/bin/Debug/net10.0/BlazorChat.Tests --no-ansi --max-threads 3 --results-directory artifacts/coverage \
        --coverlet --coverlet-output-format cobertura --coverlet-include "[BlazorChat]*" --coverlet-exclude-by-file "**/Migrations/*" \
        --coverlet-exclude-by-attribute GeneratedCodeAttribute "$@" </dev/null
elif [ "$mode" = fast ]; then
    dotnet build BlazorChat.Tests --nologo -v quiet || exit 1
    set -- -namespace- "BlazorChat.Tests.Browser*" -namespace- "BlazorChat.Tests.Benchmarks*" -trait- "Speed=Slow" "$@"
else
    dotnet build BlazorChat.sln --nologo -v quiet || exit 1

    # A node that is a process of its own starts in half the time when it is compiled ahead. Meanwhile the scripts and the formatting are checked.
    export BLAZORCHAT_TEST_APP="$PWD/artifacts/app"
    dotnet publish BlazorChat -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:RunAnalyzers=false \
        -o "$BLAZORCHAT_TEST_APP" --nologo -v quiet &
    publishing=$!
    BlazorChat.Tests/Node/node_modules/.bin/tsc -p jsconfig.json &&
        BlazorChat.Tests/Node/node_modules/.bin/tsc -p jsconfig.worker.json &&
        dotnet format BlazorChat.sln --no-restore --verify-no-changes --exclude BlazorChat/Data/Sqlite/Migrations BlazorChat/Data/SqlServer/Migrations
    checked=$?
    wait "$publishing" && [ $checked -eq 0 ] || exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
timeout -k 20 "${TEST_SECONDS:-1440}" BlazorChat.Tests/bin/Debug/net10.0/BlazorChat.Tests -noColor -maxThreads 3 "$@" </dev/null | tee "$log"
status=${PIPESTATUS[0]}

# The runner's last line: "Total: 9, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0, Time: 1.2s"
summary=$(grep -E 'Total: [0-9]+' "$log" | tail -n 1)
number() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$summary"; }
total=$(number Total) failed=$(number Failed) skipped=$(number Skipped) not_run=$(number 'Not Run') errors=$(number Errors)
[ -n "$total" ] || { echo "The tests did not run to their end." >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
failed=$((failed + errors))
echo "$((total - failed - skipped - not_run)) passed, $failed failed, $skipped skipped"
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$total" -gt 0 ]
