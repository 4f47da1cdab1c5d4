// One event stream of a liveblog: it comes back by itself, and notices a stream that is open and brings nothing.

const eventNames = ["liveblog.post.created", "liveblog.post.updated", "liveblog.post.deleted", "liveblog.updated", "liveblog.archived"];

// Heartbeats that may be missing. Until the first one, which names the interval, the server's default counts.
const missedHeartbeats = 2.5;
const defaultInterval = 15_000;

export class LiveblogStream {
    #slug;
    #on;
    #source = null;
    #pause = 1_000;
    #interval = defaultInterval;
    #retry = 0;
    #watch = 0;

    // The revision after which the stream goes on.
    revision;

    // on.event({ name, revision, data }) for each event, on.state(isUp) when the stream is opened and when it breaks.
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
            // A browser comes back to a broken stream by itself, but not after an answer that is none.
            if (source.readyState === EventSource.CLOSED) this.#comeBack();
        });
        source.addEventListener("heartbeat", event => {
            this.#interval = JSON.parse(event.data).interval_ms;
            this.#pause = 1_000;
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

    // Proxies may hold a stream back without breaking it.
    #expect() {
        clearTimeout(this.#watch);
        this.#watch = setTimeout(() => {
            this.#on.state(false);
            this.#comeBack();
        }, this.#interval * missedHeartbeats);
    }

    #comeBack() {
        this.close();
        this.#retry = setTimeout(() => this.#open(), this.#pause * (0.75 + Math.random() / 2));
        this.#pause = Math.min(this.#pause * 2, 30_000);
    }
}
