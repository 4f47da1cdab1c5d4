// Reports that the reader is active. Somebody without activity for several times the interval is away.

import { connection } from "./connection.js";

// Milliseconds.
const interval = 60_000;
const types = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"];

export class Activity {
    #at = Date.now();

    /**
     * @param {() => void} report Called at most once a minute.
     * @param {AbortSignal} signal
     */
    constructor(report, signal) {
        const onActivity = () => {
            const now = Date.now();
            if (now - this.#at < interval || connection.isLost) return;
            this.#at = now;
            report();
        };
        for (const type of types) document.addEventListener(type, onActivity, { capture: true, passive: true, signal });
        // The server does not count a new connection as activity.
        addEventListener("connection-restored", () => this.#at = 0, { signal });
    }

    /** Another call has reported it to the server. */
    note() {
        this.#at = Date.now();
    }
}
