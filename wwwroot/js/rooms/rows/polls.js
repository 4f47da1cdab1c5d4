// The polls in a list of messages. Rows are the same for all readers, so this marks what the reader chose. A vote shows at once and waits in the outbox;
// when it is refused, the row shows what it showed before.

import { answered } from "../../circuit/connection.js";
import { closest } from "../../shared/dom.js";
import { count, text } from "../../shared/texts.js";
import { ChoiceOutbox } from "../choice-outbox.js";

/** @typedef {import("../choice-outbox.js").Answer} Answer */

// What the reader chose is asked for at most as often, in milliseconds: a poll in which many vote at once changes again and again.
const askInterval = 2000;

export class Polls {
    #inside;
    #toolbar;
    #list;
    #show;
    /** @type {ChoiceOutbox<number[]>} */
    #outbox;
    /** @type {Map<string, number[]>} What the reader chose as far as the server knows, by the key of the message. */
    #own = new Map();
    /** @type {Map<string, number[]>} What the reader chose, where the rows do not have it yet. */
    #chosen = new Map();
    /** @type {Map<string, number>} Revisions of messages whose rows do not have a stored vote yet. */
    #stored = new Map();
    /** @type {Set<string>} Polls that do not name all who voted. */
    #asked = new Set();
    #asking = 0;
    /** @type {Map<string, number>} The options that were chosen before the reader's other choices were known, by the key of the message. */
    #clicked = new Map();
    /** @type {HTMLElement | null} The option that has the focus. */
    #focused = null;
    #listeners = new AbortController();

    /**
     * @param {HTMLElement} inside
     * @param {HTMLElement} toolbar
     * @param {DotNetObject} list
     * @param {(words: string) => void} show
     */
    constructor(inside, toolbar, list, show) {
        this.#inside = inside;
        this.#toolbar = toolbar;
        this.#list = list;
        this.#show = show;
        this.#outbox = new ChoiceOutbox(`vote/${toolbar.dataset.me}/${inside.dataset.room}`, {
            names: /^-?\d+$/,
            isValue: /** @returns {value is number[]} */ value => Array.isArray(value) && value.every(Number.isInteger),
            send: (key, options) => list.invokeMethodAsync("VoteAsync", Number(key), options),
            settled: (key, answer, options) => this.#onSettled(key, answer, options),
            ended: key => this.#forget(key),
        });
        for (const { name, value } of this.#outbox.waiting) this.#chosen.set(name, value);
        const { signal } = this.#listeners;
        inside.addEventListener("click", event => this.#onClick(event), { signal });
        inside.addEventListener("focusin", event => { this.#focused = closest(event, ".poll-option"); }, { signal });
        inside.addEventListener("focusout", event => this.#onFocusOut(event), { signal });
    }

    stop() {
        this.#listeners.abort();
        this.#outbox.stop();
        clearTimeout(this.#asking);
    }

    /** Marks the reader's votes in rows that are new or have changed. */
    update() {
        for (const poll of this.#inside.querySelectorAll(".poll:not([data-known])")) {
            poll.dataset.known = "";
            const key = keyOf(poll);
            const named = optionsOf(poll).filter(option => option.dataset.people?.split(" ").includes(this.#toolbar.dataset.me ?? "")).map(numberOf);
            const isComplete = poll.dataset.voters === "0" || !("anonymous" in poll.dataset || poll.querySelector("[data-others]") !== null);
            if (isComplete) this.#own.set(key, named);
            else this.#asked.add(key);
            paint(poll, this.#own.get(key) ?? named);
        }
        for (const key of this.#chosen.keys()) this.#overlay(key);
        this.#ask();
        this.#refocus();
    }

    /**
     * @param {string} key
     * @param {Answer} answer
     * @param {number[]} options
     */
    #onSettled(key, answer, options) {
        if (answer.status === "Accepted") {
            // Another page of this browser may have voted later.
            this.#chosen.set(key, options);
            this.#stored.set(key, answer.revision);
            this.#overlay(key);
        } else {
            this.#show(answer.reason ?? text("VoteFailed"));
            this.#end(key);
        }
    }

    /**
     * Shows a vote that the row does not have.
     * @param {string} key
     */
    #overlay(key) {
        const poll = this.#pollOf(key);
        const chosen = this.#chosen.get(key) ?? [];
        const stored = this.#stored.get(key);
        const isInRow = stored !== undefined && (poll === null || Number(poll.closest("article")?.dataset.revision) >= stored);
        if (isInRow) {
            this.#own.set(key, chosen);
            this.#end(key);
        } else if (poll !== null) {
            paint(poll, this.#own.get(key) ?? [], chosen);
        }
    }

    /** @param {string} key The row has the vote, or the vote was refused. */
    #end(key) {
        this.#chosen.delete(key);
        this.#stored.delete(key);
        const poll = this.#pollOf(key);
        if (poll !== null) paint(poll, this.#own.get(key) ?? []);
    }

    /** @param {string} key Another page has sent the vote, and knows what it was. */
    #forget(key) {
        this.#own.delete(key);
        this.#end(key);
        this.#asked.add(key);
        this.#ask();
    }

    async #ask() {
        if (this.#asked.size === 0 || this.#asking !== 0) return;
        this.#asking = setTimeout(() => {
            this.#asking = 0;
            this.#ask();
        }, askInterval);
        const keys = [...this.#asked];
        this.#asked.clear();
        try {
            /** @type {string[]} The key of a message and the number of an option, with a space between them. */
            const votes = await answered(() => this.#list.invokeMethodAsync("FindVotesAsync", keys.map(Number)));
            for (const key of keys) {
                this.#own.set(key, votes.map(vote => vote.split(" ")).filter(([of]) => of === key).map(([, number]) => Number(number)));
                const poll = this.#pollOf(key);
                if (poll !== null) paint(poll, this.#own.get(key) ?? [], this.#chosen.get(key));
            }
        } catch {
            // The connection is lost.
            for (const key of keys) this.#asked.add(key);
            return;
        }

        for (const [key, number] of this.#clicked) {
            const poll = this.#pollOf(key);
            if (!this.#own.has(key)) continue;
            this.#clicked.delete(key);
            if (poll !== null) this.#choose(poll, number);
        }
    }

    /** @param {MouseEvent} event */
    #onClick(event) {
        const option = closest(event, ".poll-option");
        const poll = option?.closest(".poll");
        if (option == null || !(poll instanceof HTMLElement) || "ended" in poll.dataset) return;
        if (this.#toolbar.dataset.mayWrite === undefined) {
            this.#show(text("VoteAsMember"));
            return;
        }
        this.#choose(poll, numberOf(option));
    }

    /**
     * @param {HTMLElement} poll
     * @param {number} number Of an option.
     */
    #choose(poll, number) {
        const key = keyOf(poll);
        const before = this.#chosen.get(key) ?? this.#own.get(key) ?? ("multiple" in poll.dataset ? null : []);
        // Where several may be chosen, the others would be lost.
        if (before === null) {
            this.#clicked.set(key, number);
            this.#asked.add(key);
            this.#ask();
            return;
        }
        const others = "multiple" in poll.dataset ? before.filter(one => one !== number) : [];
        const chosen = before.includes(number) ? others : [...others, number].sort((a, b) => a - b);
        if (!this.#outbox.put(key, chosen)) {
            this.#show(text("ConnectionLost"));
            return;
        }
        this.#stored.delete(key);
        this.#chosen.set(key, chosen);
        this.#overlay(key);
    }

    /** @param {FocusEvent} event */
    #onFocusOut(event) {
        // A removed row loses the focus before it is disconnected, and its successor gets the focus.
        if (event.relatedTarget === null) queueMicrotask(() => {
            if (this.#focused?.isConnected) this.#focused = null;
        });
        else this.#focused = null;
    }

    #refocus() {
        const option = this.#focused;
        const poll = option?.closest(".poll");
        if (option === null || option.isConnected || !(poll instanceof HTMLElement) || document.activeElement !== document.body) return;
        const now = this.#pollOf(keyOf(poll));
        if (now !== null) optionsOf(now)[numberOf(option) - 1]?.focus();
    }

    /**
     * @param {string} key
     * @returns {HTMLElement | null}
     */
    #pollOf(key) {
        return this.#inside.querySelector(`:is(article[data-key="${key}"], article[data-sequence="${key}"]:not([data-key])) .poll`);
    }
}

/** @param {HTMLElement} poll Also one whose row was removed. */
function keyOf(poll) {
    const row = /** @type {HTMLElement} */ (poll.closest("article"));
    return row.dataset.key ?? row.dataset.sequence ?? "";
}

/** @param {HTMLElement} poll */
function optionsOf(poll) {
    return [...poll.querySelectorAll(".poll-option")];
}

/** @param {HTMLElement} option */
function numberOf(option) {
    return Number(option.dataset.option);
}

/**
 * Shows what the reader chose, in the counts too.
 * @param {HTMLElement} poll
 * @param {number[]} own What the counts of the row have.
 * @param {number[]} [chosen]
 */
function paint(poll, own, chosen = own) {
    const voters = Number(poll.dataset.voters) + Number(chosen.length > 0) - Number(own.length > 0);
    for (const option of optionsOf(poll)) {
        const number = numberOf(option);
        const shown = Number(option.dataset.count) + Number(chosen.includes(number)) - Number(own.includes(number));
        const share = voters === 0 ? 0 : Math.round((shown * 100) / voters);
        option.ariaChecked = `${chosen.includes(number)}`;
        if ("hidesCounts" in poll.dataset) continue;
        option.style.setProperty("--share", `${share}%`);
        option.querySelector(".poll-count").textContent = `${shown}`;
        option.querySelector(".poll-share").textContent = `${share}%`;
    }
    poll.querySelector(".poll-voters").textContent = voters === 0 ? text("NoVotes") : count("Voters", voters);
}
