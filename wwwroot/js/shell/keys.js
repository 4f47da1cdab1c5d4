// The keys of every page of a signed-in person: Ctrl+K jumps to a room, a person, a liveblog or a page, and ? shows all keys. What they open
// is loaded when it is first used.

import { closest } from "../shared/dom.js";

// What covers the page, and where ? is a character of a text.
const covers = ".mud-dialog, dialog[open]";
const boxes = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", event => {
    // An input method may use these keys while it composes.
    if (event.isComposing || event.keyCode === 229) return;
    const isCommand = event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
    if (isCommand && event.code === "KeyK") {
        event.preventDefault();
        openJump();
    } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !event.altKey) {
        if (closest(event, boxes) !== null || document.querySelectorAll(covers).length > 0) return;
        event.preventDefault();
        import("./shortcuts.js").then(script => script.open(), ignore);
    }
});

document.addEventListener("click", event => {
    if (closest(event, "[data-jump-open]") !== null) openJump();
});

function openJump() {
    import("./jump.js").then(script => script.open(), ignore);
}

// The connection is lost: the next key tries again.
function ignore() { }
