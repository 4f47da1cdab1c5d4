// Whether Enter sends a message or inserts a line break; Ctrl+Enter always sends. The keyboard of a phone has no Shift to hold, so the default there
// is a line break. The reader's choice is in the browser's storage; the account's page and the menu of a room have it.

import { load, store } from "../shared/storage.js";

const key = "enter-sends";
const isTouch = matchMedia("(pointer: coarse)");

export function enterSends() {
    const chosen = load(key, localStorage);
    return typeof chosen === "boolean" ? chosen : !isTouch.matches;
}

/** @param {Element | Document} place Shows the choice in its boxes. */
function show(place) {
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (place.querySelectorAll("input[data-enter-sends]")))
        box.checked = box.type === "radio" ? (box.value === "enter") === enterSends() : enterSends();
}

function publish() {
    show(document);
    dispatchEvent(new Event("enter-key-changed"));
}

// The menu of a room may be rendered at any time.
document.addEventListener("beforetoggle", ({ target }) => {
    if (target instanceof Element) show(target);
}, true);

document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !("enterSends" in target.dataset)) return;
    store(key, target.type === "radio" ? target.value === "enter" : target.checked, localStorage);
    publish();
});

// Another tab has changed it.
addEventListener("storage", event => {
    if (event.key === key) publish();
});

for (const section of document.querySelectorAll("[data-writing]")) section.hidden = false;
show(document);
