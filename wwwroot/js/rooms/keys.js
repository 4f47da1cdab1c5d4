// The keys of a room: Ctrl+F opens the search of messages, and Escape closes a thread.

import { closest } from "../shared/dom.js";

// What covers the page, and closes by Escape itself.
const covers = ".mud-dialog, dialog[open], :popover-open, .mud-popover-open";

/**
 * Ctrl+F opens the search of messages. Within it, the browser searches the page.
 * @param {AbortSignal} signal Ends it.
 */
export function openSearchByKey(signal) {
    addEventListener("keydown", event => {
        if (event.code !== "KeyF" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
        const box = /** @type {HTMLInputElement | null} */ (document.getElementById("search-text"));
        if (box !== null && box === document.activeElement) return;
        const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-search-open]"));
        const link = [...links].find(link => link.getClientRects().length > 0);
        if (box === null && link === undefined) return;
        event.preventDefault();
        if (box === null) {
            link?.click();
            return;
        }
        box.focus();
        box.select();
    }, { signal });
}

/**
 * Escape closes the thread in which the focus is, or when it is nowhere. What is open in the thread, or being edited, has used the key before.
 * @param {HTMLElement} thread
 * @param {AbortSignal} signal Ends it.
 */
export function closeThreadByKey(thread, signal) {
    document.addEventListener("keydown", event => {
        // An input method uses the key while it composes.
        if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
        if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        if (event.target !== document.body && closest(event, ".thread") !== thread) return;
        if ("edited" in thread.dataset || document.querySelectorAll(covers).length > 0) return;
        const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (thread.querySelectorAll("a.thread-close"));
        const link = [...links].find(link => link.getClientRects().length > 0);
        if (link === undefined) return;
        event.preventDefault();
        link.click();
        // The focus goes where one will type, except on a phone, whose keyboard would open.
        const box = document.querySelector(".chat .composer textarea");
        if (box instanceof HTMLElement && !matchMedia("(pointer: coarse)").matches) box.focus();
    }, { signal });
}
