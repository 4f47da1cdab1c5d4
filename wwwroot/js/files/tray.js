// The files beside a text that is being written. They are uploaded meanwhile and can be removed. The storage of the tab has their names, like
// the text.

import { closest, signButton } from "../shared/dom.js";
import { filesKey } from "../rooms/drafts.js";
import { forget, load, store } from "../shared/storage.js";
import { text } from "../shared/texts.js";
import { beginUpload, findUpload } from "./uploads.js";

/** @typedef {import("./uploads.js").Upload} Upload */
/** @typedef {import("./uploads.js").UploadFile} UploadFile */

/** @param {Upload} upload */
const fileOf = ({ id, name, size, voice }) => ({ id, name, size, voice });

export class Tray {
    #key;
    #target;
    #list;
    #limits;
    #fail;
    /** @type {Upload[]} */
    #uploads = [];
    #listeners = new AbortController();

    /**
     * @param {string} conversation
     * @param {import("./uploads.js").Target} target
     * @param {HTMLElement} list
     * @param {{ files: number, size: number, sizeText: string }} limits The size is in bytes.
     * @param {(reason: string) => void} fail Shows why a file was not added.
     */
    constructor(conversation, target, list, limits, fail) {
        this.#key = filesKey(conversation);
        this.#target = target;
        this.#list = list;
        this.#limits = limits;
        this.#fail = fail;
        const { signal } = this.#listeners;
        addEventListener("upload-changed", event => this.#onChanged(/** @type {CustomEvent<Upload>} */ (event).detail), { signal });
        addEventListener("online", () => this.#retryFailed(), { signal });
        addEventListener("connection-restored", () => this.#retryFailed(), { signal });
        list.addEventListener("click", event => this.#onClick(event), { signal });
        const left = load(this.#key);
        if (Array.isArray(left)) this.restore(left);
    }

    get isEmpty() {
        return this.#uploads.length === 0;
    }

    /** The files, in order. They stay. */
    get files() {
        return this.#uploads.map(fileOf);
    }

    stop() {
        this.#listeners.abort();
    }

    /** A file that can't be uploaded; undefined for none. */
    get refused() {
        return this.#uploads.find(upload => upload.state === "refused");
    }

    /**
     * @param {Iterable<File>} files
     * @param {string[]} folders The names of folders, which can't be uploaded.
     */
    add(files, folders = []) {
        for (const folder of folders) this.#fail(text("FolderRefused", folder));
        for (const file of files) {
            const reason = this.#refuse(file);
            if (reason === null) this.#uploads.push(beginUpload(this.#target, file));
            else this.#fail(reason);
        }
        this.#update();
    }

    /** Removes all files, for an entry of the outbox. */
    drain() {
        const files = this.#uploads.map(fileOf);
        this.#uploads = [];
        this.#update();
        return files;
    }

    /** @param {UploadFile[]} files Of an entry of the outbox, or of an earlier page. */
    restore(files) {
        const uploads = files.map(file => findUpload(this.#target, file));
        for (const upload of uploads) upload.finish();
        this.#uploads = [...uploads, ...this.#uploads];
        this.#update();
    }

    /** @param {File} file */
    #refuse(file) {
        if (this.#uploads.length >= this.#limits.files) return text("FilesFull", this.#limits.files);
        if (file.size === 0) return text("FileEmpty", file.name);
        return file.size > this.#limits.size ? text("FileTooLarge", file.name, this.#limits.sizeText) : null;
    }

    #update() {
        if (this.isEmpty) forget(this.#key);
        else store(this.#key, this.#uploads.map(fileOf));
        this.#list.hidden = this.isEmpty;
        this.#list.replaceChildren(...this.#uploads.map(upload => showUpload(document.createElement("li"), upload)));
    }

    /** @param {Upload} upload */
    #onChanged(upload) {
        const item = /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-file="${upload.id}"]`));
        if (item !== null) showUpload(item, upload);
    }

    #retryFailed() {
        for (const upload of this.#uploads.filter(upload => upload.state === "failed")) upload.finish();
    }

    /** @param {MouseEvent} event */
    #onClick(event) {
        const id = closest(event, "[data-file]")?.dataset.file;
        const upload = this.#uploads.find(other => other.id === id);
        if (upload === undefined) return;
        if (closest(event, "[data-retry]") !== null) {
            upload.finish();
        } else if (closest(event, "[data-remove]") !== null) {
            upload.cancel();
            this.#uploads = this.#uploads.filter(other => other !== upload);
            this.#update();
        }
    }
}

/**
 * Shows the state of an upload in an element.
 * @param {HTMLElement} item
 * @param {Upload} upload
 */
function showUpload(item, upload) {
    item.dataset.file = upload.id;
    item.dataset.state = upload.state;
    item.style.setProperty("--progress", `${upload.progress}`);
    if (item.childElementCount === 0) {
        const remove = signButton("remove", text("Remove"), "✕");
        remove.ariaLabel = text("RemoveFile", upload.name);
        item.append(part("name", upload.name), part("state", ""), signButton("retry", text("TryAgain"), "↻"), remove);
    }
    item.querySelector(".file-state").textContent = stateText(upload);
    item.querySelector("[data-retry]").hidden = upload.state !== "failed";
    return item;
}

/**
 * @param {string} name
 * @param {string} content
 */
function part(name, content) {
    const element = document.createElement("span");
    element.className = `file-${name}`;
    element.textContent = content;
    return element;
}

/** @param {Upload} upload */
export function stateText({ state, progress, reason }) {
    switch (state) {
        case "waiting": return text("UploadWaiting");
        case "sending": return `${Math.floor(progress * 100)} %`;
        case "failed": return reason || text("UploadFailed");
        case "refused": return reason;
        default: return "";
    }
}
