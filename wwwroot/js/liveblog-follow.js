// Follows a liveblog while the page is visible, by the stream that the browser's tabs share, or by one of its own where browsers
// share nothing.

import { LiveblogStream } from "./liveblog-stream.js";

// revision() is what the page has; on.event and on.state are LiveblogStream's. Returns what ends it.
export function follow(slug, revision, on) {
    let port = connect();
    let own = null;
    let isFollowing = false;
    const onVisibility = () => document.visibilityState === "visible" ? start() : stop();
    document.addEventListener("visibilitychange", onVisibility);
    addEventListener("pagehide", stop);
    addEventListener("pageshow", onVisibility);
    onVisibility();
    return () => {
        document.removeEventListener("visibilitychange", onVisibility);
        removeEventListener("pagehide", stop);
        removeEventListener("pageshow", onVisibility);
        stop();
    };

    function start() {
        if (isFollowing) return;
        isFollowing = true;
        if (port !== null) port.postMessage({ slug, revision: revision() });
        else own = new LiveblogStream(slug, revision(), { event: take, state: on.state });
    }

    function stop() {
        if (!isFollowing) return;
        isFollowing = false;
        port?.postMessage({ slug: null });
        own?.close();
        own = null;
    }

    // A stream that is shared may begin before what this page has.
    function take(message) {
        if (isFollowing && message.revision > revision()) on.event(message);
    }

    function connect() {
        if (!("SharedWorker" in window)) return null;
        const worker = new SharedWorker(new URL("./liveblog-worker.js", import.meta.url), { type: "module" });
        worker.onerror = () => {
            if (port === null) return;
            port = null;
            if (!isFollowing) return;
            isFollowing = false;
            start();
        };
        worker.port.onmessage = ({ data }) => {
            if (!isFollowing) return;
            if ("isUp" in data) on.state(data.isUp);
            else take(data);
        };
        return worker.port;
    }
}
