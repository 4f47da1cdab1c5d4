// Turns notifications on in this browser. The permission is asked when one presses the button, not before.

const root = /** @type {HTMLFormElement} */ (document.querySelector("form[data-push]"));
const button = /** @type {HTMLButtonElement} */ (root.querySelector("[data-push-on]"));
const field = /** @type {HTMLInputElement} */ (root.querySelector("[data-push-subscription]"));
const error = document.querySelector("[data-push-error]");
// Whether the server has this browser in its list.
const isOn = root.dataset.on === "true";

/** @param {string | null} state */
function show(state) {
    for (const text of root.querySelectorAll("[data-push-state]")) text.hidden = text.dataset.pushState !== state;
    button.hidden = state === "on" || state === "insecure" || state === "unsupported" || state === "homescreen" || state === "blocked";
}

/** What keeps this browser from notifications; null when nothing does. */
function findObstacle() {
    if (!window.isSecureContext) return "insecure";
    if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)
        return Notification.permission === "denied" ? "blocked" : null;
    // Only iOS has this property. There a site gets notifications when it is on the home screen.
    return "standalone" in navigator && navigator.standalone === false ? "homescreen" : "unsupported";
}

function fail() {
    show(null);
    error.textContent = root.dataset.failed ?? "";
}

async function start() {
    const obstacle = findObstacle();
    if (obstacle !== null) return show(obstacle);
    const registration = await navigator.serviceWorker.getRegistration();
    const subscription = await registration?.pushManager.getSubscription();
    if (isOn) return show(subscription ? "on" : "lost");
    // The device was removed, or the person has signed in again: nothing is sent to this subscription any more.
    await subscription?.unsubscribe();
    show(null);
}

async function subscribe() {
    if (await Notification.requestPermission() !== "granted") return null;
    await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const key = root.dataset.key;
    const known = await pushManager.getSubscription();
    // One that was made for another key, such as that of an earlier database, is refused by its service.
    await known?.unsubscribe();
    return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

root.addEventListener("submit", async event => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = "";
    try {
        const subscription = await subscribe();
        if (subscription !== null) {
            field.value = JSON.stringify(subscription);
            root.submit();
            return;
        }
        show(Notification.permission === "denied" ? "blocked" : null);
    } catch {
        fail();
    }
    button.disabled = false;
});

start().catch(fail);
