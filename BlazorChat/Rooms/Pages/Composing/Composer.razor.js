// The composer: its text, its draft and its outbox live in the browser. A message leaves the outbox when the server says that
// it is kept; until then it is sent again under the same id, which the server keeps once however often it arrives. While one
// edits a message its text is in the box, and the draft waits; a saved edit goes through the outbox too.

import { connection } from "../../../js/connection.js";
import { asideKey, draftKey, editKey, keep, kept } from "../../../js/drafts.js";
import { enterSends } from "../../../js/enter-key.js";
import { Outbox } from "../../../js/outbox.js";
import { stateText, Tray } from "../../../js/tray.js";
import { dropped, findUpload, pasted } from "../../../js/uploads.js";

// How often others are told that one is typing.
const typingInterval = 3000;

export function attach(root, composer) {
    const place = root.dataset.place;
    const maxLength = Number(root.dataset.maxLength);
    const target = { place: "room", placeId: place.split("/")[1] };
    const pane = root.parentElement;
    const box = root.querySelector("textarea");
    const button = root.querySelector("[data-send]");
    const editing = root.querySelector("[data-editing]");
    const leaving = root.querySelector("[data-leaving]");
    const error = root.querySelector("[data-error]");
    const picker = root.querySelector("[data-picker]");
    const waitingList = root.querySelector("[data-outbox]");
    // The message that is edited, its text as it was, and what was in the box before.
    let edited = null;
    let original = "";
    let draft = "";
    let asked = 0;
    let typed = 0;

    const tray = new Tray(place, target, root.querySelector("[data-files]"), {
        files: Number(root.dataset.maxFiles),
        size: Number(root.dataset.maxSize),
        sizeText: root.dataset.maxSizeText,
    }, reason => { error.textContent = reason; });
    const outbox = new Outbox(place, waitingList, {
        prepare,
        send: entry => entry.sequence === null
            ? composer.invokeMethodAsync("SendAsync", entry.id, entry.text, entry.files.map(file => file.id))
            : composer.invokeMethodAsync("EditAsync", entry.sequence, entry.text),
        refused: (entry, reason) => {
            takeBack(entry);
            error.textContent = reason;
        },
    });

    async function prepare(entry) {
        for (const file of entry.files) {
            const upload = findUpload(target, file);
            const state = await upload.finish();
            if (state !== "ready") return { status: state === "failed" ? "Failed" : "Refused", reason: upload.reason };
        }
        return { status: "Accepted" };
    }

    function takeBack(entry) {
        if (entry.text !== "") setDraft([entry.text, getDraft()].filter(text => text !== "").join("\n"));
        tray.give(entry.files);
    }

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
        else keep(editKey(place), JSON.stringify({ sequence: edited, text: box.value, original }));
    }

    function startEdit(sequence, text, before, reveal) {
        if (edited === null) draft = box.value;
        edited = sequence;
        original = before;
        box.value = text;
        keepText();
        show();
        sayEdited(reveal);
    }

    function endEdit() {
        edited = null;
        box.value = draft;
        keep(editKey(place), "");
        show();
        sayEdited(false);
    }

    // The list of messages marks the one that is edited. It may come later than the composer, and finds it on the pane.
    function sayEdited(reveal) {
        if (edited === null) delete pane.dataset.edited;
        else pane.dataset.edited = edited;
        pane.dispatchEvent(new CustomEvent("message-editing", { detail: { sequence: edited, reveal } }));
    }

    // Changes are not thrown away unasked.
    function stopEdit() {
        if (box.value === original) {
            endEdit();
            box.focus();
        } else {
            leaving.hidden = false;
            leaving.querySelector("button").focus();
        }
    }

    function onLeavingKey(event) {
        if (event.key !== "Escape") return;
        event.preventDefault();
        goOn();
    }

    function keepAside() {
        keep(asideKey(place, edited), box.value);
        endEdit();
        box.focus();
    }

    function discard() {
        keep(asideKey(place, edited), "");
        endEdit();
        box.focus();
    }

    function show() {
        const isEdit = edited !== null;
        const hint = enterSends() ? " (Enter)" : "";
        editing.hidden = !isEdit;
        editing.firstElementChild.textContent = isEdit && box.value !== original ? "Editing a message: your changes are not saved yet" : "Editing a message";
        leaving.hidden = true;
        button.title = `${isEdit ? "Save" : "Send"}${hint}`;
        button.setAttribute("aria-label", isEdit ? "Save" : "Send");
        box.enterKeyHint = enterSends() ? "send" : "enter";
        error.textContent = "";
    }

    async function edit(sequence) {
        const mine = ++asked;
        try {
            const before = await composer.invokeMethodAsync("GetText", sequence);
            if (before === null || mine !== asked) return;
            if (edited !== null && edited !== sequence && box.value !== original) keep(asideKey(place, edited), box.value);
            const text = kept(asideKey(place, sequence)) || before;
            startEdit(sequence, text, before, true);
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
        if (text.trim() === "" && (edited === null ? tray.isEmpty : !hasFiles(edited))) {
            error.textContent = "Write something first.";
            return;
        }
        if (text.length > maxLength) {
            error.textContent =
                `A message has at most ${maxLength.toLocaleString()} characters; this one has ${text.length.toLocaleString()}.`;
            return;
        }
        if (edited === null && tray.refused !== null) {
            error.textContent = `Remove “${tray.refused.name}” to send the message without it. ${tray.refused.reason}`;
            return;
        }
        error.textContent = "";
        if (edited !== null) {
            outbox.add(text, edited);
            keep(asideKey(place, edited), "");
            endEdit();
        } else {
            outbox.add(text, null, tray.take());
            root.dispatchEvent(new Event("message-written", { bubbles: true }));
            box.value = "";
            keepText();
        }
        box.focus();
    }

    function hasFiles(sequence) {
        return pane.querySelector(`article[data-sequence="${sequence}"] .attachments`) !== null;
    }

    function onPick() {
        error.textContent = "";
        tray.add(picker.files);
        picker.value = "";
        box.focus();
    }

    function onPaste(event) {
        const files = pasted(event.clipboardData);
        if (files.length === 0) return;
        event.preventDefault();
        error.textContent = "";
        tray.add(files);
    }

    function onDrag(event) {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        pane.toggleAttribute("data-dropping", event.type === "dragover");
        if (event.type === "drop") {
            error.textContent = "";
            const { files, folders } = dropped(event.dataTransfer);
            tray.add(files, folders);
            box.focus();
        }
    }

    function onUpload({ detail: upload }) {
        const name = waitingList.querySelector(`[data-file="${upload.id}"]`);
        if (name !== null) name.dataset.state = stateText(upload);
    }

    function onTakeBack(event) {
        const id = event.target.dataset.takeBack;
        const entry = id === undefined ? null : outbox.takeBack(id);
        if (entry === null) return;
        takeBack(entry);
        box.focus();
    }

    function onKeyDown(event) {
        // A composing input method uses these keys for itself.
        if (event.isComposing || event.keyCode === 229) return;
        if (event.key === "Enter" && !event.shiftKey && (enterSends() || event.ctrlKey || event.metaKey)) send();
        else if (event.key === "Escape" && edited !== null) stopEdit();
        else if (event.key === "ArrowUp" && box.value === "") editLast();
        else return;
        event.preventDefault();
    }

    function onInput() {
        error.textContent = "";
        leaving.hidden = true;
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

    function goOn() {
        leaving.hidden = true;
        box.focus();
    }

    function onEdit(event) {
        edit(event.detail);
    }

    // Somebody may have begun to type before the script came.
    if (box.value === "") box.value = kept(draftKey(place));
    box.readOnly = false;
    if (picker.files.length > 0) onPick();
    const left = readEdit(kept(editKey(place)));
    show();
    if (left !== null) startEdit(left.sequence, left.text, left.original, false);
    box.addEventListener("keydown", onKeyDown);
    box.addEventListener("input", onInput);
    button.addEventListener("click", send);
    editing.querySelector("[data-cancel]").addEventListener("click", stopEdit);
    leaving.addEventListener("keydown", onLeavingKey);
    leaving.querySelector("[data-go-on]").addEventListener("click", goOn);
    leaving.querySelector("[data-aside]").addEventListener("click", keepAside);
    leaving.querySelector("[data-discard]").addEventListener("click", discard);
    addEventListener("enter-key-changed", show);
    pane.addEventListener("message-edit", onEdit);
    picker.addEventListener("change", onPick);
    box.addEventListener("paste", onPaste);
    for (const type of ["dragover", "dragleave", "drop"]) pane.addEventListener(type, onDrag);
    waitingList.addEventListener("click", onTakeBack);
    addEventListener("upload-changed", onUpload);
    outbox.start();
    root.dataset.ready = "";

    return {
        detach() {
            outbox.stop();
            tray.stop();
            picker.removeEventListener("change", onPick);
            box.removeEventListener("paste", onPaste);
            for (const type of ["dragover", "dragleave", "drop"]) pane.removeEventListener(type, onDrag);
            waitingList.removeEventListener("click", onTakeBack);
            removeEventListener("upload-changed", onUpload);
            box.removeEventListener("keydown", onKeyDown);
            box.removeEventListener("input", onInput);
            button.removeEventListener("click", send);
            removeEventListener("enter-key-changed", show);
            pane.removeEventListener("message-edit", onEdit);
        },
    };
}

function readEdit(json) {
    try {
        const { sequence, text, original } = JSON.parse(json);
        return Number.isInteger(sequence) && typeof text === "string" ? { sequence, text, original } : null;
    } catch {
        return null;
    }
}
