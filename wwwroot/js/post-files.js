// Files that are put into a post: each goes up by itself, with its progress, and is named in the text when it is there.

import { newId } from "./ids.js";

// Sends one file; promise gives what the server keeps of it, or fails with the reason. The same id again is the same attachment.
export function upload(file, { place, placeId, id }, onProgress) {
    const request = new XMLHttpRequest();
    const promise = new Promise((resolve, reject) => {
        const fail = reason => reject(new Error(reason));
        request.open("PUT", `attachments/${id}?${new URLSearchParams({ place, placeId, name: file.name })}`);
        request.responseType = "json";
        request.upload.addEventListener("progress", event => onProgress(event.lengthComputable ? event.loaded / event.total : 0));
        request.addEventListener("load", () => {
            if (request.status === 200 && request.response !== null) resolve(request.response);
            else fail(request.response?.message ?? "The server could not take this file.");
        });
        request.addEventListener("error", () => fail("The connection is gone. Try again when it is back."));
        request.addEventListener("abort", () => fail("Cancelled."));
        request.send(file);
    });
    return { promise, cancel: () => request.abort() };
}

export class PostFiles {
    #root;
    #text;
    #list;
    #placeId;
    #uploads = new Map();

    // The form, and the liveblog that it writes in. Files are picked, dropped on the form, or pasted into its text.
    constructor(root, placeId, signal) {
        this.#root = root;
        this.#text = root.querySelector("[data-text]");
        this.#list = root.querySelector("[data-files]");
        this.#placeId = placeId;
        const picker = root.querySelector("[data-file-picker]");
        const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
        on(root.querySelector("[data-attach]"), "click", () => picker.click());
        on(picker, "change", () => {
            this.#add(picker.files);
            picker.value = "";
        });
        on(this.#text, "paste", event => this.#take(event, event.clipboardData));
        on(root, "dragover", event => {
            if (event.dataTransfer.types.includes("Files")) event.preventDefault();
        });
        on(root, "drop", event => this.#take(event, event.dataTransfer));
        signal.addEventListener("abort", () => this.clear());
    }

    // Something is on its way, or waits for somebody to try it again.
    get isBusy() {
        return this.#uploads.size > 0;
    }

    clear() {
        for (const cancel of [...this.#uploads.values()]) cancel();
    }

    #take(event, data) {
        if (data === null || data.files.length === 0) return;
        event.preventDefault();
        this.#add(data.files);
    }

    #add(files) {
        for (const file of files) this.#start(file);
    }

    #start(file) {
        const id = newId();
        const line = document.createElement("li");
        const name = document.createElement("bdi");
        name.textContent = file.name;
        const bar = document.createElement("progress");
        bar.max = 1;
        bar.setAttribute("aria-label", `Uploading ${file.name}`);
        const reason = document.createElement("span");
        reason.setAttribute("role", "alert");
        let current;
        const send = async () => {
            [bar.hidden, bar.value, retry.hidden, reason.textContent] = [false, 0, true, ""];
            current = upload(file, { place: "liveblog", placeId: this.#placeId, id }, part => bar.value = part);
            try {
                const receipt = await current.promise;
                if (!this.#uploads.delete(id)) return;
                line.remove();
                this.#name(receipt);
            } catch (error) {
                [bar.hidden, retry.hidden, reason.textContent] = [true, false, error.message];
            }
        };
        const cancel = () => {
            this.#uploads.delete(id);
            current.cancel();
            line.remove();
        };
        const retry = button("Try again", `Upload ${file.name} again`, send);
        line.append(name, bar, reason, retry, button("Cancel", `Cancel ${file.name}`, cancel));
        this.#list.append(line);
        this.#uploads.set(id, cancel);
        send();
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
