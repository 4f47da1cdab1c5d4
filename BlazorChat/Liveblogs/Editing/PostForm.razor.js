// The form of a post: its fields, its preview, and the result of its commands.

import { textOf } from "../../js/shared/dom.js";
import { count, text } from "../../js/shared/texts.js";

const previewPause = 300;

// In CSS pixels: twelve lines. A longer text scrolls.
const maxHeight = 320;

/** @typedef {{ title: string, markdown: string, isKeyEvent: boolean }} PostText */

export class PostForm {
    #root;
    #render;
    #maxLength;
    #previewing = 0;

    /**
     * @param {HTMLElement} root
     * @param {(markdown: string) => Promise<string>} render Returns the HTML of a text; "" for none.
     * @param {number} maxLength
     */
    constructor(root, render, maxLength) {
        this.#root = root;
        this.#render = render;
        this.#maxLength = maxLength;
        this.title = /** @type {HTMLInputElement} */ (this.find("title"));
        this.text = /** @type {HTMLTextAreaElement} */ (this.find("text"));
        this.keyEvent = /** @type {HTMLInputElement} */ (this.find("key-event"));
        this.when = /** @type {HTMLInputElement} */ (this.find("when"));
    }

    /** @param {string} name */
    find(name) {
        return this.#root.querySelector(`[data-${name}]`);
    }

    get isEmpty() {
        return this.title.value.trim() === "" && this.text.value.trim() === "";
    }

    get reason() {
        return this.find("error").textContent ?? "";
    }

    /** @returns {PostText} */
    read() {
        return { title: this.title.value, markdown: textOf(this.text), isKeyEvent: this.keyEvent.checked };
    }

    /** @param {PostText} post */
    fill({ title, markdown, isKeyEvent }) {
        this.title.value = title;
        this.text.value = markdown;
        this.keyEvent.checked = isKeyEvent;
        this.showResult("");
        this.find("theirs").hidden = true;
        this.#grow();
        this.showPreview();
    }

    /** @param {boolean} isEdit */
    show(isEdit) {
        this.find("form-name").textContent = text(isEdit ? "EditPost" : "NewPostForm");
        this.find("publish").textContent = text(isEdit ? "Save" : "Publish");
        this.find("save").hidden = isEdit;
        this.find("schedule-area").hidden = isEdit;
        this.find("cancel").hidden = !isEdit;
    }

    /**
     * @param {string} reason Why a command failed; "" when none has.
     * @param {string} success
     */
    showResult(reason, success = "") {
        this.find("error").textContent = reason;
        this.find("done").textContent = success;
    }

    /** @param {string} markdown The current text of the post, which somebody else has changed. */
    async showTheirs(markdown) {
        const theirs = /** @type {HTMLDetailsElement} */ (this.find("theirs"));
        this.find("theirs-text").innerHTML = await this.#render(markdown);
        theirs.hidden = false;
        theirs.open = true;
    }

    /** @param {string[]} names Of the others who edit the post. */
    showOthers(names) {
        const line = this.find("others");
        line.hidden = names.length === 0;
        line.textContent = line.hidden ? "" : count("PostEditing", names.length, names.join(", "));
    }

    isTooLong() {
        const { length } = this.text.value;
        if (length <= this.#maxLength) return false;
        this.showResult(text("PostTooLong", this.#maxLength, length));
        return true;
    }

    onInput() {
        this.showResult("");
        this.#grow();
        clearTimeout(this.#previewing);
        this.#previewing = setTimeout(() => this.showPreview(), previewPause);
    }

    detach() {
        clearTimeout(this.#previewing);
    }

    #grow() {
        this.text.style.height = "auto";
        this.text.style.height = `${Math.min(this.text.scrollHeight + 2, maxHeight)}px`;
    }

    async showPreview() {
        const { markdown } = this.read();
        const html = markdown.trim() === "" || markdown.length > this.#maxLength ? "" : await this.#render(markdown);
        if (markdown !== this.read().markdown) return;
        this.find("preview").innerHTML = html;
        this.find("preview-area").hidden = html === "";
    }
}
