// Choices of the reader that the server has not stored yet: reactions and votes. Each is stored in the browser under its name, so that it survives the
// page and the newest choice replaces an older one. The server sets choices and does not toggle them, so a repeated one changes nothing.

import { connection } from "../circuit/connection.js";
import { Backoff } from "../shared/backoff.js";
import { newId } from "../shared/ids.js";
import { forget, keysOf, load, store } from "../shared/storage.js";

/** @typedef {{ status: "Accepted" | "Refused" | "Failed", reason?: string, retryAfter?: number, revision: number }} Answer */
/**
 * @template TValue
 * @typedef {{ id: string, value: TValue, isStored: boolean, at: number }} Choice
 */
/**
 * @template TValue
 * @typedef {object} Sender
 * @property {RegExp} names What a name looks like.
 * @property {(value: unknown) => value is TValue} isValue Whether a stored value is one.
 * @property {(name: string, value: TValue) => Promise<Answer>} send
 * @property {(name: string, answer: Answer, value: TValue) => void} settled Is called when a choice is stored or refused. It may be that of another page.
 * @property {(name: string) => void} ended Is called when another page has sent a choice.
 */

const answerTimeout = 10_000;

// Choices that wait at the same time.
const maxWaiting = 200;

// Milliseconds. An older choice is forgotten: nobody expects a vote of last month.
const maxAge = 7 * 86_400_000;

/** @template TValue */
export class ChoiceOutbox {
    #prefix;
    #sender;
    /** @type {Map<string, Choice<TValue>>} By name. What can't be stored lives as long as the page. */
    #choices = new Map();
    #isSending = false;
    #isStopped = false;
    #retry = 0;
    #backoff = new Backoff(500, 15_000);
    #listeners = new AbortController();

    /**
     * @param {string} place The kind of choice, the reader and the room.
     * @param {Sender<TValue>} sender
     */
    constructor(place, sender) {
        this.#prefix = `${place}/`;
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

    /** What waits. */
    get waiting() {
        return [...this.#choices].map(([name, { value }]) => ({ name, value }));
    }

    /**
     * @param {string} name
     * @param {TValue} value
     * @returns {boolean} False when too many wait.
     */
    put(name, value) {
        if (!this.#choices.has(name) && this.#choices.size >= maxWaiting) return false;
        const choice = { id: newId(), value, isStored: true, at: Date.now() };
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
            this.#sender.ended(name);
            return null;
        }
        const answer = await this.#send(name, choice.value);
        if (answer.status === "Failed") return answer.retryAfter ?? this.#backoff.next();
        this.#backoff.reset();
        // The person may have chosen otherwise meanwhile.
        if (load(this.#prefix + name, localStorage)?.id === choice.id) forget(this.#prefix + name, localStorage);
        if (this.#choices.get(name)?.id === choice.id) {
            this.#choices.delete(name);
            if (!this.#isStopped) this.#sender.settled(name, answer, choice.value);
        }
        return null;
    }

    /**
     * The newest choice of all pages; undefined when another page has sent it.
     * @param {string} name
     */
    #newest(name) {
        const known = this.#choices.get(name);
        /** @type {Choice<TValue> | null} */
        const stored = load(this.#prefix + name, localStorage);
        if (stored === null) return known?.isStored ? undefined : known;
        this.#choices.set(name, stored);
        return stored;
    }

    /**
     * @param {string} name
     * @param {TValue} value
     * @returns {Promise<Answer>}
     */
    async #send(name, value) {
        let timer = 0;
        const answered = new AbortController();
        /** @type {Promise<Answer>} */
        const unanswered = new Promise(resolve => {
            const fail = () => resolve({ status: "Failed", revision: 0 });
            timer = setTimeout(fail, answerTimeout);
            addEventListener("connection-lost", fail, { signal: answered.signal });
        });
        try {
            return await Promise.race([this.#sender.send(name, value), unanswered]);
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
            const isRecent = typeof choice?.at === "number" && Date.now() - choice.at < maxAge;
            if (isRecent && typeof choice.id === "string" && this.#sender.names.test(name) && this.#sender.isValue(choice.value)) this.#choices.set(name, choice);
            else forget(stored, localStorage);
        }
    }
}
