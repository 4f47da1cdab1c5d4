// Messages and edits that are written and not yet stored by the server, in the order in which they were written. Each has an entry of its
// own in the browser's storage, so that pages that are open at the same time do not overwrite each other's entries.

import { Backoff } from "../shared/backoff.js";
import { connection } from "../circuit/connection.js";
import { newId } from "../shared/ids.js";
import { forget, keysOf, load, store } from "../shared/storage.js";
import { text } from "../shared/texts.js";

/** @typedef {import("../files/uploads.js").UploadFile} OutboxFile */
/**
 * @typedef {object} Entry
 * @property {string} key
 * @property {string} page The page that wrote it.
 * @property {string} id
 * @property {string} text
 * @property {number | null} sequence The message that is edited; null for a new one.
 * @property {OutboxFile[]} files
 * @property {boolean} alsoInRoom Whether the room shows a reply too.
 */
/** @typedef {{ status: "Accepted" | "Failed" | "Refused", reason?: string, retryAfter?: number, at?: string }} Answer retryAfter is in milliseconds; at is a time for {0} in the reason. */
/**
 * @typedef {object} Sender
 * @property {(entry: Entry) => Promise<Answer>} prepare Uploads the files of an entry.
 * @property {(entry: Entry) => Promise<Answer>} send
 * @property {(note: string) => void} noted Is called with a sentence about an entry that was sent.
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
 * Puts a message into the outbox of a conversation, or with a sequence the new text of that message.
 * @param {string} conversation
 * @param {string} text
 * @param {number | null} sequence
 * @param {OutboxFile[]} files They may still be uploading.
 * @param {boolean} alsoInRoom
 * @param {string} id
 * @returns {Entry}
 */
export function write(conversation, text, sequence = null, files = [], alsoInRoom = false, id = newId()) {
    const time = Date.now().toString().padStart(15, "0");
    const order = (written++).toString().padStart(6, "0");
    const key = `${prefix(conversation)}${time}-${order}-${page}`;
    const entry = { page, id, text, sequence, files, alsoInRoom };
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
 * @param {string} conversation
 */
export function pending(conversation) {
    return stored(conversation).filter(entry => entry.page === page);
}

/**
 * The entries that this page sends: its own, and those of pages that are closed.
 * @param {string} conversation
 */
export async function sendable(conversation) {
    const open = new Set((await navigator.locks?.query())?.held?.map(lock => lock.name));
    return stored(conversation).filter(entry => entry.page === page || !open.has(lockName(entry.page)));
}

/**
 * The conversations of a person that have entries.
 * @param {string} person
 */
export function outboxConversations(person) {
    const own = prefix(`${person}`);
    return [...new Set(keysOf(own, localStorage).map(key => `${person}/${key.slice(own.length).split("/")[0]}`))];
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
    #conversation;
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
     * @param {string} conversation
     * @param {HTMLElement} list
     * @param {Sender} sender
     */
    constructor(conversation, list, sender) {
        this.#conversation = conversation;
        this.#list = list;
        this.#sender = sender;
    }

    async start() {
        addEventListener("connection-restored", this.#onRestored);
        this.#entries = pending(this.#conversation);
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
     * @param {boolean} alsoInRoom
     * @param {string | undefined} id
     */
    add(text, sequence = null, files = [], alsoInRoom = false, id = undefined) {
        this.#entries.push(write(this.#conversation, text, sequence, files, alsoInRoom, id));
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
                if (answer.status === "Accepted" && answer.reason && !this.#isStopped) this.#sender.noted(answer.reason);
                if (answer.status === "Refused") this.#sender.refused(entry, answer.reason ?? "");
            }
        } finally {
            this.#isSending = false;
        }
    }

    // Adds the entries of pages that are closed, before those that this page has written since.
    async #adopt() {
        const entries = await sendable(this.#conversation);
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
 * @param {string} conversation
 * @returns {Entry[]}
 */
function stored(conversation) {
    try {
        return keysOf(prefix(conversation), localStorage).map(read).filter(entry => entry !== null).sort(byKey);
    } catch {
        return [];
    }
}

/**
 * @param {string} key
 * @returns {Entry | null} Null for what is no entry.
 */
function read(key) {
    const { page, id, text, sequence = null, files = [], alsoInRoom = false } = load(key, localStorage) ?? {};
    return typeof id === "string" && typeof text === "string" && Array.isArray(files) ? { key, page, id, text, sequence, files, alsoInRoom } : null;
}

/**
 * @param {Entry} a
 * @param {Entry} b
 */
function byKey(a, b) {
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** @param {string} conversation */
function prefix(conversation) {
    return `outbox/${conversation}/`;
}

/** @param {string} page */
function lockName(page) {
    return `outbox/${page}`;
}
