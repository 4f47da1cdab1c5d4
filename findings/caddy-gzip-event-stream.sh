#!/usr/bin/env bash
# Caddy 2.6.2 (Debian 12, 2.6.2-5), `encode gzip` before `reverse_proxy`, an upstream that answers `text/event-stream`.
#
# Expected: each event reaches the client when the upstream writes it (`flush_interval` is -1 by itself for this content type).
# Seen: when the first write of the response is 512 bytes (the encoder's minimum length) or more, the response is compressed and
# nothing of it is flushed: the client receives no event while the stream is open, and no error either. When the first write is
# shorter, the response is not compressed and each event arrives at once. `Cache-Control: no-transform` and `no-cache` make no difference;
# `Content-Encoding: identity` set by the upstream does: the stream is left alone.
#
# Needs: Debian's apt and dpkg, Node.js, curl. Installs nothing: the package is unpacked in a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq caddy=2.6.2-5 >/dev/null 2>&1
dpkg -x caddy_*.deb .
caddy=usr/bin/caddy

cat > upstream.mjs <<'JS'
import http from 'node:http';
http.createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': url.searchParams.get('cache') ?? 'no-cache' };
    if (url.searchParams.has('identity')) headers['Content-Encoding'] = 'identity';
    response.writeHead(200, headers);
    response.write(`data: ${'x'.repeat(Number(url.searchParams.get('first')))}\n\n`);
    const timer = setInterval(() => response.write('data: more\n\n'), 100);
    request.on('close', () => clearInterval(timer));
}).listen(Number(process.argv[2]), '127.0.0.1');
JS
upstream=$((20000 + RANDOM % 5000)) front=$((26000 + RANDOM % 5000))
node upstream.mjs "$upstream" &
cat > Caddyfile <<CADDY
{
    admin off
    auto_https off
}
http://127.0.0.1:$front {
    encode gzip
    reverse_proxy 127.0.0.1:$upstream
}
CADDY
XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work "$caddy" run --config Caddyfile --adapter caddyfile 2>caddy.log &
for _ in $(seq 50); do curl -s -o /dev/null --max-time 1 "http://127.0.0.1:$front/?first=1" && break || [ $? -eq 28 ] && break; sleep 0.1; done

# Bytes of the body that arrive within two seconds, as they come over the wire.
bytes() { curl -sN --max-time 2 -H 'Accept-Encoding: gzip' -o body "http://127.0.0.1:$front/?$1" || true; stat -c %s body 2>/dev/null || echo 0; rm -f body; }
failed=0
expect() { # name, what is expected (none or some), query
    local seen; seen=$(bytes "$3")
    echo "$1: $seen bytes in 2 s"
    case $2 in none) [ "$seen" -le 10 ] ;; some) [ "$seen" -gt 100 ] ;; esac || { echo "changed: expected $2" >&2; failed=1; }
}
"$caddy" version
expect "first write of 100 bytes" some "first=100"
expect "first write of 1000 bytes" none "first=1000"
expect "first write of 1000 bytes, no-transform" none "first=1000&cache=no-cache,%20no-transform"
expect "first write of 1000 bytes, identity" some "first=1000&identity"
exit $failed
