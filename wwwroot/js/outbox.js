// Messages and edits that were written and not yet kept by the server, in the order in which they were written. Each has an entry of
// its own in the browser's storage, so that pages beside each other do not overwrite what the other one holds.

import { connection } from "./connection.js";
import { newId } from "./ids.js";

const answerTimeout = 10_000;
const longestPause = 15_000;

// What this page wrote is sent by this page. The lock is held for as long as the page lives: an entry whose page is gone is
// sent by whoever finds it. Without locks (a page that came over plain http from another machine) everybody sends what they
// find; the server keeps a message once, however often it arrives.
const page = newId();
navigator.locks?.request(lockName(page), () => new Promise(() => {}));

let written = 0;

// Puts one message into the outbox of a place, with files that may still be on their way; with a sequence it is the new text of that message.
export function write(place, text, sequence = null, files = []) {
    const time = Date.now().toString().padStart(15, "0");
    const order = (written++).toString().padStart(6, "0");
    const entry = { key: `${prefix(place)}${time}-${order}-${page}`, page, id: newId(), text, sequence, files };
    store(entry);
    return entry;
}

// False when the browser could not keep it.
export function isStored({ key }) {
    return read(key) !== null;
}

// What this page wrote there and the server has not kept yet.
export function waiting(place) {
    return stored(prefix(place)).filter(entry => entry.page === page);
}

export function show(list, entries) {
    list.replaceChildren(...entries.map(entry => {
        const item = document.createElement("li");
        item.textContent = entry.text;
        if (entry.sequence !== null) item.dataset.edit = "";
        if (entry.files.length > 0) item.append(...showFiles(entry));
        return item;
    }));
}

function showFiles({ id, files }) {
    const names = files.map(file => {
        const name = document.createElement("span");
        name.className = "outbox-file";
        name.dataset.file = file.id;
        name.textContent = file.name;
        return name;
    });
    const back = document.createElement("button");
    back.type = "button";
    back.dataset.takeBack = id;
    back.textContent = "Cancel";
    return [...names, back];
}

export class Outbox {
    #place;
    #list;
    #door;
    #entries = [];
    #sending = false;
    #asked = null;
    #stopped = false;
    #retry = 0;
    #pause = 500;

    // door.prepare(entry) brings its files to the server, door.send(entry) sends it: both answer {status, reason, retryAfter}, the last one
    // in milliseconds, if the server says when to send again. door.refused(entry, reason) takes back what can never be sent.
    constructor(place, list, door) {
        this.#place = place;
        this.#list = list;
        this.#door = door;
    }

    async start() {
        addEventListener("connection-back", this.#onBack);
        this.#entries = waiting(this.#place);
        this.#show();
        await this.#adopt();
        this.#flush();
    }

    stop() {
        this.#stopped = true;
        removeEventListener("connection-back", this.#onBack);
        clearTimeout(this.#retry);
    }

    add(text, sequence = null, files = []) {
        this.#entries.push(write(this.#place, text, sequence, files));
        this.#show();
        this.#flush();
    }

    // The entry with this id, out of the outbox; null when it is gone, or is just being sent.
    takeBack(id) {
        const entry = this.#entries.find(other => other.id === id);
        if (entry === undefined || entry === this.#asked) return null;
        this.#entries = this.#entries.filter(other => other !== entry);
        forget(entry);
        this.#show();
        return entry;
    }

    #onBack = () => {
        this.#pause = 500;
        this.#flush();
    };

    async #flush() {
        if (this.#sending || this.#stopped || connection.isGone) return;
        this.#sending = true;
        clearTimeout(this.#retry);
        try {
            while (this.#entries.length > 0 && !this.#stopped && !connection.isGone) {
                const entry = this.#entries[0];
                const prepared = entry.files.length === 0 ? { status: "Accepted" } : await this.#door.prepare(entry);
                if (this.#stopped) return;
                if (this.#entries[0] !== entry) continue;
                const answer = prepared.status === "Accepted" ? await this.#ask(entry) : prepared;
                if (answer.status === "Failed") {
                    this.#retryLater(answer.retryAfter);
                    return;
                }
                this.#pause = 500;
                this.#entries.shift();
                forget(entry);
                this.#show();
                if (answer.status === "Refused") this.#door.refused(entry, answer.reason);
            }
        } finally {
            this.#sending = false;
        }
    }

    // Takes over what pages that are gone have left, before what this one has written since.
    async #adopt() {
        const living = new Set((await navigator.locks?.query())?.held.map(lock => lock.name));
        const mine = new Set(this.#entries.map(entry => entry.key));
        const left = stored(prefix(this.#place)).filter(entry => !mine.has(entry.key) && !living.has(lockName(entry.page)));
        if (left.length === 0 || this.#stopped) return;
        const [first, ...rest] = this.#entries;
        this.#entries = this.#sending
            ? [first, ...[...left, ...rest].sort(byKey)]
            : [...left, ...this.#entries].sort(byKey);
        this.#show();
    }

    async #ask(entry) {
        this.#asked = entry;
        let timer;
        const answered = new AbortController();
        const silence = new Promise(resolve => {
            const fail = () => resolve({ status: "Failed" });
            timer = setTimeout(fail, answerTimeout);
            addEventListener("connection-gone", fail, { signal: answered.signal });
        });
        try {
            return await Promise.race([this.#door.send(entry), silence]);
        } catch {
            return { status: "Failed" };
        } finally {
            this.#asked = null;
            clearTimeout(timer);
            answered.abort();
        }
    }

    #retryLater(wait) {
        if (this.#stopped) return;
        this.#retry = setTimeout(() => this.#flush(), wait ?? this.#pause * (0.75 + Math.random() / 2));
        if (wait != null) return;
        this.#pause = Math.min(this.#pause * 2, longestPause);
    }

    #show() {
        show(this.#list, this.#entries);
    }
}

function store({ key, page, id, text, sequence, files }) {
    try {
        localStorage.setItem(key, JSON.stringify({ page, id, text, sequence, files }));
    } catch {
        // Storage is full or forbidden: the entry lives as long as the page.
    }
}

function forget({ key }) {
    try {
        localStorage.removeItem(key);
    } catch {
        // It was never there.
    }
}

function stored(prefix) {
    try {
        return Object.keys(localStorage).filter(key => key.startsWith(prefix)).map(read).filter(entry => entry !== null).sort(byKey);
    } catch {
        return [];
    }
}

function read(key) {
    try {
        const { page, id, text, sequence = null, files = [] } = JSON.parse(localStorage.getItem(key));
        return typeof id === "string" && typeof text === "string" && Array.isArray(files) ? { key, page, id, text, sequence, files } : null;
    } catch {
        return null;
    }
}

function byKey(a, b) {
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function prefix(place) {
    return `outbox/${place}/`;
}

function lockName(page) {
    return `outbox/${page}`;
}
