// What is pasted into a composer: the Markdown of HTML, where that says more than its plain text.

import { replaceText } from "../shared/dom.js";

/** @typedef {typeof import("./html-markdown.js")} Script */

// What may become Markdown. Other HTML is not parsed.
const marks = /<(?:b|strong|i|em|cite|s|strike|del|code|tt|kbd|samp|pre|h[1-6]|[uo]l|blockquote|table|a|hr)[\s>]|font-weight|font-style|line-through|mso-list/i;

export class Pasting {
    #box;
    #maxLength;
    /** @type {Script | null} */
    #script = null;
    #isPlain = false;

    /**
     * @param {HTMLTextAreaElement} box
     * @param {number} maxLength UTF-16 code units of a message.
     * @param {AbortSignal} signal
     */
    constructor(box, maxLength, signal) {
        this.#box = box;
        this.#maxLength = maxLength;
        box.addEventListener("keydown", event => this.#onKey(event), { signal });
    }

    /**
     * @param {ClipboardEvent} event
     * @returns Whether it is pasted here, and not by the browser.
     */
    paste(event) {
        const isPlain = this.#isPlain;
        this.#isPlain = false;
        const { clipboardData: data } = event;
        const html = data?.getData("text/html") ?? "";
        const plain = (data?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n");
        if (data === null || isPlain || plain === "" || plain.length > this.#maxLength || !marks.test(html) || data.types.includes("vscode-editor-data") || isInCode(this.#box)) return false;
        if (this.#script !== null) return this.#put(this.#script, html, plain);
        this.#load().then(script => {
            if (script === null || !this.#put(script, html, plain)) replaceText(this.#box, this.#box.selectionStart, this.#box.selectionEnd, plain);
        });
        return true;
    }

    async #load() {
        return this.#script ??= await import("./html-markdown.js").catch(() => null);
    }

    /** @param {KeyboardEvent} event Ctrl+Shift+V pastes plain text, also in browsers that hand over the HTML. */
    #onKey(event) {
        if (event.key === "Control" || event.key === "Meta") this.#load();
        this.#isPlain = event.code === "KeyV" && event.shiftKey && (event.ctrlKey || event.metaKey);
    }

    /**
     * @param {Script} script
     * @param {string} html
     * @param {string} plain
     */
    #put(script, html, plain) {
        const { selectionStart: start, selectionEnd: end, value } = this.#box;
        let text = "";
        try {
            const markdown = script.toMarkdown(html, plain);
            if (markdown === null) return false;
            text = markdown.includes("\n") ? alone(markdown, value.slice(0, start), value.slice(end)) : markdown;
            if (value.length - (end - start) + text.length > this.#maxLength || !script.isShown(markdown)) return false;
        } catch {
            // HTML that can't be read, such as too deep. Its plain text must not be lost.
            return false;
        }
        replaceText(this.#box, start, end, text);
        return true;
    }
}

/**
 * Several lines begin and end with a line.
 * @param {string} text
 * @param {string} before
 * @param {string} after
 */
function alone(text, before, after) {
    const start = before.trim() === "" || /\n[ \t]*\n$/.test(before) ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const end = after.trim() === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    return `${start}${text}${end}`;
}

/** @param {HTMLTextAreaElement} box Whether the caret is in a block of code, where marks would be text. */
function isInCode(box) {
    return (box.value.slice(0, box.selectionStart).match(/^ {0,3}\x60{3,}/gm) ?? []).length % 2 === 1;
}
