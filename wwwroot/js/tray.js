// The files beside a text that is being written: they are uploaded meanwhile, and can be taken out. Which they are is in the storage of the
// tab, like the text.

import { forget, load, store } from "./storage.js";
import { beginUpload, findUpload, folderReason } from "./uploads.js";

const key = place => `files/${place}`;

export class Tray {
    #place;
    #target;
    #list;
    #limits;
    #fail;
    #uploads = [];
    #listeners = new AbortController();

    // limits: {files, size (bytes), sizeText}; fail(reason) shows why something was not taken.
    constructor(place, target, list, limits, fail) {
        this.#place = place;
        this.#target = target;
        this.#list = list;
        this.#limits = limits;
        this.#fail = fail;
        const { signal } = this.#listeners;
        addEventListener("upload-changed", event => this.#onChanged(event.detail), { signal });
        addEventListener("online", () => this.#retryFailed(), { signal });
        addEventListener("connection-back", () => this.#retryFailed(), { signal });
        list.addEventListener("click", event => this.#onClick(event), { signal });
        const left = load(key(place));
        if (Array.isArray(left)) this.give(left);
    }

    get isEmpty() {
        return this.#uploads.length === 0;
    }

    stop() {
        this.#listeners.abort();
    }

    // One that cannot be uploaded, with its reason; null for none.
    get refused() {
        return this.#uploads.find(upload => upload.state === "refused") ?? null;
    }

    add(files, folders = []) {
        for (const folder of folders) this.#fail(folderReason(folder));
        for (const file of files) {
            const reason = this.#refuse(file);
            if (reason === null) this.#uploads.push(beginUpload(this.#target, file));
            else this.#fail(reason);
        }
        this.#keep();
    }

    // What is in it goes into an outbox.
    take() {
        const taken = this.#uploads;
        this.#uploads = [];
        this.#keep();
        return taken.map(({ id, name, size }) => ({ id, name, size }));
    }

    // What comes back, or was left by a page before.
    give(files) {
        const uploads = files.map(file => findUpload(this.#target, file));
        for (const upload of uploads) upload.finish();
        this.#uploads = [...uploads, ...this.#uploads];
        this.#keep();
    }

    #refuse(file) {
        if (this.#uploads.length >= this.#limits.files) return `A message has at most ${this.#limits.files} files.`;
        if (file.size === 0) return `“${file.name}” is empty.`;
        return file.size > this.#limits.size ? `“${file.name}” is larger than ${this.#limits.sizeText}.` : null;
    }

    #keep() {
        if (this.isEmpty) forget(key(this.#place));
        else store(key(this.#place), this.#uploads.map(({ id, name, size }) => ({ id, name, size })));
        this.#list.hidden = this.isEmpty;
        this.#list.replaceChildren(...this.#uploads.map(upload => showUpload(document.createElement("li"), upload)));
    }

    #onChanged(upload) {
        const item = this.#list.querySelector(`[data-file="${upload.id}"]`);
        if (item !== null) showUpload(item, upload);
    }

    #retryFailed() {
        for (const upload of this.#uploads.filter(upload => upload.state === "failed")) upload.finish();
    }

    #onClick(event) {
        const item = event.target.closest("[data-file]");
        const upload = this.#uploads.find(other => other.id === item?.dataset.file);
        if (upload === undefined) return;
        if (event.target.closest("[data-retry]") !== null) {
            upload.finish();
        } else if (event.target.closest("[data-remove]") !== null) {
            upload.cancel();
            this.#uploads = this.#uploads.filter(other => other !== upload);
            this.#keep();
        }
    }
}

// Puts what there is to say of an upload into an element; the buttons are for the element's owner.
function showUpload(item, upload) {
    item.dataset.file = upload.id;
    item.dataset.state = upload.state;
    item.style.setProperty("--progress", upload.progress);
    if (item.childElementCount === 0) item.append(part("name", upload.name), part("state", ""), button("retry", "Try again", "↻"), button("remove", "Remove", "✕"));
    item.querySelector(".file-state").textContent = stateText(upload);
    item.querySelector("[data-retry]").hidden = upload.state !== "failed";
    item.querySelector("[data-remove]").setAttribute("aria-label", `Remove ${upload.name}`);
    return item;
}

function part(name, text) {
    const element = document.createElement("span");
    element.className = `file-${name}`;
    element.textContent = text;
    return element;
}

function button(action, label, mark) {
    const element = document.createElement("button");
    element.type = "button";
    element.dataset[action] = "";
    element.title = label;
    element.setAttribute("aria-label", label);
    element.textContent = mark;
    return element;
}

export function stateText({ state, progress, reason }) {
    switch (state) {
        case "waiting": return "waiting";
        case "sending": return `${Math.floor(progress * 100)} %`;
        case "failed": return reason || "not uploaded yet";
        case "refused": return reason;
        default: return "";
    }
}
