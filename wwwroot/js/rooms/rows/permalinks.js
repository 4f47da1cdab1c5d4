// The addresses of messages: what "Copy link" copies, and where a click on one leads within the page.

import { closest, hasModifier } from "../../shared/dom.js";

/**
 * The absolute address of a message.
 * @param {HTMLElement} row A row of a room, or of a thread.
 * @param {string} room
 */
export function permalinkOf(row, room) {
    const { sequence = "", key = sequence, thread } = row.dataset;
    const isThreadRow = row.id.startsWith("r-");
    // The first row of a thread is a message of the room.
    const address = isThreadRow && sequence !== "0" ? `rooms/${room}/${thread}/${sequence}` : `rooms/${room}#m-${isThreadRow ? key : sequence}`;
    return new URL(address, document.baseURI).href;
}

/**
 * Opens an address in this page. For another message of the same page Blazor would only look for its row, which may not be loaded.
 * @param {string} address
 */
export function openAddress(address) {
    const to = new URL(address, document.baseURI);
    if (to.hash === "" || to.pathname !== location.pathname || to.search !== location.search) Blazor.navigateTo(`${to.pathname}${to.search}${to.hash}`);
    // The list of messages goes to the target of the address.
    else if (to.hash === location.hash) dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = to.hash;
}

/**
 * Opens links to messages of this site in this page, also those that a text has.
 * @param {AbortSignal} signal
 */
export function followPermalinks(signal) {
    addEventListener("click", event => {
        const link = closest(event, "a[href]:not([data-result])");
        if (!(link instanceof HTMLAnchorElement) || event.button !== 0 || hasModifier(event)) return;
        const { wide } = link.dataset;
        const to = new URL(wide !== undefined && matchMedia("(min-width: 960px)").matches ? wide : link.href, document.baseURI);
        if (to.origin !== location.origin || !/^\/rooms\/\d+(?:#m-\d+|\/\d+\/\d+)$/.test(`${to.pathname}${to.hash}`)) return;
        event.preventDefault();
        event.stopPropagation();
        openAddress(to.href);
    }, { capture: true, signal });
}
