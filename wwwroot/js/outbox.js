// Messages that were written and not yet kept by the server, in the order in which they were written.

const answerTimeout = 10_000;
const longestPause = 15_000;

export class Outbox {
    #key;
    #list;
    #door;
    #entries = [];
    #sending = false;
    #stopped = false;
    #retry = 0;
    #pause = 500;

    // door.send(entry) answers {status, reason}; door.refused(entry, reason) takes back what can never be sent.
    constructor(key, list, door) {
        this.#key = key;
        this.#list = list;
        this.#door = door;
    }

    start() {
        this.#entries = this.#read();
        this.#show();
        this.#flush();
    }

    stop() {
        this.#stopped = true;
        clearTimeout(this.#retry);
    }

    add(text) {
        this.#entries.push({ id: newId(), text });
        this.#changed();
        this.#flush();
    }

    async #flush() {
        if (this.#sending || this.#stopped) return;
        this.#sending = true;
        clearTimeout(this.#retry);
        try {
            while (this.#entries.length > 0 && !this.#stopped) {
                const entry = this.#entries[0];
                const answer = await this.#ask(entry);
                if (answer.status === "Failed") {
                    this.#retryLater();
                    return;
                }
                this.#pause = 500;
                this.#entries = this.#entries.filter(e => e.id !== entry.id);
                this.#changed();
                if (answer.status === "Refused") this.#door.refused(entry, answer.reason);
            }
        } finally {
            this.#sending = false;
        }
    }

    async #ask(entry) {
        let timer;
        const silence = new Promise(resolve => {
            timer = setTimeout(() => resolve({ status: "Failed" }), answerTimeout);
        });
        try {
            return await Promise.race([this.#door.send(entry), silence]);
        } catch {
            return { status: "Failed" };
        } finally {
            clearTimeout(timer);
        }
    }

    #retryLater() {
        if (this.#stopped) return;
        this.#retry = setTimeout(() => this.#flush(), this.#pause * (0.75 + Math.random() / 2));
        this.#pause = Math.min(this.#pause * 2, longestPause);
    }

    #changed() {
        this.#write();
        this.#show();
    }

    #show() {
        this.#list.replaceChildren(...this.#entries.map(entry => {
            const item = document.createElement("li");
            item.textContent = entry.text;
            return item;
        }));
    }

    #read() {
        try {
            return JSON.parse(localStorage.getItem(this.#key)) ?? [];
        } catch {
            return [];
        }
    }

    #write() {
        try {
            if (this.#entries.length === 0) localStorage.removeItem(this.#key);
            else localStorage.setItem(this.#key, JSON.stringify(this.#entries));
        } catch {
            // Storage is full or forbidden: the outbox lives as long as the page.
        }
    }
}

// A random UUID. crypto.randomUUID does not exist on a page that came over plain http from another machine.
function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
