// Buttons with data-copy="id" copy the text of the element with that id.

import { copyText } from "../shared/clipboard.js";
import { closest } from "../shared/dom.js";
import { text } from "../shared/texts.js";

// Milliseconds.
const shownTime = 3_000;

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) button.hidden = false;

document.addEventListener("click", async event => {
    const button = closest(event, "button[data-copy]");
    if (button === null) return;
    const copied = await copyText(document.getElementById(button.dataset.copy ?? "")?.textContent ?? "");
    button.textContent = text(copied ? "Copied" : "CopyFailed");
    setTimeout(() => button.textContent = text("Copy"), shownTime);
});
