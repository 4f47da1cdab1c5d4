// The form in which a post is written: its text, its preview, and the results of commands.

import { textsOf } from "../../js/texts.js";

const previewPause = 300;

export class PostForm {
    #render;
    #maxLength;
    #previewing = 0;

    // render(markdown) returns the HTML of a Markdown text, "" for none.
    constructor(root, render, maxLength) {
        this.find = name => root.querySelector(`[data-${name}]`);
        this.message = textsOf(this.find("form"));
        [this.title, this.text, this.keyEvent, this.when] = ["title", "text", "key-event", "when"].map(this.find);
        this.#render = render;
        this.#maxLength = maxLength;
    }

    get isEmpty() {
        return this.title.value.trim() === "" && this.text.value.trim() === "";
    }

    get error() {
        return this.find("error").textContent;
    }

    read() {
        return { title: this.title.value, markdown: wellFormed(this.text.value), isKeyEvent: this.keyEvent.checked };
    }

    fill({ title, markdown, isKeyEvent }) {
        this.title.value = title;
        this.text.value = markdown;
        this.keyEvent.checked = isKeyEvent;
        this.showStatus("");
        this.find("theirs").hidden = true;
        this.#grow();
        this.showPreview();
    }

    show(isEdit) {
        this.find("form-name").textContent = this.message(isEdit ? "edit-post" : "new-post");
        this.find("publish").textContent = this.message(isEdit ? "save" : "publish");
        this.find("save").hidden = isEdit;
        this.find("schedule-place").hidden = isEdit;
        this.find("cancel").hidden = !isEdit;
    }

    showError(reason) {
        this.find("error").textContent = reason;
        this.find("done").textContent = "";
    }

    showStatus(text) {
        this.find("error").textContent = "";
        this.find("done").textContent = text;
    }

    // The saved text of the post, beside the text in the form.
    async showTheirs(markdown) {
        this.find("theirs-text").innerHTML = await this.#render(markdown);
        this.find("theirs").hidden = false;
        this.find("theirs").open = true;
    }

    showOthers(note) {
        this.find("others").hidden = note === "";
        this.find("others").textContent = note;
    }

    isTooLong() {
        const { length } = this.text.value;
        if (length <= this.#maxLength) return false;
        this.showError(this.message("too-long", this.#maxLength.toLocaleString(), length.toLocaleString()));
        return true;
    }

    onInput() {
        this.showStatus("");
        this.#grow();
        clearTimeout(this.#previewing);
        this.#previewing = setTimeout(() => this.showPreview(), previewPause);
    }

    detach() {
        clearTimeout(this.#previewing);
    }

    // Up to twelve lines; a longer text scrolls.
    #grow() {
        this.text.style.height = "auto";
        this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 320)}px`;
    }

    async showPreview() {
        const { markdown } = this.read();
        const html = markdown.trim() === "" || markdown.length > this.#maxLength ? "" : await this.#render(markdown);
        if (markdown !== this.read().markdown) return;
        this.find("preview").innerHTML = html;
        this.find("preview-place").hidden = html === "";
    }
}

// An unpaired surrogate cannot be sent.
function wellFormed(text) {
    return text.toWellFormed?.() ?? text;
}
