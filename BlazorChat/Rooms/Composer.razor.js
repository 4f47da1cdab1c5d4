// The composer: its text, its draft and its outbox live in the browser. A message leaves the outbox when the server says that
// it is kept; until then it is sent again under the same id, which the server keeps once however often it arrives.

import { Outbox } from "../js/outbox.js";

export function attach(root, composer, place, maxLength) {
    const box = root.querySelector("textarea");
    const button = root.querySelector("button");
    const error = root.querySelector("[data-error]");
    const draftKey = `draft/${place}`;

    const outbox = new Outbox(place, root.querySelector("[data-outbox]"), {
        send: entry => composer.invokeMethodAsync("SendAsync", entry.id, entry.text),
        refused: (entry, reason) => {
            box.value = box.value === "" ? entry.text : `${entry.text}\n${box.value}`;
            saveDraft();
            error.textContent = reason;
        },
    });

    function saveDraft() {
        try {
            if (box.value === "") localStorage.removeItem(draftKey);
            else localStorage.setItem(draftKey, box.value);
        } catch {
            // Storage is full or forbidden: the text is still in the box.
        }
    }

    function send() {
        // Half a surrogate pair cannot cross the wire.
        const text = box.value.toWellFormed?.() ?? box.value;
        if (text.trim() === "") {
            error.textContent = "Write something first.";
            return;
        }
        if (text.length > maxLength) {
            error.textContent =
                `A message has at most ${maxLength.toLocaleString()} characters; this one has ${text.length.toLocaleString()}.`;
            return;
        }
        error.textContent = "";
        outbox.add(text);
        root.dispatchEvent(new Event("message-written", { bubbles: true }));
        box.value = "";
        saveDraft();
        box.focus();
    }

    function onKeyDown(event) {
        // A composing input method uses Enter for itself.
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        send();
    }

    function onInput() {
        error.textContent = "";
        saveDraft();
    }

    // Somebody may have begun to type before the script came.
    if (box.value === "") box.value = localStorage.getItem(draftKey) ?? "";
    box.addEventListener("keydown", onKeyDown);
    box.addEventListener("input", onInput);
    button.addEventListener("click", send);
    outbox.start();
    root.dataset.ready = "";

    return {
        detach() {
            outbox.stop();
            box.removeEventListener("keydown", onKeyDown);
            box.removeEventListener("input", onInput);
            button.removeEventListener("click", send);
        },
    };
}
