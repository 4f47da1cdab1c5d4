// Files of a post. Each is uploaded with its progress shown, and is then named in the text.

import { text } from "../shared/texts.js";
import { beginPageUpload, dropped, pasted, refusedUpload } from "../files/uploads.js";

/** @typedef {import("../files/uploads.js").Upload} Upload */

export class PostFiles {
    #box;
    #list;
    #target;
    #maxSize;
    #maxSizeText;
    /** @type {Map<string, () => void>} */
    #shown = new Map();

    /**
     * Files are picked, dropped on the form, or pasted into its text.
     * @param {HTMLElement} form
     * @param {number} liveblogId
     * @param {AbortSignal} signal Detaches it.
     */
    constructor(form, liveblogId, signal) {
        this.#box = /** @type {HTMLTextAreaElement} */ (form.querySelector("[data-text]"));
        this.#list = form.querySelector("[data-files]");
        this.#target = { owner: "liveblog", ownerId: liveblogId };
        this.#maxSize = Number(form.dataset.maxSize);
        this.#maxSizeText = form.dataset.maxSizeText ?? "";
        const picker = /** @type {HTMLInputElement} */ (form.querySelector("[data-file-picker]"));
        form.querySelector("[data-attach]").addEventListener("click", () => picker.click(), { signal });
        picker.addEventListener("change", () => {
            this.#add(picker.files ?? []);
            picker.value = "";
        }, { signal });
        this.#box.addEventListener("paste", event => this.#accept(event, { files: pasted(event.clipboardData), folders: [] }), { signal });
        form.addEventListener("dragover", event => {
            if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
        }, { signal });
        form.addEventListener("drop", event => {
            if (event.dataTransfer !== null) this.#accept(event, dropped(event.dataTransfer));
        }, { signal });
        addEventListener("upload-changed", event => this.#shown.get(/** @type {CustomEvent<Upload>} */ (event).detail.id)?.(), { signal });
        addEventListener("beforeunload", event => {
            if (this.isBusy) event.preventDefault();
        }, { signal });
        signal.addEventListener("abort", () => this.clear());
    }

    /** Whether a file is being uploaded, or its upload has failed. */
    get isBusy() {
        return this.#shown.size > 0;
    }

    /** Whether a file can't be uploaded. */
    get isRefused() {
        return this.#list.querySelectorAll("[data-state=refused]").length > 0;
    }

    clear() {
        for (const button of this.#list.querySelectorAll("[data-cancel]")) button.click();
    }

    /**
     * @param {Event} event
     * @param {{ files: File[], folders: string[] }} added
     */
    #accept(event, { files, folders }) {
        if (files.length + folders.length === 0) return;
        event.preventDefault();
        for (const folder of folders) this.#show(refusedUpload(this.#target, folder, text("FolderRefused", folder)));
        this.#add(files);
    }

    /** @param {Iterable<File>} files */
    #add(files) {
        for (const file of files) {
            this.#show(file.size > this.#maxSize
                ? refusedUpload(this.#target, file.name, text("FileTooLarge", file.name, this.#maxSizeText))
                : beginPageUpload(this.#target, file));
        }
    }

    /** @param {Upload} upload */
    #show(upload) {
        const line = document.createElement("li");
        const name = document.createElement("bdi");
        name.textContent = upload.name;
        const bar = document.createElement("progress");
        bar.max = 1;
        bar.ariaLabel = text("UploadingFile", upload.name);
        const reason = document.createElement("span");
        reason.role = "alert";
        const retry = createButton(text("TryAgain"), text("RetryFile", upload.name), () => upload.finish());
        const cancel = createButton(text("Cancel"), text("CancelFile", upload.name), () => {
            remove();
            upload.cancel();
        });
        cancel.dataset.cancel = "";
        const remove = () => {
            this.#shown.delete(upload.id);
            line.remove();
        };
        const update = () => {
            const { state, progress } = upload;
            line.dataset.state = state;
            bar.hidden = state === "failed" || state === "refused";
            retry.hidden = state !== "failed";
            bar.value = progress;
            reason.textContent = bar.hidden ? reasonOf(upload) : "";
            if (state !== "ready") return;
            remove();
            this.#insert(upload.receipt);
        };
        line.append(name, bar, reason, retry, cancel);
        this.#list.append(line);
        this.#shown.set(upload.id, update);
        update();
    }

    /**
     * Names a file in a paragraph of its own at the cursor.
     * @param {{ id: string, name: string, content_type: string }} file
     */
    #insert({ id, name, content_type: type }) {
        const isShown = /^(image|video|audio)\//.test(type);
        const words = isShown ? name.replace(/\.[^.]*$/, "") : name;
        const { value, selectionStart: start, selectionEnd: end } = this.#box;
        const [left, right] = [value.slice(0, start), value.slice(end)];
        const before = left.trimEnd() === "" ? "" : "\n\n".slice(left.length - left.replace(/\n+$/, "").length);
        const after = "\n\n".slice(right.length - right.replace(/^\n+/, "").length);
        this.#box.setRangeText(`${before}${isShown ? "!" : ""}[${escapeMarkdown(words)}](attachment:${id})${after}`, start, end, "end");
        this.#box.dispatchEvent(new Event("input", { bubbles: true }));
    }
}

/** @param {Upload} upload */
function reasonOf({ state, reason }) {
    return reason || (state === "failed" ? text("ConnectionLost") : text("FileNotAccepted"));
}

/**
 * @param {string} content
 * @param {string} label
 * @param {() => void} act
 */
function createButton(content, label, act) {
    const button = document.createElement("button");
    [button.type, button.className, button.textContent, button.ariaLabel] = ["button", "button", content, label];
    button.addEventListener("click", act);
    return button;
}

/** @param {string} words */
function escapeMarkdown(words) {
    return words.replace(/[\\`*_[\]<>!~|&]/g, "\\$&");
}
