// The streams of all tabs of a browser: one for each liveblog that a visible tab shows, however many show it. A browser has six
// connections to a host by HTTP/1.1, and streams would take them all.

import { LiveblogStream } from "./liveblog-stream.js";

const followed = new Map();

addEventListener("connect", ({ ports: [port] }) => {
    let slug = null;
    port.onmessage = ({ data }) => {
        if (slug !== null) leave(slug, port);
        slug = data.slug;
        if (slug !== null) join(slug, port, data.revision);
    };
});

function join(slug, port, revision) {
    const known = followed.get(slug);
    if (known === undefined) {
        const entry = { ports: new Set([port]), isUp: false, stream: null };
        followed.set(slug, entry);
        open(entry, slug, revision);
        return;
    }
    known.ports.add(port);
    port.postMessage({ isUp: known.isUp });
    // Tabs skip what they have.
    if (revision < known.stream.revision) {
        known.stream.close();
        open(known, slug, revision);
    }
}

function leave(slug, port) {
    const entry = followed.get(slug);
    if (entry === undefined || !entry.ports.delete(port) || entry.ports.size > 0) return;
    entry.stream.close();
    followed.delete(slug);
}

function open(entry, slug, revision) {
    const send = message => {
        for (const port of entry.ports) port.postMessage(message);
    };
    entry.stream = new LiveblogStream(slug, revision, {
        event: send,
        state: isUp => {
            entry.isUp = isUp;
            send({ isUp });
        },
    });
}
