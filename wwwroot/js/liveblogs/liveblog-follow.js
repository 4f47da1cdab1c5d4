// Follows a liveblog while the page is visible. The tabs of a browser share one stream; a browser without shared workers opens one for each.

import { LiveblogStream } from "./liveblog-stream.js";

/**
 * @param {string} slug
 * @param {() => number} revision The revision of the page.
 * @param {import("./liveblog-stream.js").StreamHandlers} on
 * @returns {() => void} Ends it.
 */
export function follow(slug, revision, on) {
    let port = connect();
    /** @type {LiveblogStream | null} */
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
        else own = new LiveblogStream(slug, revision(), { event: receive, state: on.state });
    }

    function stop() {
        if (!isFollowing) return;
        isFollowing = false;
        port?.postMessage({ slug: null });
        own?.close();
        own = null;
    }

    /** @param {import("./liveblog-stream.js").StreamEvent} event A shared stream may begin before the revision of this page. */
    function receive(event) {
        if (isFollowing && event.revision > revision()) on.event(event);
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
            else receive(data);
        };
        return worker.port;
    }
}
