// The section of the settings that turns notifications of this browser on and off. Only its button asks the browser for the permission.

import { notificationsKey } from "./calls.js";
import { load, store } from "../shared/storage.js";

const section = document.querySelector("[data-browser-notifications]");
const [on, off] = [section.querySelector("[data-turn=on]"), section.querySelector("[data-turn=off]")];

/** @param {boolean} wasAsked Whether the reader has pressed the button. */
function show(wasAsked = false) {
    const isAble = "Notification" in window && isSecureContext;
    const isOn = isAble && Notification.permission === "granted" && load(notificationsKey, localStorage) === true;
    const state = isOn ? "on" : !isAble ? "unable" : wasAsked && Notification.permission === "denied" ? "denied" : "";
    for (const text of section.querySelectorAll("[data-state]")) text.hidden = text.dataset.state !== state;
    on.hidden = !isAble || isOn;
    off.hidden = !isOn;
    // Where push is on, the service worker shows them, also while a page is open.
    section.hidden = document.querySelector("form[data-push]")?.dataset.on === "true";
}

on.addEventListener("click", async () => {
    const permission = await Notification.requestPermission();
    if (permission === "granted") store(notificationsKey, true, localStorage);
    show(true);
});
off.addEventListener("click", () => {
    store(notificationsKey, false, localStorage);
    show();
});
show();
