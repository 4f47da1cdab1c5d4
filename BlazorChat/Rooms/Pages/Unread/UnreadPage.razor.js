// The rows of unread messages: "Show more" of a long one.

import { unfoldByClick } from "../../../js/rooms/rows/unfolding.js";

/** @param {HTMLElement} root */
export function attach(root) {
    const listeners = new AbortController();
    unfoldByClick(root, listeners.signal);
    return {
        detach() {
            listeners.abort();
        },
    };
}
