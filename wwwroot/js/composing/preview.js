// Shows a written message as it will look, instead of the box with its text.

/** @typedef {{ html: string | null, reason: string | null }} Answer */

export class Preview {
    #box;
    #region;
    #toggle;
    #selection = [0, 0];
    #scrolled = 0;

    /**
     * @param {HTMLElement} root
     * @param {HTMLTextAreaElement} box
     * @param {AbortSignal} signal
     */
    constructor(root, box, signal) {
        this.#box = box;
        this.#region = root.querySelector("[data-preview]");
        this.#toggle = root.querySelector("[data-format=preview]");
        this.#region.addEventListener("keydown", event => this.#onKey(event), { signal });
    }

    get isOpen() {
        return !this.#region.hidden;
    }

    /** @param {string} html The server's, which is safe. */
    open(html) {
        const box = this.#box;
        this.#selection = [box.selectionStart, box.selectionEnd];
        this.#scrolled = box.scrollTop;
        /** @type {HTMLElement} */ (this.#region.firstElementChild).innerHTML = html;
        this.#show(true);
        this.#region.scrollTop = 0;
        this.#region.focus();
    }

    /** Returns to the text, with the caret where it was. */
    close() {
        if (!this.isOpen) return;
        this.#show(false);
        /** @type {HTMLElement} */ (this.#region.firstElementChild).replaceChildren();
        this.#box.focus();
        this.#box.setSelectionRange(this.#selection[0], this.#selection[1]);
        this.#box.scrollTop = this.#scrolled;
    }

    /** @param {boolean} isShown */
    #show(isShown) {
        this.#region.hidden = !isShown;
        this.#box.hidden = isShown;
        this.#toggle.ariaPressed = `${isShown}`;
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        if (event.key !== "Escape" && !(event.key === "Enter" && event.shiftKey && (event.ctrlKey || event.metaKey))) return;
        event.preventDefault();
        event.stopPropagation();
        this.close();
    }
}
