// Messages and edits that are written and not yet stored by the server, in the order in which they were written. Each has an entry of its
// own in the browser's storage, so that pages that are open at the same time do not overwrite each other's entries.

import { Backoff } from "./backoff.js";
import { connection } from "./connection.js";
import { newId } from "./ids.js";
import { forget, keysOf, load, store } from "./storage.js";
import { text } from "./texts.js";

/** @typedef {{ id: string, name: string, size: number }} OutboxFile */
/**
 * @typedef {object} Entry
 * @property {string} key
 * @property {string} page The page that wrote it.
 * @property {string} id
 * @property {string} text
 * @property {number | null} sequence The message that is edited; null for a new one.
 * @property {OutboxFile[]} files
 */
/** @typedef {{ status: "Accepted" | "Failed" | "Refused", reason?: string, retryAfter?: number }} Answer retryAfter is in milliseconds. */
/**
 * @typedef {object} Sender
 * @property {(entry: Entry) => Promise<Answer>} prepare Uploads the files of an entry.
 * @property {(entry: Entry) => Promise<Answer>} send
 * @property {(entry: Entry, reason: string) => void} refused Is called with an entry that can never be sent.
 */

const answerTimeout = 10_000;

// A page sends what it wrote, and holds this lock as long as it lives. When the lock is free, any page sends the entry. Without locks (a
// page that was loaded over plain http from another machine) each page sends all entries; the server stores a message once, however often
// it arrives.
const page = newId();
navigator.locks?.request(lockName(page), () => new Promise(() => {}));

let written = 0;

/**
 * Puts a message into the outbox of a place, or with a sequence the new text of that message.
 * @param {string} place
 * @param {string} text
 * @param {number | null} sequence
 * @param {OutboxFile[]} files They may still be uploading.
 * @returns {Entry}
 */
export function write(place, text, sequence = null, files = []) {
    const time = Date.now().toString().padStart(15, "0");
    const order = (written++).toString().padStart(6, "0");
    const key = `${prefix(place)}${time}-${order}-${page}`;
    const entry = { page, id: newId(), text, sequence, files };
    // If it can't be stored, it lives as long as the page.
    store(key, entry, localStorage);
    return { key, ...entry };
}

/**
 * @param {Entry} entry
 * @returns {boolean} False when the browser can't store it.
 */
export function isStored({ key }) {
    return read(key) !== null;
}

/**
 * The entries of this page that the server has not stored yet.
 * @param {string} place
 */
export function pending(place) {
    return stored(place).filter(entry => entry.page === page);
}

/**
 * The entries that this page sends: its own, and those of pages that are closed.
 * @param {string} place
 */
export async function sendable(place) {
    const open = new Set((await navigator.locks?.query())?.held?.map(lock => lock.name));
    return stored(place).filter(entry => entry.page === page || !open.has(lockName(entry.page)));
}

/**
 * @param {HTMLElement} list
 * @param {Entry[]} entries
 */
export function show(list, entries) {
    list.replaceChildren(...entries.map(entry => {
        const item = document.createElement("li");
        item.textContent = entry.text;
        if (entry.sequence !== null) item.dataset.edit = "";
        if (entry.files.length > 0) item.append(...showFiles(entry));
        return item;
    }));
}

/** @param {Entry} entry */
function showFiles({ id, files }) {
    const names = files.map(file => {
        const name = document.createElement("span");
        name.className = "outbox-file";
        name.dataset.file = file.id;
        name.textContent = file.name;
        return name;
    });
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.dataset.cancelEntry = id;
    cancel.textContent = text("Cancel");
    return [...names, cancel];
}

export class Outbox {
    #place;
    #list;
    #sender;
    /** @type {Entry[]} */
    #entries = [];
    /** @type {Entry | null} */
    #sent = null;
    #isSending = false;
    #isStopped = false;
    #retry = 0;
    #backoff = new Backoff(500, 15_000);

    /**
     * @param {string} place
     * @param {HTMLElement} list
     * @param {Sender} sender
     */
    constructor(place, list, sender) {
        this.#place = place;
        this.#list = list;
        this.#sender = sender;
    }

    async start() {
        addEventListener("connection-restored", this.#onRestored);
        this.#entries = pending(this.#place);
        this.#show();
        await this.#adopt();
        this.#flush();
    }

    stop() {
        this.#isStopped = true;
        removeEventListener("connection-restored", this.#onRestored);
        clearTimeout(this.#retry);
    }

    /**
     * @param {string} text
     * @param {number | null} sequence
     * @param {OutboxFile[]} files
     */
    add(text, sequence = null, files = []) {
        this.#entries.push(write(this.#place, text, sequence, files));
        this.#show();
        this.#flush();
    }

    /**
     * Removes an entry.
     * @param {string} id
     * @returns {Entry | null} Null when it is not in the outbox, or is being sent.
     */
    cancel(id) {
        const entry = this.#entries.find(other => other.id === id);
        if (entry === undefined || entry === this.#sent) return null;
        this.#remove(entry);
        return entry;
    }

    #onRestored = () => {
        this.#backoff.reset();
        this.#flush();
    };

    async #flush() {
        if (this.#isSending || this.#isStopped || connection.isLost) return;
        this.#isSending = true;
        clearTimeout(this.#retry);
        try {
            while (this.#entries.length > 0 && !this.#isStopped && !connection.isLost) {
                const entry = this.#entries[0];
                /** @type {Answer} */
                const prepared = entry.files.length === 0 ? { status: "Accepted" } : await this.#sender.prepare(entry);
                if (this.#isStopped) return;
                if (this.#entries[0] !== entry) continue;
                const answer = prepared.status === "Accepted" ? await this.#send(entry) : prepared;
                // A composer that was removed meanwhile can't show a refused message, which stays for the next one.
                if (this.#isStopped && answer.status !== "Accepted") return;
                if (answer.status === "Failed") {
                    this.#retryLater(answer.retryAfter);
                    return;
                }
                this.#backoff.reset();
                this.#remove(entry);
                if (answer.status === "Refused") this.#sender.refused(entry, answer.reason ?? "");
            }
        } finally {
            this.#isSending = false;
        }
    }

    // Adds the entries of pages that are closed, before those that this page has written since.
    async #adopt() {
        const entries = await sendable(this.#place);
        const known = new Set(this.#entries.map(entry => entry.key));
        const left = entries.filter(entry => !known.has(entry.key));
        if (left.length === 0 || this.#isStopped) return;
        const sending = this.#isSending ? this.#entries.splice(0, 1) : [];
        this.#entries = [...sending, ...[...left, ...this.#entries].sort(byKey)];
        this.#show();
    }

    /**
     * @param {Entry} entry
     * @returns {Promise<Answer>}
     */
    async #send(entry) {
        this.#sent = entry;
        let timer = 0;
        const answered = new AbortController();
        /** @type {Promise<Answer>} */
        const unanswered = new Promise(resolve => {
            const fail = () => resolve({ status: "Failed" });
            timer = setTimeout(fail, answerTimeout);
            addEventListener("connection-lost", fail, { signal: answered.signal });
        });
        try {
            return await Promise.race([this.#sender.send(entry), unanswered]);
        } catch {
            return { status: "Failed" };
        } finally {
            this.#sent = null;
            clearTimeout(timer);
            answered.abort();
        }
    }

    /** @param {number | null} [wait] Milliseconds; undefined or null when the server gave no time. */
    #retryLater(wait) {
        if (!this.#isStopped) this.#retry = setTimeout(() => this.#flush(), wait ?? this.#backoff.next());
    }

    /** @param {Entry} entry */
    #remove(entry) {
        this.#entries = this.#entries.filter(other => other !== entry);
        forget(entry.key, localStorage);
        this.#show();
    }

    #show() {
        show(this.#list, this.#entries);
    }
}

/**
 * @param {string} place
 * @returns {Entry[]}
 */
function stored(place) {
    try {
        return keysOf(prefix(place), localStorage).map(read).filter(entry => entry !== null).sort(byKey);
    } catch {
        return [];
    }
}

/**
 * @param {string} key
 * @returns {Entry | null} Null for what is no entry.
 */
function read(key) {
    const { page, id, text, sequence = null, files = [] } = load(key, localStorage) ?? {};
    return typeof id === "string" && typeof text === "string" && Array.isArray(files) ? { key, page, id, text, sequence, files } : null;
}

/**
 * @param {Entry} a
 * @param {Entry} b
 */
function byKey(a, b) {
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** @param {string} place */
function prefix(place) {
    return `outbox/${place}/`;
}

/** @param {string} page */
function lockName(page) {
    return `outbox/${page}`;
}
