// Reconnects after a lost connection, as long as it takes: to the same circuit, to a resumed one, or by reloading the page. Drafts and unsent
// messages are in the browser's storage and the position is in the address, so a reload loses nothing.

import { Backoff } from "../../js/shared/backoff.js";

const backoff = new Backoff(1_000, 15_000);
let timer = 0;

document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", event => {
    clearTimeout(timer);
    switch (/** @type {CustomEvent<{ state: string }>} */ (event).detail.state) {
        case "show":
            dispatchEvent(new Event("connection-lost"));
            break;
        case "hide":
            onRestored();
            break;
        case "failed":
        case "resume-failed":
            retryLater();
            break;
        case "paused":
        case "rejected":
            resumeOrReload();
            break;
    }
});

document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && timer !== 0) reconnect();
});

function onRestored() {
    backoff.reset();
    dispatchEvent(new Event("connection-restored"));
}

function retryLater() {
    timer = setTimeout(reconnect, backoff.next());
}

async function reconnect() {
    clearTimeout(timer);
    timer = 0;
    try {
        if (await Blazor.reconnect()) onRestored();
        else await resumeOrReload();
    } catch {
        retryLater();
    }
}

async function resumeOrReload() {
    try {
        if (await Blazor.resumeCircuit()) {
            onRestored();
            return;
        }
    } catch {
        // No server answers yet, or it does not know this circuit.
    }
    try {
        await fetch("/health/live", { cache: "no-store" });
        location.reload();
    } catch {
        retryLater();
    }
}
