// The form in which a post is written: what is typed, how it will look, and what became of it.

const previewPause = 300;

export class PostForm {
    #render;
    #maxLength;
    #previewing = 0;

    // Asks for the HTML of a Markdown text, "" when there is none.
    constructor(root, render, maxLength) {
        this.find = name => root.querySelector(`[data-${name}]`);
        [this.title, this.text, this.keyEvent, this.when] = ["title", "text", "key-event", "when"].map(this.find);
        this.#render = render;
        this.#maxLength = maxLength;
    }

    get isEmpty() {
        return this.title.value.trim() === "" && this.text.value.trim() === "";
    }

    get reason() {
        return this.find("error").textContent;
    }

    read() {
        return { title: this.title.value, markdown: wellFormed(this.text.value), isKeyEvent: this.keyEvent.checked };
    }

    fill({ title, markdown, isKeyEvent }) {
        this.title.value = title;
        this.text.value = markdown;
        this.keyEvent.checked = isKeyEvent;
        this.say("");
        this.find("theirs").hidden = true;
        this.#grow();
        this.showPreview();
    }

    show(isEdit) {
        this.find("form-name").textContent = isEdit ? "Change the post" : "New post";
        this.find("publish").textContent = isEdit ? "Save" : "Publish";
        this.find("save").hidden = isEdit;
        this.find("schedule-place").hidden = isEdit;
        this.find("cancel").hidden = !isEdit;
    }

    say(reason, good = "") {
        this.find("error").textContent = reason;
        this.find("done").textContent = good;
    }

    // What the post says now, beside what one wrote of it.
    async showTheirs(markdown) {
        this.find("theirs-text").innerHTML = await this.#render(markdown);
        this.find("theirs").hidden = false;
        this.find("theirs").open = true;
    }

    showOthers(others) {
        const place = this.find("others");
        place.hidden = others === "";
        place.textContent = others === "" ? "" : `${others} changing this post, too.`;
    }

    isTooLong() {
        const { length } = this.text.value;
        if (length <= this.#maxLength) return false;
        this.say(`A post has at most ${this.#maxLength.toLocaleString()} characters; this one has ${length.toLocaleString()}.`);
        return true;
    }

    typed() {
        this.say("");
        this.#grow();
        clearTimeout(this.#previewing);
        this.#previewing = setTimeout(() => this.showPreview(), previewPause);
    }

    detach() {
        clearTimeout(this.#previewing);
    }

    // Twelve lines at most; then it scrolls.
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

// Half a surrogate pair cannot cross the wire.
function wellFormed(text) {
    return text.toWellFormed?.() ?? text;
}
