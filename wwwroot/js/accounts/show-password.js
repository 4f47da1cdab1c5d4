// Buttons with data-show-password="id" show and hide the text in the password box with that id.

import { closest } from "../shared/dom.js";
import { text } from "../shared/texts.js";

/** @param {ParentNode} root */
const buttonsIn = root => /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("button[data-show-password]"));

/** @param {HTMLElement} button */
const boxOf = button => /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.showPassword ?? ""));

for (const button of buttonsIn(document)) button.hidden = false;

document.addEventListener("click", event => {
    const button = closest(event, "button[data-show-password]");
    if (button === null) return;
    const box = boxOf(button);
    const show = box.type === "password";
    box.type = show ? "text" : "password";
    button.ariaPressed = `${show}`;
    button.textContent = text(show ? "HidePassword" : "ShowPassword");
    box.focus();
});

// The browser would remember the text of a visible box as ordinary text.
document.addEventListener("submit", ({ target }) => {
    for (const button of buttonsIn(/** @type {HTMLFormElement} */ (target))) boxOf(button).type = "password";
}, true);
