// A push service for a test to drive: node push-service.mjs
// It accepts messages over HTTP (RFC 8030), checks who sent them (RFC 8292), and decrypts them as the browser would (RFC 8291).
// Lines of JSON come in ({"subscribe": "phone", "key": "…"}, {"answer": "phone", "status": 429, "retryAfter": "2"}) and go out
// ({"port": 1234}, {"subscription": "phone", "endpoint": "…", "p256dh": "…", "auth": "…"}, {"answers": "phone"},
// {"delivery": "phone", "text": "…", …}, {"fault": "phone", "reason": "…"}).

import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const maxBody = 4096;
const maxTokenSeconds = 24 * 60 * 60;
const subscriptions = new Map();

function report(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The subscription of a browser, for messages that are signed with a key (RFC 8292, 4). */
function subscribe(name, key) {
    const ecdh = createECDH("prime256v1");
    ecdh.generateKeys();
    const subscription = { name, key, ecdh, auth: randomBytes(16), path: `/push/${randomBytes(16).toString("base64url")}`, answer: { status: 201 }, stalled: [] };
    subscriptions.set(subscription.path, subscription);
    report({
        subscription: name,
        endpoint: `http://127.0.0.1:${server.address().port}${subscription.path}`,
        p256dh: ecdh.getPublicKey().toString("base64url"),
        auth: subscription.auth.toString("base64url"),
    });
}

/** Why a request is not signed as in RFC 8292; undefined when it is. */
function findFaultOfToken(authorization, origin, key) {
    const parts = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(authorization ?? "");
    if (parts === null) return "no token";
    const [, header, claims, signature, signer] = parts;
    const point = Buffer.from(signer, "base64url");
    if (point.length !== 65 || point[0] !== 4) return "the key is not an uncompressed point";
    const { typ, alg } = JSON.parse(Buffer.from(header, "base64url"));
    if (typ !== "JWT" || alg !== "ES256") return `a token of type ${typ} and ${alg}`;
    const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
    const publicKey = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
    if (!verify("sha256", Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, "base64url"))) return "a wrong signature";
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, "base64url"));
    const now = Date.now() / 1000;
    if (aud !== origin) return `a token for ${aud}`;
    if (!(exp > now)) return "an expired token";
    if (exp > now + maxTokenSeconds) return "a token for more than a day";
    if (sub !== undefined && !/^(mailto:.|https:\/\/.)/.test(sub)) return `a token of ${sub}`;
    return signer === key ? undefined : "another key";
}

function decrypt(body, { ecdh, auth }) {
    const salt = body.subarray(0, 16);
    const recordSize = body.readUInt32BE(16);
    const keyLength = body[20];
    const sender = body.subarray(21, 21 + keyLength);
    const record = body.subarray(21 + keyLength);
    if (record.length > recordSize) throw new Error("more than one record");
    const derive = (secret, from, info, length) => Buffer.from(hkdfSync("sha256", secret, from, info, length));
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), ecdh.getPublicKey(), sender]);
    const material = derive(ecdh.computeSecret(sender), auth, info, 32);
    const key = derive(material, salt, "Content-Encoding: aes128gcm\0", 16);
    const cipher = createDecipheriv("aes-128-gcm", key, derive(material, salt, "Content-Encoding: nonce\0", 12));
    cipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    const end = padded.findLastIndex(byte => byte !== 0);
    if (padded[end] !== 2) throw new Error("no end of the last record");
    return padded.subarray(0, end).toString("utf8");
}

function reply(response, { status, retryAfter, location, endless }) {
    if (retryAfter) response.setHeader("Retry-After", retryAfter);
    if (location) response.setHeader("Location", location);
    response.writeHead(status);
    if (!endless) {
        response.end();
        return;
    }
    const writing = setInterval(() => response.write("more".repeat(1024)), 20);
    response.on("close", () => clearInterval(writing));
}

function receive(request, response, body) {
    const subscription = subscriptions.get(request.url);
    if (subscription === undefined) {
        report({ fault: request.url, reason: "no such subscription" });
        reply(response, { status: 404 });
        return;
    }
    const { name, key, answer } = subscription;
    const { ttl, urgency, topic } = request.headers;
    const refuse = (status, reason) => {
        report({ fault: name, reason });
        reply(response, { status });
    };
    const fault = findFaultOfToken(request.headers.authorization, `http://${request.headers.host}`, key);
    if (fault !== undefined) return refuse(fault === "another key" ? 403 : 401, fault);
    if (request.method !== "POST" || !/^\d+$/.test(ttl ?? "")) return refuse(400, "no TTL");
    if (request.headers["content-encoding"] !== "aes128gcm") return refuse(415, "another encoding");
    if (body.length > maxBody) return refuse(413, "too long");
    if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) return refuse(400, "the topic");
    let text;
    try {
        text = decrypt(body, subscription);
    } catch (error) {
        return refuse(400, error.message);
    }
    report({ delivery: name, status: answer.stall ? 0 : answer.status, text, ttl: Number(ttl), urgency, topic, token: request.headers.authorization });
    if (answer.stall) subscription.stalled.push(response);
    else reply(response, answer);
}

const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", chunk => chunks.push(chunk));
    request.on("end", () => receive(request, response, Buffer.concat(chunks)));
});
server.listen(0, "127.0.0.1", () => report({ port: server.address().port }));

for await (const line of createInterface({ input: process.stdin })) {
    const { subscribe: name, key, answer, ...rest } = JSON.parse(line);
    if (name !== undefined) {
        subscribe(name, key);
        continue;
    }
    for (const subscription of subscriptions.values()) {
        if (subscription.name !== answer) continue;
        subscription.answer = rest;
        if (!rest.stall) for (const response of subscription.stalled.splice(0)) reply(response, rest);
    }
    report({ answers: answer });
}
process.exit(0);
