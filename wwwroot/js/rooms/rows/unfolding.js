// Long messages are folded; "Show more" shows all of one, and so does the keyboard within it.

import { closest } from "../../shared/dom.js";

/** @param {HTMLElement} row */
export function unfold(row) {
    const isByKey = row.querySelector("[data-unfold]") === document.activeElement;
    row.toggleAttribute("data-unfolded", true);
    // The button is hidden now.
    if (!isByKey) return;
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
}

/**
 * Unfolds rows of a page that has no actions of rows.
 * @param {HTMLElement} rows
 * @param {AbortSignal} signal
 */
export function unfoldByClick(rows, signal) {
    rows.addEventListener("click", event => {
        const row = closest(event, "[data-unfold]")?.closest("article");
        if (row instanceof HTMLElement) unfold(row);
    }, { signal });
    rows.addEventListener("focusin", event => {
        const row = closest(event, ".message-fold")?.closest("article");
        if (row instanceof HTMLElement) unfold(row);
    }, { signal });
}
