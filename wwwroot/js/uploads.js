// Files on their way to the server. An upload keeps its id however often it is begun, and the server keeps it once. Whoever shows
// uploads hears "upload-changed" at the window, with the upload as its detail.

import { newId } from "./ids.js";
import { forgetFile, keepFile, keptFile } from "./waiting-files.js";

const atOnce = 3;
const known = new Map();
const queue = [];
let underWay = 0;

// target: {place, placeId}, as the server names them. The next page goes on with it by findUpload.
export function beginUpload(target, file) {
    const upload = new Upload(target, { id: newId(), name: file.name, size: file.size });
    known.set(upload.id, upload);
    keepFile(upload.id, file);
    upload.finish();
    return upload;
}

// One that ends with this page.
export function beginPageUpload(target, file) {
    const upload = new Upload(target, { id: newId(), name: file.name, size: file.size }, file);
    upload.finish();
    return upload;
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
    #file;
    #request = null;
    #finished = null;
    #cancelled = false;

    constructor(target, { id, name, size }, file = null) {
        this.#target = target;
        this.#file = file;
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
            const file = this.#file ?? await keptFile(this.id);
            if (file === null) this.#become("ready");
            else await this.#put(file);
        } finally {
            endTurn();
        }
        if (this.state === "ready") await forgetFile(this.id);
        return this.state;
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

    #settle({ status, response }) {
        this.reason = response?.message ?? "";
        if (status === 200) {
            this.receipt = response;
            this.#become("ready");
        } else if (status >= 400 && status < 500 && status !== 401 && status !== 429) {
            this.#become("refused");
        } else {
            this.#become("failed");
        }
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

async function turn() {
    if (underWay < atOnce) underWay++;
    else await new Promise(resolve => queue.push(resolve));
}

function endTurn() {
    const next = queue.shift();
    if (next === undefined) underWay--;
    else next();
}
