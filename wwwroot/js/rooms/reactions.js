// The reactions in a list of messages. Rows are the same for all readers, so this marks those of the reader. A reaction shows at once and waits in
// the outbox; when it is refused, the row shows what it showed before.

import { answered } from "../circuit/connection.js";
import { showCustomEmoji } from "../shared/custom-emoji.js";
import { closest } from "../shared/dom.js";
import { text } from "../shared/texts.js";
import { ChoiceOutbox } from "./choice-outbox.js";

/** @typedef {import("./choice-outbox.js").Answer} Answer */

// CSS pixels from the start of a row to the end of a picker that a key opens.
const pickerIndent = 400;

export class Reactions {
    #inside;
    #toolbar;
    #list;
    #show;
    /** @type {ChoiceOutbox<boolean>} */
    #outbox;
    /** @type {Map<string, number>} Revisions of messages whose rows do not have a stored reaction yet, by the message and the emoji. */
    #stored = new Map();
    /** @type {Map<string, boolean>} The reader's choices that the rows do not have yet. */
    #chosen = new Map();
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
        this.#outbox = new ChoiceOutbox(`reaction/${toolbar.dataset.me}/${inside.dataset.room}`, {
            names: /^-?\d+ \S+$/,
            isValue: /** @returns {value is boolean} */ value => typeof value === "boolean",
            send: (name, isSet) => {
                const [key, emoji] = split(name);
                return list.invokeMethodAsync("ReactAsync", Number(key), emoji, isSet);
            },
            settled: (name, answer) => this.#onSettled(name, answer),
            ended: name => this.#end(name),
        });
        for (const { name, value } of this.#outbox.waiting) this.#chosen.set(name, value);
        const { signal } = this.#listeners;
        inside.addEventListener("click", event => this.#onClick(event), { signal });
        inside.addEventListener("keydown", event => this.#onKey(event), { signal });
    }

    stop() {
        this.#listeners.abort();
        this.#outbox.stop();
    }

    /** Marks the reader's reactions in rows that are new or have changed. */
    update() {
        /** @type {Map<string, HTMLElement>} */
        const asked = new Map();
        for (const chip of this.#inside.querySelectorAll(".reaction:not([data-known])")) {
            chip.dataset.known = "";
            if (chip.dataset.people?.split(" ").includes(this.#toolbar.dataset.me ?? "")) chip.dataset.own = "";
            else if ("others" in chip.dataset) asked.set(`${keyOf(chip)} ${chip.dataset.reaction}`, chip);
            paint(chip, "own" in chip.dataset);
        }
        if (asked.size > 0) this.#ask(asked);
        for (const name of this.#chosen.keys()) this.#overlay(name);
    }

    /**
     * Adds a reaction of the reader, or removes it.
     * @param {HTMLElement} row
     * @param {string} emoji
     */
    toggle(row, emoji) {
        if (this.#toolbar.dataset.mayWrite === undefined) {
            this.#show(text("ReactAsMember"));
            return;
        }
        const name = `${keyOf(row)} ${emoji}`;
        const isSet = !(this.#chosen.get(name) ?? "own" in (chipOf(row, emoji)?.dataset ?? {}));
        if (!this.#outbox.put(name, isSet)) {
            this.#show(text("ConnectionLost"));
            return;
        }
        this.#stored.delete(name);
        this.#chosen.set(name, isSet);
        this.#overlay(name);
    }

    /**
     * Opens the picker for a row.
     * @param {HTMLElement} row
     * @param {DOMRect} anchor
     * @param {() => void} [closed] Is called when it is closed by the keyboard.
     */
    async pick(row, anchor, closed) {
        if (this.#toolbar.dataset.mayWrite === undefined || "deleted" in row.dataset) return;
        const host = /** @type {HTMLElement} */ (this.#toolbar.parentElement).querySelector("[data-emoji-host]");
        // Most pages never open it.
        const picker = await import("./emoji-picker.js").catch(() => null);
        if (picker === null) this.#show(text("EmojiFailed"));
        picker?.openPicker(host, anchor, {
            choose: emoji => this.toggle(this.#rowOf(keyOf(row)) ?? row, emoji),
            closed: closed ?? (() => { }),
        });
    }

    /**
     * @param {string} name
     * @param {Answer} answer
     */
    #onSettled(name, answer) {
        if (answer.status === "Accepted") {
            this.#stored.set(name, answer.revision);
        } else {
            this.#show(answer.reason ?? text("ReactionFailed"));
            this.#end(name);
        }
        this.update();
    }

    /**
     * Shows a choice that the row does not have.
     * @param {string} name
     */
    #overlay(name) {
        const [key, emoji] = split(name);
        const row = this.#rowOf(key);
        const stored = this.#stored.get(name);
        if (stored !== undefined && (row === null || Number(row.dataset.revision) >= stored)) {
            this.#end(name);
            return;
        }
        if (row === null || "deleted" in row.dataset) return;
        const isSet = this.#chosen.get(name) === true;
        const chip = chipOf(row, emoji) ?? (isSet ? addChip(row, emoji) : null);
        if (chip !== null) paint(chip, isSet);
    }

    /**
     * The row has the choice, or the choice was refused.
     * @param {string} name
     */
    #end(name) {
        this.#chosen.delete(name);
        this.#stored.delete(name);
        const [key, emoji] = split(name);
        const row = this.#rowOf(key);
        const chip = row === null ? null : chipOf(row, emoji);
        if (chip !== null) paint(chip, "own" in chip.dataset);
    }

    /** @param {Map<string, HTMLElement>} asked Rows do not name all who reacted. */
    async #ask(asked) {
        try {
            /** @type {string[]} */
            const own = await answered(
                () => this.#list.invokeMethodAsync("FindReactionsAsync", [...new Set([...asked.keys()].map(name => Number(name.split(" ")[0])))]));
            for (const name of own) {
                const chip = asked.get(name);
                if (chip === undefined) continue;
                chip.dataset.own = "";
                paint(chip, this.#chosen.get(name) ?? true);
            }
        } catch {
            // The connection is lost. They are asked for again when it is restored.
            for (const chip of asked.values()) delete chip.dataset.known;
        }
    }

    /** @param {MouseEvent} event */
    #onClick(event) {
        const chip = closest(event, ".reaction");
        const row = chip?.closest("article");
        if (chip != null && row != null) this.toggle(row, chip.dataset.reaction ?? "");
    }

    /** @param {KeyboardEvent} event The right arrow key goes from a row to its poll and its reactions, and Escape back. */
    #onKey(event) {
        const row = closest(event, "article[data-sequence]");
        if (row === null || event.ctrlKey || event.metaKey || event.altKey) return;
        const chips = [...row.querySelectorAll(".poll-option, .reaction:not([hidden])")];
        const index = chips.findIndex(chip => chip === event.target);
        if (event.target !== row && index < 0) return;
        if (event.key === "+" && index < 0) {
            const { left, top, height } = row.getBoundingClientRect();
            this.pick(row, new DOMRect(left + pickerIndent, top, 0, height), () => focus(this.#rowOf(keyOf(row))));
        } else if (event.key === "ArrowRight" && index < chips.length - 1) {
            chips[index + 1].focus();
        } else if (event.key === "ArrowLeft" && index > 0) {
            chips[index - 1].focus();
        } else if ((event.key === "Escape" || event.key === "ArrowLeft") && index >= 0) {
            focus(row);
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    }

    /**
     * @param {string} key
     * @returns {HTMLElement | null}
     */
    #rowOf(key) {
        return this.#inside.querySelector(`article[data-key="${key}"], article[data-sequence="${key}"]:not([data-key])`);
    }
}

/**
 * The key of a message and an emoji.
 * @param {string} name With a space between them.
 */
function split(name) {
    const at = name.indexOf(" ");
    return [name.slice(0, at), name.slice(at + 1)];
}

/** @param {HTMLElement | null} row */
function focus(row) {
    if (row === null) return;
    row.tabIndex = -1;
    row.focus();
}

/** @param {HTMLElement} element A row, or in one. */
function keyOf(element) {
    const row = /** @type {HTMLElement} */ (element.closest("article"));
    return row.dataset.key ?? row.dataset.sequence ?? "";
}

/**
 * @param {HTMLElement} row
 * @param {string} emoji
 */
function chipOf(row, emoji) {
    return [...row.querySelectorAll(".reaction")].find(chip => chip.dataset.reaction === emoji) ?? null;
}

/**
 * Shows whether a reaction is the reader's, in its count too.
 * @param {HTMLElement} chip
 * @param {boolean} isSet
 */
function paint(chip, isSet) {
    const shown = Number(chip.dataset.count) + Number(isSet) - Number("own" in chip.dataset);
    chip.ariaPressed = `${isSet}`;
    chip.querySelector("span").textContent = `${shown}`;
    chip.hidden = shown === 0;
}

/**
 * @param {HTMLElement} row
 * @param {string} emoji
 */
function addChip(row, emoji) {
    let chips = /** @type {HTMLElement | null} */ (row.querySelector(".message-reactions"));
    if (chips === null) {
        chips = document.createElement("div");
        chips.className = "message-reactions";
        row.querySelector(".message-text").after(chips);
    }
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "reaction";
    chip.tabIndex = -1;
    Object.assign(chip.dataset, { reaction: emoji, count: "0", known: "" });
    chip.append(`${emoji} `, document.createElement("span"));
    showCustomEmoji([chip]);
    chips.append(chip);
    return chip;
}
