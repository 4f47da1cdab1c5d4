// A WebSocket peer for a test to drive: node peer.mjs ADDRESS [HEADER: VALUE]…
// Lines of JSON come in ({"text": "…"}, {"base64": "…"}, {"close": 1000}) and go out ({"open": true}, {"text": "…"},
// {"base64": "…"}, {"status": 401}, {"close": 1008, "reason": "…"}).

import { createInterface } from "node:readline";
import WebSocket from "ws";

const [address, ...headers] = process.argv.slice(2);
const socket = new WebSocket(address, { headers: Object.fromEntries(headers.map(header => header.split(/: (.*)/s, 2))) });

function report(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

socket.on("open", () => report({ open: true }));
socket.on("message", (data, isBinary) => report(isBinary ? { base64: data.toString("base64") } : { text: data.toString("utf8") }));
socket.on("unexpected-response", (_, response) => {
    report({ status: response.statusCode });
    process.exit(0);
});
socket.on("close", (code, reason) => {
    report({ close: code, reason: reason.toString("utf8") });
    process.exit(0);
});
socket.on("error", error => process.stderr.write(`${error.message}\n`));

for await (const line of createInterface({ input: process.stdin })) {
    const { text, base64, close } = JSON.parse(line);
    if (text !== undefined) socket.send(text);
    else if (base64 !== undefined) socket.send(Buffer.from(base64, "base64"));
    else socket.close(close);
}
