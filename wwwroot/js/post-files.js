// Files that are put into a post: each goes up by itself, with its progress, and is named in the text when it is there.

import { beginPageUpload, dropped, folderReason, pasted, refusedUpload } from "./uploads.js";

export class PostFiles {
    #text;
    #list;
    #target;
    #maxSize;
    #maxSizeText;
    #uploads = new Map();

    // The form, and the liveblog that it writes in. Files are picked, dropped on the form, or pasted into its text.
    constructor(root, placeId, signal) {
        this.#text = root.querySelector("[data-text]");
        this.#list = root.querySelector("[data-files]");
        this.#target = { place: "liveblog", placeId };
        [this.#maxSize, this.#maxSizeText] = [Number(root.dataset.maxSize), root.dataset.maxSizeText];
        const picker = root.querySelector("[data-file-picker]");
        const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
        on(root.querySelector("[data-attach]"), "click", () => picker.click());
        on(picker, "change", () => {
            this.#add(picker.files);
            picker.value = "";
        });
        on(this.#text, "paste", event => this.#take(event, { files: pasted(event.clipboardData), folders: [] }));
        on(root, "dragover", event => {
            if (event.dataTransfer.types.includes("Files")) event.preventDefault();
        });
        on(root, "drop", event => this.#take(event, dropped(event.dataTransfer)));
        on(window, "upload-changed", event => this.#uploads.get(event.detail.id)?.(event.detail));
        // What has not got there would be gone with the page.
        on(window, "beforeunload", event => {
            if (this.isBusy) event.preventDefault();
        });
        signal.addEventListener("abort", () => this.clear());
    }

    // Something is on its way, or waits for somebody to try it again.
    get isBusy() {
        return this.#uploads.size > 0;
    }

    // Waiting would not bring one of them there.
    get isRefused() {
        return this.#list.querySelector("[data-state=refused]") !== null;
    }

    clear() {
        for (const line of this.#list.querySelectorAll("li")) line.querySelector("[data-cancel]").click();
    }

    #take(event, { files, folders }) {
        if (files.length + folders.length === 0) return;
        event.preventDefault();
        for (const folder of folders) this.#start(refusedUpload(folder, folderReason(folder)));
        this.#add(files);
    }

    #add(files) {
        for (const file of files) {
            const isTooLarge = file.size > this.#maxSize;
            this.#start(isTooLarge ? refusedUpload(file.name, `“${file.name}” is larger than ${this.#maxSizeText}.`) : beginPageUpload(this.#target, file));
        }
    }

    #start(upload) {
        const line = document.createElement("li");
        const name = document.createElement("bdi");
        name.textContent = upload.name;
        const bar = document.createElement("progress");
        bar.max = 1;
        bar.setAttribute("aria-label", `Uploading ${upload.name}`);
        const reason = document.createElement("span");
        reason.setAttribute("role", "alert");
        const retry = button("Try again", `Upload ${upload.name} again`, () => upload.finish());
        const cancel = button("Cancel", `Cancel ${upload.name}`, () => {
            end();
            upload.cancel();
        });
        cancel.dataset.cancel = "";
        const end = () => {
            this.#uploads.delete(upload.id);
            line.remove();
        };
        const show = ({ state, progress }) => {
            line.dataset.state = state;
            bar.hidden = state === "failed" || state === "refused";
            retry.hidden = state !== "failed";
            bar.value = progress;
            reason.textContent = bar.hidden ? reasonOf(upload) : "";
            if (state !== "ready") return;
            end();
            this.#name(upload.receipt);
        };
        line.append(name, bar, reason, retry, cancel);
        this.#list.append(line);
        this.#uploads.set(upload.id, show);
        show(upload);
    }

    // In a paragraph of its own where one writes.
    #name({ id, name, content_type: type }) {
        const isShown = /^(image|video|audio)\//.test(type);
        const words = isShown ? name.replace(/\.[^.]*$/, "") : name;
        const { value, selectionStart: start, selectionEnd: end } = this.#text;
        const before = value.slice(0, start).trimEnd() === "" ? "" : "\n\n".slice(/\n*$/.exec(value.slice(0, start))[0].length);
        const after = "\n\n".slice(/^\n*/.exec(value.slice(end))[0].length);
        this.#text.setRangeText(`${before}${isShown ? "!" : ""}[${escape(words)}](attachment:${id})${after}`, start, end, "end");
        this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    }
}

function reasonOf({ state, reason }) {
    if (reason !== "") return reason;
    return state === "failed" ? "The connection is gone. Try again when it is back." : "The server could not take this file.";
}

function button(text, label, act) {
    const made = document.createElement("button");
    [made.type, made.className, made.textContent] = ["button", "button", text];
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
}

// What means something in Markdown is a mark here.
function escape(text) {
    return text.replace(/[\\`*_[\]<>!~|&]/g, "\\$&");
}
