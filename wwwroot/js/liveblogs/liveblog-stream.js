// The event stream of a liveblog. It reconnects after an error, and when the stream is open but silent.

import { Backoff } from "../shared/backoff.js";

/** @typedef {{ name: string, revision: number, data: string }} StreamEvent */
/**
 * @typedef {object} StreamHandlers
 * @property {(event: StreamEvent) => void} event
 * @property {(isUp: boolean) => void} state Is called when the stream opens and when it breaks.
 */

const eventNames = ["liveblog.post.created", "liveblog.post.updated", "liveblog.post.deleted", "liveblog.updated", "liveblog.archived"];

// Heartbeats that may be missing. The first one has the interval; until then it is the server's default.
const missedHeartbeats = 2.5;
const defaultInterval = 15_000;

export class LiveblogStream {
    #slug;
    #on;
    /** @type {EventSource | null} */
    #source = null;
    #backoff = new Backoff(1_000, 30_000);
    #interval = defaultInterval;
    #retry = 0;
    #watch = 0;

    /**
     * @param {string} slug
     * @param {number} revision The stream continues after it.
     * @param {StreamHandlers} on
     */
    constructor(slug, revision, on) {
        this.#slug = slug;
        this.revision = revision;
        this.#on = on;
        this.#open();
    }

    close() {
        clearTimeout(this.#retry);
        clearTimeout(this.#watch);
        this.#source?.close();
        this.#source = null;
    }

    #open() {
        const source = this.#source = new EventSource(`/liveblogs/${this.#slug}/events?after=${this.revision}`);
        this.#expect();
        source.addEventListener("open", () => {
            this.#on.state(true);
            this.#expect();
        });
        source.addEventListener("error", () => {
            this.#on.state(false);
            // A browser reconnects after a broken stream, but not after another answer, such as 503.
            if (source.readyState === EventSource.CLOSED) this.#reconnect();
        });
        source.addEventListener("heartbeat", event => {
            this.#interval = JSON.parse(event.data).interval_ms;
            this.#backoff.reset();
            this.#expect();
        });
        for (const name of eventNames) {
            source.addEventListener(name, event => {
                this.revision = Number(event.lastEventId);
                this.#expect();
                this.#on.event({ name, revision: this.revision, data: event.data });
                if (name === "liveblog.archived") this.close();
            });
        }
    }

    // A proxy may hold a stream back without breaking it.
    #expect() {
        clearTimeout(this.#watch);
        this.#watch = setTimeout(() => {
            this.#on.state(false);
            this.#reconnect();
        }, this.#interval * missedHeartbeats);
    }

    #reconnect() {
        this.close();
        this.#retry = setTimeout(() => this.#open(), this.#backoff.next());
    }
}
