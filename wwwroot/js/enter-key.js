// Whether Enter sends what is written or makes a line. A phone's keyboard has no Shift to hold, so there it makes a line, unless the reader
// has chosen otherwise: the choice is in the browser's storage.

import { load, store } from "./storage.js";

const key = "enter-sends";
const isTouch = matchMedia("(pointer: coarse)");

export function enterSends() {
    const chosen = load(key, localStorage);
    return typeof chosen === "boolean" ? chosen : !isTouch.matches;
}

// The menu with the choice shows it when it opens.
document.addEventListener("beforetoggle", event => {
    const box = event.target.querySelector?.("[data-enter-sends]");
    if (box) box.checked = enterSends();
}, true);

document.addEventListener("change", event => {
    if (!event.target.matches?.("[data-enter-sends]")) return;
    store(key, event.target.checked, localStorage);
    dispatchEvent(new Event("enter-key-changed"));
});
