// The texts of a room in which nobody can write: the draft, changes to messages, and messages that wait in the outbox. They stay in the
// browser's storage until they are discarded. When the room is unarchived, the composer continues with them.

import { copyText } from "../../../js/shared/clipboard.js";
import { unsentDrafts } from "../../../js/rooms/drafts.js";
import { sendable } from "../../../js/rooms/outbox.js";
import { forget } from "../../../js/shared/storage.js";
import { text } from "../../../js/shared/texts.js";

/** @typedef {{ text: string, files: string[], discard: () => void }} Unsent */

/** @param {HTMLElement} root */
export function attach(root) {
    const { conversation = "" } = root.dataset;
    const list = /** @type {HTMLElement} */ (root.querySelector("[data-list]"));
    let isDetached = false;

    async function show() {
        const entries = await sendable(conversation);
        if (isDetached) return;
        /** @type {Unsent[]} */
        const unsent = [
            ...entries.map(entry => ({
                text: entry.text,
                files: entry.files.map(file => file.name),
                discard: () => forget(entry.key, localStorage),
            })),
            ...unsentDrafts(conversation).map(draft => ({ ...draft, discard: () => draft.keys.forEach(key => forget(key)) })),
        ];
        list.replaceChildren(...unsent.map(itemOf));
        root.hidden = unsent.length === 0;
    }

    /** @param {Unsent} unsent */
    function itemOf(unsent) {
        const item = document.createElement("li");
        const words = document.createElement("p");
        words.className = "unsent-text";
        words.dir = "auto";
        words.textContent = [unsent.text, ...unsent.files].filter(part => part !== "").join("\n");
        item.append(words);
        if (unsent.text !== "") item.append(copyButton(unsent.text));
        item.append(button(text("Discard"), () => {
            unsent.discard();
            item.remove();
            root.hidden = list.childElementCount === 0;
        }));
        return item;
    }

    show();
    return {
        detach() {
            isDetached = true;
        },
    };
}

/** @param {string} copied */
function copyButton(copied) {
    const copy = button(text("Copy"), async () => {
        const isCopied = await copyText(copied);
        copy.textContent = text(isCopied ? "Copied" : "CopyFailed");
    });
    return copy;
}

/**
 * @param {string} label
 * @param {() => void} click
 */
function button(label, click) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "button";
    element.textContent = label;
    element.addEventListener("click", click);
    return element;
}
