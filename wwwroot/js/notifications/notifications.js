// Answers the service worker: where this page is, before the worker shows a notification, and that the page goes to what one has clicked. The
// worker loads a page again that does not answer.

import { connection } from "../circuit/connection.js";
import { openAddress } from "../rooms/rows/permalinks.js";

const devices = "/account/devices";

/** @param {AbortSignal} signal Ends the answers. */
export function answerWorker(signal) {
    navigator.serviceWorker.addEventListener("message", event => {
        const [port] = event.ports;
        if (port === undefined || connection.isLost) return;
        port.postMessage(location.pathname);
        if (event.data.kind === "open") openAddress(event.data.url);
    }, { signal });
    navigator.serviceWorker.startMessages();
}

/**
 * Compares the subscription of this browser with the one that the server has. It ends when the server has none: the person has removed the device
 * elsewhere, or signed in again. Pages show notifications then, and the settings show that the device has none. When the server has another one, the
 * browser has replaced it, and the worker could not register the new one.
 */
export async function compareSubscription() {
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = await registration?.pushManager?.getSubscription();
    if (subscription == null) return;
    const answer = await fetch(`${devices}/current`);
    if (!answer.ok) return;
    const known = await answer.json();
    if (known === "") await subscription.unsubscribe();
    else if (known !== await hash(new URL(subscription.endpoint).href)) {
        await fetch(devices, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(subscription) });
    }
}

/** @param {string} text */
async function hash(text) {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
}
