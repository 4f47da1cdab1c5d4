// The formatting of the text in a composer and its preview, by keys and by a bar that can be shown. Whether it is shown is in the browser's
// storage. What formats is loaded when it is first used.

import { closest, replaceText } from "../shared/dom.js";
import { load, store } from "../shared/storage.js";
import { text } from "../shared/texts.js";

const key = "formatting-bar";
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys, with Ctrl or Command. */
export const formattingKeys = [
    { kind: "bold", letter: "b", shift: false },
    { kind: "italic", letter: "i", shift: false },
    { kind: "strike", letter: "x", shift: true },
    { kind: "code", letter: "e", shift: false },
    { kind: "block", letter: "c", shift: true },
    { kind: "quote", letter: "9", shift: true },
    { kind: "link", letter: "l", shift: true },
    { kind: "preview", letter: "enter", shift: true },
];

/**
 * How a key is shown.
 * @param {{ letter: string, shift: boolean }} key
 */
export function nameOfKey({ letter, shift }) {
    return `${isMac ? "⌘" : "Ctrl"}+${shift ? "Shift+" : ""}${letter[0].toUpperCase()}${letter.slice(1)}`;
}

/**
 * The letter or digit of a key, also on a keyboard that writes another script.
 * @param {KeyboardEvent} event
 */
function letterOf(event) {
    if (event.key === "Enter") return "enter";
    return /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase() ?? "";
}

/** @param {KeyboardEvent} event Without the keys of emacs that a Mac has with Ctrl. */
function isCommand(event) {
    return !event.altKey && (isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey);
}

// On the document, so that a bar that is rendered again is as it was.
function showBars() {
    const isShown = load(key, localStorage) === true;
    document.documentElement.toggleAttribute("data-formatting", isShown);
    for (const toggle of document.querySelectorAll("[data-format-toggle]")) toggle.ariaExpanded = `${isShown}`;
}

showBars();

/**
 * @typedef {object} Listener
 * @property {() => void} preview Shows what is written as it will look, or the text again.
 * @property {() => void} write Shows the text again.
 * @property {(words: string) => void} fail Shows why something can't be done.
 */

export class Formatting {
    #box;
    #pane;
    #listener;
    /** @type {typeof import("./formatting.js") | null} */
    #script = null;
    #isComposing = false;
    /** @type {(() => void) | null} */
    #waiting = null;

    /**
     * @param {HTMLElement} root
     * @param {HTMLTextAreaElement} box
     * @param {Listener} listener
     * @param {AbortSignal} signal
     */
    constructor(root, box, listener, signal) {
        this.#box = box;
        this.#pane = /** @type {HTMLElement} */ (root.parentElement);
        this.#listener = listener;
        showBars();
        for (const button of root.querySelectorAll("[data-format]")) {
            const used = formattingKeys.find(one => one.kind === button.dataset.format);
            if (used !== undefined) button.title = text("ByKeys", button.ariaLabel ?? "", nameOfKey(used));
        }
        root.addEventListener("click", event => this.#onClick(event), { signal });
        // The box keeps the focus, and a phone its keyboard.
        root.addEventListener("mousedown", event => {
            if (closest(event, "[data-tool]") !== null) event.preventDefault();
        }, { signal });
        box.addEventListener("compositionstart", () => { this.#isComposing = true; }, { signal });
        box.addEventListener("compositionend", () => this.#onCompositionEnd(), { signal });
    }

    /**
     * Handles a key that no input method uses.
     * @param {KeyboardEvent} event
     * @returns Whether it is one of the formatting keys.
     */
    onKeyDown(event) {
        if (!isCommand(event)) return false;
        // Before the letter of the first key.
        this.#load();
        const letter = letterOf(event);
        const used = formattingKeys.find(one => one.letter === letter && one.shift === event.shiftKey);
        if (used !== undefined) this.#format(used.kind);
        return used !== undefined;
    }

    /** @param {MouseEvent} event */
    #onClick(event) {
        const tool = closest(event, "[data-tool]");
        if (tool === null) return;
        if ("formatToggle" in tool.dataset) this.#toggle();
        else if ("emojiOpen" in tool.dataset) this.#whenComposed(() => this.#pickEmoji(tool));
        else if (tool.dataset.format !== undefined) this.#whenComposed(() => this.#format(tool.dataset.format ?? ""));
    }

    #toggle() {
        store(key, !document.documentElement.hasAttribute("data-formatting"), localStorage);
        showBars();
    }

    /** @param {() => void} action It waits until an input method has written its text. */
    #whenComposed(action) {
        if (!this.#isComposing) {
            action();
            return;
        }
        this.#waiting = action;
        // Leaving the box ends the composition, and keeps its text.
        this.#box.blur();
    }

    #onCompositionEnd() {
        this.#isComposing = false;
        const waiting = this.#waiting;
        this.#waiting = null;
        // The browser changes the text after this event.
        if (waiting !== null) setTimeout(waiting);
    }

    /** @param {string} kind */
    #format(kind) {
        if (kind === "preview") {
            this.#listener.preview();
            return;
        }
        this.#listener.write();
        // What is typed next must not come first.
        if (this.#script !== null) this.#apply(this.#script, kind);
        else this.#load().then(script => script === null ? this.#listener.fail(text("ConnectionLost")) : this.#apply(script, kind));
    }

    async #load() {
        return this.#script ??= await import("./formatting.js").catch(() => null);
    }

    /**
     * @param {typeof import("./formatting.js")} script
     * @param {string} kind
     */
    #apply(script, kind) {
        const box = this.#box;
        const change = script.format(kind, box.value, box.selectionStart, box.selectionEnd);
        if (change === null) box.focus();
        else replaceText(box, change.start, change.end, change.text, change.from, change.to);
    }

    /** @param {HTMLElement} button */
    async #pickEmoji(button) {
        this.#listener.write();
        const host = /** @type {HTMLElement | null} */ (this.#pane.querySelector("[data-emoji-host]"));
        const picker = await import("../rooms/emoji-picker.js").catch(() => null);
        if (picker === null || host === null) {
            this.#listener.fail(text("EmojiFailed"));
            return;
        }
        const box = this.#box;
        const [start, end] = [box.selectionStart, box.selectionEnd];
        picker.openPicker(host, button.getBoundingClientRect(), {
            choose: emoji => replaceText(box, start, end, emoji),
            closed: () => box.focus(),
        });
    }
}
