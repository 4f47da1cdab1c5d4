// Whether Enter sends a message or inserts a line break. The keyboard of a phone has no Shift to hold, so the default there is a line
// break. The reader's choice is in the browser's storage.

import { load, store } from "../shared/storage.js";

const key = "enter-sends";
const isTouch = matchMedia("(pointer: coarse)");

export function enterSends() {
    const chosen = load(key, localStorage);
    return typeof chosen === "boolean" ? chosen : !isTouch.matches;
}

document.addEventListener("beforetoggle", ({ target }) => {
    const box = target instanceof Element ? target.querySelector("input[data-enter-sends]") : null;
    if (box instanceof HTMLInputElement) box.checked = enterSends();
}, true);

document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !("enterSends" in target.dataset)) return;
    store(key, target.checked, localStorage);
    dispatchEvent(new Event("enter-key-changed"));
});
