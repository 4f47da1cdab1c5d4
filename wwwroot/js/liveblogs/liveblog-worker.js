// The streams of all tabs of a browser: one for each liveblog that visible tabs show. A browser opens six connections to a host over
// HTTP/1.1, which the streams of tabs would use up.

import { LiveblogStream } from "./liveblog-stream.js";

/** @typedef {{ ports: Set<MessagePort>, isUp: boolean, stream: LiveblogStream }} Followed */

/** @type {Map<string, Followed>} */
const followed = new Map();

addEventListener("connect", event => {
    const [port] = /** @type {MessageEvent} */ (event).ports;
    /** @type {string | null} */
    let slug = null;
    port.onmessage = ({ data }) => {
        if (slug !== null) leave(slug, port);
        slug = data.slug;
        if (slug !== null) join(slug, port, data.revision);
    };
});

/**
 * @param {string} slug
 * @param {MessagePort} port
 * @param {number} revision
 */
function join(slug, port, revision) {
    const known = followed.get(slug);
    if (known === undefined) {
        followed.set(slug, open(slug, revision, new Set([port])));
        return;
    }
    known.ports.add(port);
    port.postMessage({ isUp: known.isUp });
    // Tabs skip the events that they have.
    if (revision < known.stream.revision) {
        known.stream.close();
        followed.set(slug, open(slug, revision, known.ports));
    }
}

/**
 * @param {string} slug
 * @param {MessagePort} port
 */
function leave(slug, port) {
    const known = followed.get(slug);
    if (known === undefined || !known.ports.delete(port) || known.ports.size > 0) return;
    known.stream.close();
    followed.delete(slug);
}

/**
 * @param {string} slug
 * @param {number} revision
 * @param {Set<MessagePort>} ports
 * @returns {Followed}
 */
function open(slug, revision, ports) {
    /** @param {object} message */
    const send = message => {
        for (const port of ports) port.postMessage(message);
    };
    const stream = new LiveblogStream(slug, revision, {
        event: send,
        state: isUp => {
            opened.isUp = isUp;
            send({ isUp });
        },
    });
    const opened = { ports, isUp: false, stream };
    return opened;
}
