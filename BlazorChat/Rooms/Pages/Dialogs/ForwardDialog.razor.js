// The list of rooms to which a message can be forwarded: filtered and ranked like that of Ctrl+K.

import { fold, rank } from "../../../js/shared/names.js";
import { recent } from "../../../js/shell/recent.js";

/** @param {HTMLElement} root */
export function attach(root) {
    const listeners = new AbortController();
    const { signal } = listeners;
    const box = /** @type {HTMLInputElement} */ (root.querySelector("[data-filter]"));
    const list = root.querySelector("[data-rooms]");
    const none = root.querySelector("[data-none]");
    const rows = /** @type {HTMLElement[]} */ ([...list.children]);
    const addresses = recent();

    /** @param {HTMLElement} row The rooms that were opened last come first. */
    const age = row => (addresses.indexOf(row.dataset.address ?? "") + addresses.length + 1) % (addresses.length + 1);

    function update() {
        const part = fold(box.value.trim());
        const found = rows.map((row, index) => ({ row, rank: rank({ name: row.dataset.name ?? "", text: "" }, part), age: age(row), index }));
        // The chosen room stays on the screen.
        for (const { row, rank } of found) row.hidden = rank < 0 && row.querySelector("input:checked") === null;
        found.sort((a, b) => a.rank - b.rank || a.age - b.age || a.index - b.index);
        list.append(...found.map(({ row }) => row));
        list.scrollTop = 0;
        none.hidden = found.some(({ rank }) => rank >= 0);
    }

    /** @param {KeyboardEvent} event Enter and the down arrow choose the first room, and the text follows it. */
    function onKey(event) {
        // An input method uses these keys while it composes.
        if (event.isComposing || event.keyCode === 229 || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
        event.preventDefault();
        const first = /** @type {HTMLInputElement | null} */ (list.querySelector(":not([hidden]) > input"));
        if (first === null) return;
        first.click();
        if (event.key === "ArrowDown") first.focus();
        else root.querySelector("textarea").focus();
    }

    box.addEventListener("input", update, { signal });
    box.addEventListener("keydown", onKey, { signal });
    update();
    box.focus();

    return {
        detach() {
            listeners.abort();
        },
    };
}
