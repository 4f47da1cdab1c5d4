// Files on their way to the server. An upload keeps its id however often it is begun, and the server keeps it once. Whoever shows
// uploads hears "upload-changed" at the window, with the upload as its detail.

import { newId } from "./ids.js";
import { connection } from "./connection.js";
import { copyOf, forgetFile, keepFile, keptFile } from "./waiting-files.js";

const atOnce = 3;

// Answers after which the same file may be taken: the sign-in is over, too slow, too early, too many; and whatever the server could not do.
const temporary = [401, 408, 425, 429];

// After an answer that is temporary it is tried again by itself, as often; the pause doubles.
const maxRetries = 8;
const firstPause = 1_000;
const longestPause = 30_000;

// An upload that breaks off as often while the rest of the page is connected never gets through.
const maxBreaks = 10;
const known = new Map();
const queue = [];
let underWay = 0;

// target: {place, placeId}, as the server names them. The next page goes on with it by findUpload.
export function beginUpload(target, file) {
    const id = newId();
    const upload = new Upload(target, { id, name: file.name, size: file.size }, keepFile(id, file));
    known.set(id, upload);
    upload.finish();
    return upload;
}

// One that ends with this page.
export function beginPageUpload(target, file) {
    const upload = new Upload(target, { id: newId(), name: file.name, size: file.size }, copyOf(file));
    upload.finish();
    return upload;
}

// What stands in the place of an upload that is never begun, for its reason to be shown beside the others.
export function refusedUpload(name, reason) {
    return { id: newId(), name, size: 0, state: "refused", progress: 0, reason, finish() {}, cancel() {} };
}

// What was dropped: its files, and the names of its folders, which cannot be uploaded.
export function dropped(data) {
    const entries = [...data.items].filter(item => item.kind === "file").map(item => item.webkitGetAsEntry?.());
    const folders = entries.filter(entry => entry?.isDirectory).map(entry => entry.name);
    return { files: [...data.files].filter(file => !folders.includes(file.name)), folders };
}

export function folderReason(name) {
    return `“${name}” is a folder. Add the files in it instead.`;
}

// The files of a paste; none when it is a text that brings a picture of itself along, as from a spreadsheet. A file manager gives the names
// of its files as a text.
export function pasted(data) {
    const files = [...(data?.files ?? [])];
    const lines = (data?.getData("text/plain") ?? "").split(/\r?\n/).filter(line => line.trim() !== "");
    const names = new Set(files.map(file => file.name.normalize()));
    return lines.every(line => names.has(nameIn(line))) ? files : [];
}

// The name in a path or an address, in the form that file names have here.
function nameIn(line) {
    const name = line.split(/[\\/]/).at(-1);
    try {
        return (line.startsWith("file:") ? decodeURIComponent(name) : name).normalize();
    } catch {
        return name;
    }
}

// The upload of this page, or one that a page before it has left.
export function findUpload(target, { id, name, size }) {
    if (!known.has(id)) known.set(id, new Upload(target, { id, name, size }));
    return known.get(id);
}

class Upload {
    // "waiting", "sending", "ready", "failed" (it may be tried again) or "refused" (it may not).
    state = "waiting";
    // From 0 to 1.
    progress = 0;
    reason = "";
    // What the server says of it once it is there; null when a page before this one has heard it.
    receipt = null;
    #target;
    // The copy that is sent, while this page has it.
    #copy;
    #retries = 0;
    #breaks = 0;
    #request = null;
    #finished = null;
    #cancelled = false;

    constructor(target, { id, name, size }, copy = null) {
        this.#target = target;
        this.#copy = copy;
        // Whether it could be read is looked at when its turn comes.
        copy?.catch(() => {});
        Object.assign(this, { id, name, size });
    }

    // Answers with the state in which it ends; begins anew when it has failed.
    finish() {
        if (this.state === "failed") this.#finished = null;
        this.#finished ??= this.#run();
        return this.#finished;
    }

    // The server throws it away, too, unless it was sent.
    cancel() {
        this.#cancelled = true;
        this.#request?.abort();
        this.#become("refused");
        known.delete(this.id);
        forgetFile(this.id);
        fetch(`attachments/${this.id}`, { method: "DELETE" }).catch(() => {
            // It goes by itself after some days.
        });
    }

    async #run() {
        this.#become("waiting");
        await turn();
        try {
            if (this.#cancelled) return "refused";
            const file = await this.#read();
            if (file === null) this.#become("ready");
            else if (file !== undefined) await this.#put(file);
        } finally {
            endTurn();
        }
        if (this.state === "ready") {
            this.#copy = null;
            await forgetFile(this.id);
        }
        return this.state;
    }

    // Null when the server has it, undefined when it cannot be read.
    async #read() {
        try {
            return await (this.#copy ?? keptFile(this.id));
        } catch {
            this.#refuse(`“${this.name}” cannot be read. It may have been moved, changed or deleted, or is a folder.`);
            return undefined;
        }
    }

    #put(file) {
        this.#become("sending");
        const { place, placeId } = this.#target;
        return new Promise(resolve => {
            const request = this.#request = new XMLHttpRequest();
            request.open("PUT", `attachments/${this.id}?${new URLSearchParams({ place, placeId, name: this.name })}`);
            request.responseType = "json";
            request.upload.onprogress = event => {
                this.progress = event.total > 0 ? event.loaded / event.total : 0;
                this.#tell();
            };
            request.onloadend = () => {
                if (!this.#cancelled) this.#settle(request);
                resolve();
            };
            request.send(file);
        });
    }

    // A proxy before the server answers with HTML, which is no response here.
    #settle({ status, response }) {
        this.reason = response?.message ?? "";
        if (status === 200 && response !== null) {
            this.receipt = response;
            this.#become("ready");
        } else if (status === 0) {
            this.#breakOff();
        } else if (status >= 400 && status < 500 && !temporary.includes(status)) {
            this.#refuse(this.reason || refusal(this.name, status));
        } else {
            this.#become("failed");
            this.#retry();
        }
    }

    #breakOff() {
        if (navigator.onLine && !connection.isGone && ++this.#breaks >= maxBreaks) this.#refuse(`The upload of “${this.name}” broke off ${maxBreaks} times.`);
        else this.#become("failed");
    }

    #refuse(reason) {
        this.reason = reason;
        this.#become("refused");
    }

    #retry() {
        if (this.#retries >= maxRetries) return;
        const pause = Math.min(firstPause * 2 ** this.#retries++, longestPause);
        setTimeout(() => { if (this.state === "failed") this.finish(); }, pause * (0.75 + Math.random() / 2));
    }

    #become(state) {
        this.state = state;
        if (state !== "sending") this.progress = state === "ready" ? 1 : 0;
        this.#tell();
    }

    #tell() {
        dispatchEvent(new CustomEvent("upload-changed", { detail: this }));
    }
}

function refusal(name, status) {
    return status === 413
        ? `“${name}” is larger than the server, or a proxy before it, accepts.`
        : `The server refused “${name}” (${status}).`;
}

async function turn() {
    if (underWay < atOnce) underWay++;
    else await new Promise(resolve => queue.push(resolve));
}

function endTurn() {
    const next = queue.shift();
    if (next === undefined) underWay--;
    else next();
}
