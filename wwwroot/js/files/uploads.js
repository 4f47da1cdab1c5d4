// Files that are being uploaded. An upload keeps its id, however often it is repeated, and the server stores it once. A change is published
// as the event "upload-changed" of the window, with the upload as its detail.

import { Backoff } from "../shared/backoff.js";
import { connection } from "../circuit/connection.js";
import { newId } from "../shared/ids.js";
import { text } from "../shared/texts.js";
import { copyOf, forgetFile, loadFile, storeFile } from "./waiting-files.js";

/** @typedef {{ owner: string, ownerId: number | string }} Target Where files are attached, as the server names it. */
/** @typedef {{ id: string, name: string, size: number, voice?: string }} UploadFile voice: what is known of a voice message. */

const maxParallel = 3;

// Answers after which the same file may be accepted: the sign-in has ended, too slow, too early, too many. So may it be after 5xx.
const temporary = [401, 408, 425, 429];

// An upload is repeated as often after a temporary answer.
const maxRetries = 8;

// An upload is refused after it was interrupted as often while the rest of the page was connected.
const maxInterruptions = 10;

/** @type {Map<string, Upload>} */
const known = new Map();
/** @type {(() => void)[]} */
const queue = [];
let running = 0;

/**
 * Starts an upload that the next page continues by findUpload.
 * @param {Target} target
 * @param {File} file
 * @param {string} [voice]
 */
export function beginUpload(target, file, voice) {
    const id = newId();
    const upload = new Upload(target, { id, name: file.name, size: file.size, voice }, storeFile(id, file));
    known.set(id, upload);
    upload.finish();
    return upload;
}

/**
 * Starts an upload that ends with this page.
 * @param {Target} target
 * @param {File} file
 */
export function beginPageUpload(target, file) {
    const upload = new Upload(target, { id: newId(), name: file.name, size: file.size }, copyOf(file));
    upload.finish();
    return upload;
}

/**
 * An upload that never starts, so that its reason is shown beside the others.
 * @param {Target} target
 * @param {string} name
 * @param {string} reason
 */
export function refusedUpload(target, name, reason) {
    const upload = new Upload(target, { id: newId(), name, size: 0 });
    upload.state = "refused";
    upload.reason = reason;
    return upload;
}

/**
 * The files of a drop, and the names of its folders, which can't be uploaded.
 * @param {DataTransfer} data
 */
export function dropped(data) {
    const entries = [...data.items].filter(item => item.kind === "file").map(item => item.webkitGetAsEntry?.());
    const folders = entries.flatMap(entry => entry?.isDirectory ? [entry.name] : []);
    return { files: [...data.files].filter(file => !folders.includes(file.name)), folders };
}

/**
 * The files of a paste; none when it is a text with a picture of itself, as from a spreadsheet. A file manager adds the names of its files
 * as a text.
 * @param {DataTransfer | null} data
 */
export function pasted(data) {
    const files = [...(data?.files ?? [])];
    const lines = (data?.getData("text/plain") ?? "").split(/\r?\n/).filter(line => line.trim() !== "");
    const names = new Set(files.map(file => file.name.normalize()));
    return lines.every(line => names.has(nameIn(line))) ? files : [];
}

/**
 * The name in a path or an address, in the form that file names have here.
 * @param {string} line
 */
function nameIn(line) {
    const name = line.slice(1 + Math.max(line.lastIndexOf("/"), line.lastIndexOf("\\")));
    try {
        return (line.startsWith("file:") ? decodeURIComponent(name) : name).normalize();
    } catch {
        return name;
    }
}

/**
 * The upload of this page, or one that an earlier page began.
 * @param {Target} target
 * @param {UploadFile} file
 */
export function findUpload(target, { id, name, size, voice }) {
    const upload = known.get(id) ?? new Upload(target, { id, name, size, voice });
    known.set(id, upload);
    return upload;
}

export class Upload {
    id;
    name;
    size;
    voice;
    /** @type {"waiting" | "sending" | "ready" | "failed" | "refused"} "failed" can be repeated, "refused" can't. */
    state = "waiting";
    // From 0 to 1.
    progress = 0;
    reason = "";
    /** @type {any} The server's answer to the complete upload; null when an earlier page received it. */
    receipt = null;
    #target;
    #copy;
    #backoff = new Backoff(1_000, 30_000);
    #retries = 0;
    #interruptions = 0;
    /** @type {XMLHttpRequest | null} */
    #request = null;
    /** @type {Promise<string> | null} */
    #finished = null;
    #isCancelled = false;

    /**
     * @param {Target} target
     * @param {UploadFile} file
     * @param {Promise<Blob> | null} copy The bytes; null when they are in the browser's database.
     */
    constructor(target, { id, name, size, voice }, copy = null) {
        this.id = id;
        this.name = name;
        this.size = size;
        this.voice = voice;
        this.#target = target;
        this.#copy = copy;
        // A copy that failed is noticed when it is read.
        copy?.catch(() => {});
    }

    /**
     * Starts the upload, or repeats it when it has failed.
     * @returns {Promise<string>} The state in which it ends.
     */
    finish() {
        if (this.state === "failed") this.#finished = null;
        this.#finished ??= this.#run();
        return this.#finished;
    }

    // The server deletes the file, too, unless it was sent.
    cancel() {
        const isStored = this.#finished !== null;
        this.#isCancelled = true;
        this.#request?.abort();
        this.#become("refused");
        known.delete(this.id);
        forgetFile(this.id);
        if (isStored) fetch(`attachments/${this.id}`, { method: "DELETE" }).catch(() => {
            // The server deletes unsent files after some days.
        });
    }

    async #run() {
        this.#become("waiting");
        await enter();
        try {
            if (this.#isCancelled) return "refused";
            const file = await this.#read();
            if (file === null) this.#become("ready");
            else if (file !== undefined) await this.#put(file);
        } finally {
            leave();
        }
        if (this.state === "ready") {
            this.#copy = null;
            await forgetFile(this.id);
        }
        return this.state;
    }

    // Null when the server has the file, undefined when it can't be read.
    async #read() {
        try {
            return await (this.#copy ?? loadFile(this.id));
        } catch {
            this.#refuse(text("FileUnreadable", this.name));
            return undefined;
        }
    }

    /** @param {Blob} file */
    #put(file) {
        this.#become("sending");
        const { owner, ownerId } = this.#target;
        return /** @type {Promise<void>} */ (new Promise(resolve => {
            const request = this.#request = new XMLHttpRequest();
            request.open("PUT", `attachments/${this.id}?${new URLSearchParams({ owner, ownerId: String(ownerId), name: this.name, ...this.voice === undefined ? {} : { voice: this.voice } })}`);
            request.responseType = "json";
            request.upload.onprogress = event => {
                this.progress = event.total > 0 ? event.loaded / event.total : 0;
                this.#publish();
            };
            request.onloadend = () => {
                if (!this.#isCancelled) this.#settle(request);
                resolve();
            };
            request.send(file);
        }));
    }

    /** @param {XMLHttpRequest} request A proxy may answer with HTML, which gives no response here. */
    #settle({ status, response }) {
        this.reason = response?.message ?? "";
        if (status === 200 && response !== null) {
            this.receipt = response;
            this.#become("ready");
        } else if (status === 0) {
            this.#interrupt();
        } else if (status >= 400 && status < 500 && !temporary.includes(status)) {
            this.#refuse(this.reason || (status === 413 ? text("FileTooLargeForServer", this.name) : text("FileRefused", this.name, status)));
        } else {
            this.#become("failed");
            this.#retry();
        }
    }

    #interrupt() {
        if (navigator.onLine && !connection.isLost && ++this.#interruptions >= maxInterruptions) this.#refuse(text("UploadInterrupted", this.name, maxInterruptions));
        else this.#become("failed");
    }

    /** @param {string} reason */
    #refuse(reason) {
        this.reason = reason;
        this.#become("refused");
    }

    #retry() {
        if (this.#retries++ >= maxRetries) return;
        setTimeout(() => { if (this.state === "failed") this.finish(); }, this.#backoff.next());
    }

    /** @param {Upload["state"]} state */
    #become(state) {
        this.state = state;
        if (state !== "sending") this.progress = state === "ready" ? 1 : 0;
        this.#publish();
    }

    #publish() {
        dispatchEvent(new CustomEvent("upload-changed", { detail: this }));
    }
}

async function enter() {
    if (running < maxParallel) running++;
    else await /** @type {Promise<void>} */ (new Promise(resolve => queue.push(resolve)));
}

function leave() {
    const next = queue.shift();
    if (next === undefined) running--;
    else next();
}
