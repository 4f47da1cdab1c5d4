// The composer: its text, its draft and its outbox live in the browser. A message leaves the outbox when the server says that
// it is kept; until then it is sent again under the same id, which the server keeps once however often it arrives. While one
// edits a message its text is in the box, and the draft waits; a saved edit goes through the outbox too.

import { connection } from "../js/connection.js";
import { draftKey, editKey, keep, kept } from "../js/drafts.js";
import { Outbox } from "../js/outbox.js";

// How often others are told that one is typing.
const typingInterval = 3000;

export function attach(root, composer) {
    const place = root.dataset.place;
    const maxLength = Number(root.dataset.maxLength);
    const pane = root.parentElement;
    const box = root.querySelector("textarea");
    const button = root.querySelector("[data-send]");
    const editing = root.querySelector("[data-editing]");
    const error = root.querySelector("[data-error]");
    // The message that is edited, and what was in the box before.
    let edited = null;
    let draft = "";
    let typed = 0;

    const outbox = new Outbox(place, root.querySelector("[data-outbox]"), {
        send: entry => entry.sequence === null
            ? composer.invokeMethodAsync("SendAsync", entry.id, entry.text)
            : composer.invokeMethodAsync("EditAsync", entry.sequence, entry.text),
        refused: (entry, reason) => {
            setDraft([entry.text, getDraft()].filter(text => text !== "").join("\n"));
            error.textContent = reason;
        },
    });

    function getDraft() {
        return edited === null ? box.value : draft;
    }

    function setDraft(text) {
        if (edited === null) box.value = text;
        else draft = text;
        keep(draftKey(place), text);
    }

    function keepText() {
        if (edited === null) keep(draftKey(place), box.value);
        else keep(editKey(place), JSON.stringify({ sequence: edited, text: box.value }));
    }

    function startEdit(sequence, text) {
        if (edited === null) draft = box.value;
        edited = sequence;
        box.value = text;
        keepText();
        show();
    }

    function endEdit() {
        edited = null;
        box.value = draft;
        keep(editKey(place), "");
        show();
    }

    function show() {
        const isEdit = edited !== null;
        editing.hidden = !isEdit;
        button.title = isEdit ? "Save (Enter)" : "Send (Enter)";
        button.setAttribute("aria-label", isEdit ? "Save" : "Send");
        error.textContent = "";
    }

    async function edit(sequence) {
        try {
            const text = await composer.invokeMethodAsync("GetText", sequence);
            if (text === null) return;
            startEdit(sequence, text);
            box.focus();
            box.setSelectionRange(text.length, text.length);
        } catch {
            error.textContent = "The connection is gone: try again when it is back.";
        }
    }

    function editLast() {
        const me = pane.querySelector("[data-actions]").dataset.me;
        const mine = pane.querySelectorAll(`article[data-author="${me}"]:not([data-deleted])`);
        if (mine.length > 0) edit(Number(mine[mine.length - 1].dataset.sequence));
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
        if (edited !== null) {
            outbox.add(text, edited);
            endEdit();
        } else {
            outbox.add(text);
            root.dispatchEvent(new Event("message-written", { bubbles: true }));
            box.value = "";
            keepText();
        }
        box.focus();
    }

    function onKeyDown(event) {
        // A composing input method uses these keys for itself.
        if (event.isComposing) return;
        if (event.key === "Enter" && !event.shiftKey) send();
        else if (event.key === "Escape" && edited !== null) endEdit();
        else if (event.key === "ArrowUp" && box.value === "") editLast();
        else return;
        event.preventDefault();
    }

    function onInput() {
        error.textContent = "";
        keepText();
        if (edited === null && box.value !== "") sayTyping();
    }

    function sayTyping() {
        const now = performance.now();
        if (connection.isGone || (typed !== 0 && now - typed < typingInterval)) return;
        typed = now;
        composer.invokeMethodAsync("TypingAsync").catch(() => {
            // The connection is gone, and nobody waits for this.
        });
    }

    function onCancel() {
        endEdit();
        box.focus();
    }

    function onEdit(event) {
        edit(event.detail);
    }

    // Somebody may have begun to type before the script came.
    if (box.value === "") box.value = kept(draftKey(place));
    box.readOnly = false;
    const left = readEdit(kept(editKey(place)));
    if (left !== null) startEdit(left.sequence, left.text);
    box.addEventListener("keydown", onKeyDown);
    box.addEventListener("input", onInput);
    button.addEventListener("click", send);
    editing.querySelector("[data-cancel]").addEventListener("click", onCancel);
    pane.addEventListener("message-edit", onEdit);
    outbox.start();
    root.dataset.ready = "";

    return {
        detach() {
            outbox.stop();
            box.removeEventListener("keydown", onKeyDown);
            box.removeEventListener("input", onInput);
            button.removeEventListener("click", send);
            editing.querySelector("[data-cancel]").removeEventListener("click", onCancel);
            pane.removeEventListener("message-edit", onEdit);
        },
    };
}

function readEdit(json) {
    try {
        const { sequence, text } = JSON.parse(json);
        return Number.isInteger(sequence) && typeof text === "string" ? { sequence, text } : null;
    } catch {
        return null;
    }
}
