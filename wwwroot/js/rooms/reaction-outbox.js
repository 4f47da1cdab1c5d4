// Reactions that the server has not stored yet. Each is stored in the browser under its message and emoji, so that it survives the page and the
// newest choice replaces an older one. The server sets reactions and does not toggle them, so a repeated one changes nothing.

import { connection } from "../circuit/connection.js";
import { Backoff } from "../shared/backoff.js";
import { newId } from "../shared/ids.js";
import { forget, keysOf, load, store } from "../shared/storage.js";

/** @typedef {{ id: string, isSet: boolean, isStored: boolean }} Choice */
/** @typedef {{ status: "Accepted" | "Refused" | "Failed", reason?: string, retryAfter?: number, revision: number }} Answer */
/**
 * @typedef {object} Sender
 * @property {(key: string, emoji: string, isSet: boolean) => Promise<Answer>} send
 * @property {(key: string, emoji: string, answer: Answer) => void} settled Is called when a reaction is stored or refused.
 */

const answerTimeout = 10_000;

// Choices that wait at the same time.
const maxWaiting = 200;

export class ReactionOutbox {
    #prefix;
    #sender;
    /** @type {Map<string, Choice>} By the message and the emoji. What can't be stored lives as long as the page. */
    #choices = new Map();
    #isSending = false;
    #isStopped = false;
    #retry = 0;
    #backoff = new Backoff(500, 15_000);
    #listeners = new AbortController();

    /**
     * @param {string} place The reader and the room.
     * @param {Sender} sender
     */
    constructor(place, sender) {
        this.#prefix = `reaction/${place}/`;
        this.#sender = sender;
        const { signal } = this.#listeners;
        addEventListener("connection-restored", () => {
            this.#backoff.reset();
            this.flush();
        }, { signal });
        this.#read();
        this.flush();
    }

    stop() {
        this.#isStopped = true;
        this.#listeners.abort();
        clearTimeout(this.#retry);
    }

    /** What waits, by the message and the emoji with a space between them. */
    get waiting() {
        return [...this.#choices].map(([name, { isSet }]) => ({ name, isSet }));
    }

    /**
     * @param {string} key The key of the message.
     * @param {string} emoji
     * @param {boolean} isSet
     * @returns {boolean} False when too many wait.
     */
    put(key, emoji, isSet) {
        const name = `${key} ${emoji}`;
        if (!this.#choices.has(name) && this.#choices.size >= maxWaiting) return false;
        const choice = { id: newId(), isSet, isStored: true };
        choice.isStored = store(this.#prefix + name, choice, localStorage);
        // An older choice must not return instead of this one.
        if (!choice.isStored) forget(this.#prefix + name, localStorage);
        this.#choices.set(name, choice);
        this.flush();
        return true;
    }

    async flush() {
        if (this.#isSending || this.#isStopped || connection.isLost) return;
        this.#isSending = true;
        clearTimeout(this.#retry);
        try {
            while (this.#choices.size > 0 && !this.#isStopped && !connection.isLost) {
                const [name] = this.#choices.keys();
                // Another page of this browser may send a newer choice, which must arrive after this one.
                const wait = navigator.locks === undefined
                    ? await this.#sendNext(name)
                    : await navigator.locks.request(this.#prefix + name, () => this.#sendNext(name));
                if (wait === null) continue;
                this.#retry = setTimeout(() => this.flush(), wait);
                return;
            }
        } finally {
            this.#isSending = false;
        }
    }

    /**
     * @param {string} name
     * @returns {Promise<number | null>} Milliseconds until the next try; null to continue.
     */
    async #sendNext(name) {
        if (this.#isStopped) return null;
        const choice = this.#newest(name);
        if (choice === undefined) {
            this.#choices.delete(name);
            return null;
        }
        const at = name.indexOf(" ");
        const [key, emoji] = [name.slice(0, at), name.slice(at + 1)];
        const answer = await this.#send(key, emoji, choice.isSet);
        if (answer.status === "Failed") return answer.retryAfter ?? this.#backoff.next();
        this.#backoff.reset();
        // The person may have chosen otherwise meanwhile.
        if (load(this.#prefix + name, localStorage)?.id === choice.id) forget(this.#prefix + name, localStorage);
        if (this.#choices.get(name)?.id === choice.id) {
            this.#choices.delete(name);
            if (!this.#isStopped) this.#sender.settled(key, emoji, answer);
        }
        return null;
    }

    /**
     * The newest choice of all pages; undefined when another page has sent it.
     * @param {string} name
     */
    #newest(name) {
        const known = this.#choices.get(name);
        /** @type {Choice | null} */
        const stored = load(this.#prefix + name, localStorage);
        if (stored === null) return known?.isStored ? undefined : known;
        this.#choices.set(name, stored);
        return stored;
    }

    /**
     * @param {string} key
     * @param {string} emoji
     * @param {boolean} isSet
     * @returns {Promise<Answer>}
     */
    async #send(key, emoji, isSet) {
        let timer = 0;
        const answered = new AbortController();
        /** @type {Promise<Answer>} */
        const unanswered = new Promise(resolve => {
            const fail = () => resolve({ status: "Failed", revision: 0 });
            timer = setTimeout(fail, answerTimeout);
            addEventListener("connection-lost", fail, { signal: answered.signal });
        });
        try {
            return await Promise.race([this.#sender.send(key, emoji, isSet), unanswered]);
        } catch {
            return { status: "Failed", revision: 0 };
        } finally {
            clearTimeout(timer);
            answered.abort();
        }
    }

    #read() {
        for (const stored of keysOf(this.#prefix, localStorage).slice(0, maxWaiting)) {
            const choice = load(stored, localStorage);
            const name = stored.slice(this.#prefix.length);
            if (typeof choice?.id === "string" && /^-?\d+ \S+$/.test(name)) this.#choices.set(name, choice);
            else forget(stored, localStorage);
        }
    }
}
