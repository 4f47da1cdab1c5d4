#!/usr/bin/env bash
# Renders the icons of the installed app and of notifications from wwwroot/icon.svg, with Chromium.
# Run it after a change of that file: docs/images/icons.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bubble=$(sed -n 's/.* d="\(M6 4[^"]*\)".*/\1/p' wwwroot/icon.svg)
lines=$(sed -n 's/.* d="\(M9 11[^"]*\)".*/\1/p' wwwroot/icon.svg)
colour=$(sed -n 's/.*fill="\(#[0-9a-f]*\)".*/\1/p' wwwroot/icon.svg)
stroke='fill="none" stroke-width="2.5" stroke-linecap="round"'

render() { # name size svg
    printf '<!DOCTYPE html><style>html,body{margin:0}svg{display:block;width:%spx;height:%spx}</style>%s' "$2" "$2" "$3" > "$work/icon.html"
    chromium-headless-shell --no-sandbox --disable-gpu --hide-scrollbars --default-background-color=00000000 --window-size="$2,$2" \
        --screenshot="wwwroot/icons/$1.png" "file://$work/icon.html" 2> "$work/log" || { cat "$work/log"; exit 1; }
}

plain=$(cat wwwroot/icon.svg)
# A mask leaves a circle of four fifths of the width. The bubble stands within it.
full="<svg viewBox='-10 -9.5 52 52'><rect x='-10' y='-9.5' width='52' height='52' fill='$colour'/><path fill='#fff' d='$bubble'/><path $stroke stroke='$colour' d='$lines'/></svg>"
# A phone uses only which parts are transparent.
mask="<svg viewBox='0 -1 32 32'><mask id='m'><path fill='#fff' d='$bubble'/><path $stroke stroke='#000' d='$lines'/></mask><rect width='32' height='32' y='-1' fill='#fff' mask='url(#m)'/></svg>"

mkdir -p wwwroot/icons
render icon-192 192 "$plain"
render icon-512 512 "$plain"
render maskable-192 192 "$full"
render maskable-512 512 "$full"
render apple-touch 180 "$full"
render badge 96 "$mask"
