// Opens the pictures of a page large: links with data-picture. Arrow keys and buttons show the next one, Escape closes, and a link leads to
// the file as it was uploaded.

import { closest, hasModifier, signButton } from "../shared/dom.js";
import { text } from "../shared/texts.js";

/** @type {HTMLDialogElement | null} */
let created = null;
/** @type {HTMLAnchorElement[]} */
let pictures = [];
let index = 0;

document.addEventListener("click", event => {
    const picture = closest(event, "a[data-picture]");
    if (picture === null || event.defaultPrevented || event.button !== 0 || hasModifier(event)) return;
    event.preventDefault();
    pictures = [...document.querySelectorAll("a[data-picture]")].map(link => /** @type {HTMLAnchorElement} */ (link));
    const dialog = created ??= create();
    dialog.showModal();
    show(dialog, pictures.findIndex(other => other === picture));
});

/**
 * @param {HTMLDialogElement} dialog
 * @param {number} next
 */
function show(dialog, next) {
    if (next < 0 || next >= pictures.length) return;
    index = next;
    const picture = pictures[index];
    const { name = "", large = picture.href } = picture.dataset;
    const image = dialog.querySelector("img");
    image.src = large;
    image.alt = name;
    dialog.querySelector("[data-name]").textContent = name;
    dialog.querySelector("a").href = picture.href;
    for (const [action, isLast] of [["previous", index === 0], ["next", index === pictures.length - 1]]) {
        const button = /** @type {HTMLButtonElement} */ (dialog.querySelector(`[data-${action}]`));
        button.hidden = pictures.length === 1;
        button.disabled = isLast === true;
    }
}

function create() {
    const dialog = document.createElement("dialog");
    dialog.className = "viewer";
    dialog.ariaLabel = text("Picture");
    const bar = document.createElement("div");
    bar.className = "viewer-bar";
    const name = document.createElement("span");
    name.dataset.name = "";
    const original = document.createElement("a");
    original.target = "_blank";
    original.rel = "noopener";
    original.textContent = text("OriginalPicture");
    bar.append(name, original, signButton("close", text("Close"), "✕"));
    dialog.append(
        bar,
        signButton("previous", text("PreviousPicture"), "‹"),
        document.createElement("img"),
        signButton("next", text("NextPicture"), "›"));
    dialog.addEventListener("click", ({ target }) => {
        const data = target instanceof HTMLElement ? target.dataset : {};
        if ("previous" in data) show(dialog, index - 1);
        else if ("next" in data) show(dialog, index + 1);
        else if (target === dialog || "close" in data) dialog.close();
    });
    dialog.addEventListener("keydown", event => {
        if (event.key === "ArrowLeft") show(dialog, index - 1);
        else if (event.key === "ArrowRight") show(dialog, index + 1);
        else return;
        event.preventDefault();
    });
    dialog.addEventListener("close", () => {
        dialog.querySelector("img").removeAttribute("src");
        if (pictures[index].isConnected) pictures[index].focus();
    });
    document.body.append(dialog);
    return dialog;
}
