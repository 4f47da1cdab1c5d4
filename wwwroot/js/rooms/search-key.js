// Ctrl+F opens the search of messages. Within it, the browser searches the page.

/** @param {AbortSignal} signal Ends it. */
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
