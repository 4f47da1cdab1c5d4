// The composer: its text, its draft and its outbox are in the browser. A message leaves the outbox when the server has stored it; until then
// it is sent again under the same id. While a message is edited, its text is in the box, and the draft waits; a saved edit goes through
// the outbox, too.

import { Completion } from "../../../js/rooms/completion.js";
import { answered, connection } from "../../../js/circuit/connection.js";
import { closest, replaceText, textOf } from "../../../js/shared/dom.js";
import { changesKey, draftKey, editKey, loadDraft, saveDraft } from "../../../js/rooms/drafts.js";
import { Formatting, nameOfKey } from "../../../js/composing/formatting-bar.js";
import { escapedAgain, readCommand, unescaped } from "../../../js/composing/commands.js";
import { Pasting } from "../../../js/composing/pasting.js";
import { enterSends } from "../../../js/rooms/enter-key.js";
import { mentionsHere, mentionsRoom } from "../../../js/rooms/mentions.js";
import { LaterMessage } from "../../../js/composing/later.js";
import { Outbox } from "../../../js/rooms/outbox.js";
import { moment } from "../../../js/shared/moment.js";
import { newId } from "../../../js/shared/ids.js";
import { forget, load, store } from "../../../js/shared/storage.js";
import { text } from "../../../js/shared/texts.js";
import { stateText, Tray } from "../../../js/files/tray.js";
import { dropped, findUpload, pasted } from "../../../js/files/uploads.js";

/** @typedef {import("../../../js/rooms/outbox.js").Entry} Entry */

// Others are notified at most as often, in milliseconds, that somebody is typing.
const typingInterval = 3000;

// A mention of the room that calls more people is sent only after a question.
const fewPeople = 10;

const isTouch = matchMedia("(pointer: coarse)");

/**
 * @param {HTMLElement} root
 * @param {DotNetObject} composer
 */
export function attach(root, composer) {
    const { conversation = "", maxSizeText = "" } = root.dataset;
    const maxLength = Number(root.dataset.maxLength);
    const messageCommands = (root.dataset.messageCommands ?? "").split(" ");
    const otherCommands = (root.dataset.otherCommands ?? "").split(" ");
    // The conversation of a thread is that of its room with its first message: 5/12-42.
    const [room, thread] = (conversation.split("/")[1] ?? "").split("-");
    const target = { owner: "room", ownerId: room };
    const pane = /** @type {HTMLElement} */ (root.parentElement);
    const box = root.querySelector("textarea");
    const button = root.querySelector("[data-send]");
    const editing = root.querySelector("[data-editing]");
    const leaving = root.querySelector("[data-leaving]");
    const calling = root.querySelector("[data-calling]");
    const error = root.querySelector("[data-error]");
    const picker = /** @type {HTMLInputElement} */ (root.querySelector("[data-picker]"));
    const outboxList = root.querySelector("[data-outbox]");
    const names = root.querySelector("[data-names]");
    const alsoInRoom = /** @type {HTMLInputElement | null} */ (root.querySelector("[data-also]"));
    const listeners = new AbortController();
    const { signal } = listeners;
    // The message that is edited, its stored text, and the content of the box before the edit.
    /** @type {number | null} */
    let edited = null;
    let original = "";
    let draft = "";
    let requested = 0;
    let typed = 0;
    let asked = 0;
    /** @type {import("../../../js/composing/preview.js").Preview | null} */
    let preview = null;
    let previewed = 0;
    let isRunning = false;
    // What follows the question whether many are to be notified.
    let confirmed = put;

    if (thread !== undefined) {
        // The composer of the room may be on the page too.
        for (const element of [error, names]) element.id += "-thread";
        box.setAttribute("aria-describedby", error.id);
    }
    const completion = new Completion(
        box,
        names,
        (source, part) => {
            if (source === "/") return edited === null ? call("GetCommandsAsync") : Promise.reject();
            return call(source === "#" ? "GetRoomsAsync" : source === "@" ? "GetPeopleAsync" : "GetOthersAsync", part);
        },
        mark => mark === "@" && edited === null && otherCommands.includes(readCommand(box.value)?.name ?? "") ? "others" : mark);
    const formatting = new Formatting(root, box, { preview: togglePreview, write: () => preview?.close(), fail: showError }, signal);
    const pasting = new Pasting(box, maxLength, signal);
    const tray = new Tray(
        conversation,
        target,
        root.querySelector("[data-files]"),
        { files: Number(root.dataset.maxFiles), size: Number(root.dataset.maxSize), sizeText: maxSizeText },
        showError);
    const later = new LaterMessage(call, target);
    const outbox = new Outbox(conversation, outboxList, {
        prepare,
        send: entry => entry.sequence === null
            ? composer.invokeMethodAsync("SendAsync", entry.id, entry.text, entry.files.map(file => file.id), entry.alsoInRoom)
            : composer.invokeMethodAsync("EditAsync", entry.sequence, entry.text),
        noted: showError,
        refused: (entry, reason) => {
            restore(entry);
            showError(reason);
        },
    });

    /** @param {string} method @param {...unknown} args */
    function call(method, ...args) {
        return answered(() => composer.invokeMethodAsync(method, ...args));
    }

    async function createPoll() {
        try {
            const said = await call("CreatePollAsync");
            if (said === null) return;
            pane.dispatchEvent(new CustomEvent("message-written"));
            pane.dispatchEvent(new CustomEvent("messages-notice", { detail: said }));
        } catch {
            showError(text("ConnectionLost"));
        }
    }

    root.addEventListener("click", event => {
        if (closest(event, "[data-poll-open]") !== null) createPoll();
    }, { signal });

    /** @param {string} reason */
    function showError(reason) {
        error.textContent = reason;
    }

    /**
     * @param {Entry} entry
     * @returns {Promise<import("../../../js/rooms/outbox.js").Answer>}
     */
    async function prepare(entry) {
        for (const file of entry.files) {
            const upload = findUpload(target, file);
            const state = await upload.finish();
            if (state !== "ready") return { status: state === "failed" ? "Failed" : "Refused", reason: upload.reason };
        }
        return { status: "Accepted" };
    }

    /** @param {Entry} entry Its text and files return to the draft. */
    function restore(entry) {
        preview?.close();
        if (entry.text !== "") {
            const again = entry.sequence === null ? escapedAgain(entry.text, messageCommands) : entry.text;
            const joined = [again, edited === null ? box.value : draft].filter(text => text !== "").join("\n");
            if (edited === null) box.value = joined;
            else draft = joined;
            saveDraft(draftKey(conversation), joined);
        }
        tray.restore(entry.files);
        if (alsoInRoom !== null) alsoInRoom.checked = entry.alsoInRoom;
    }

    function saveText() {
        if (edited === null) saveDraft(draftKey(conversation), box.value);
        else if (!store(editKey(conversation), { sequence: edited, text: box.value, original })) forget(editKey(conversation));
    }

    /**
     * @param {number} sequence
     * @param {string} text
     * @param {string} before The stored text of the message.
     * @param {boolean} reveal Whether the message is scrolled into view.
     */
    function startEdit(sequence, text, before, reveal) {
        if (edited === null) draft = box.value;
        edited = sequence;
        original = before;
        box.value = text;
        saveText();
        show();
        publishEdited(reveal);
    }

    function endEdit() {
        edited = null;
        box.value = draft;
        forget(editKey(conversation));
        show();
        publishEdited(false);
    }

    /** @param {boolean} reveal The list of messages marks the edited one. It may be attached later, and reads it from the pane then. */
    function publishEdited(reveal) {
        if (edited === null) delete pane.dataset.edited;
        else pane.dataset.edited = `${edited}`;
        pane.dispatchEvent(new CustomEvent("message-editing", { detail: { sequence: edited, reveal } }));
    }

    // Asks before changes are discarded.
    function stopEdit() {
        if (box.value === original) {
            endEdit();
            box.focus();
        } else {
            leaving.hidden = false;
            leaving.querySelector("button").focus();
        }
    }

    /** @param {KeyboardEvent} event */
    function onLeavingKey(event) {
        if (event.key !== "Escape") return;
        event.preventDefault();
        continueEdit();
    }

    /** @param {string} changes They are shown when the message is edited again; "" for none. */
    function leaveEdit(changes) {
        if (edited !== null) saveDraft(changesKey(conversation, edited), changes);
        endEdit();
        box.focus();
    }

    function show() {
        const isEdit = edited !== null;
        editing.hidden = !isEdit;
        editing.querySelector("span").textContent = text(isEdit && box.value !== original ? "EditingUnsaved" : "EditingMessage");
        leaving.hidden = true;
        calling.hidden = true;
        preview?.close();
        button.ariaLabel = text(isEdit ? "Save" : "Send");
        showKeys();
        showError("");
    }

    function showKeys() {
        const label = button.ariaLabel ?? "";
        button.title = enterSends() ? text("ByEnter", label) : text("ByKeys", label, nameOfKey({ letter: "enter", shift: false }));
        box.enterKeyHint = enterSends() ? "send" : "enter";
    }

    /** @param {number} sequence */
    async function edit(sequence) {
        const request = ++requested;
        try {
            const before = await call("GetText", sequence);
            if (before === null || request !== requested) return;
            if (edited !== null && edited !== sequence && box.value !== original) saveDraft(changesKey(conversation, edited), box.value);
            const changed = loadDraft(changesKey(conversation, sequence)) || before;
            startEdit(sequence, changed, before, true);
            box.focus();
            box.setSelectionRange(changed.length, changed.length);
        } catch {
            showError(text("ConnectionLost"));
        }
    }

    /** @param {string} link It becomes a line of its own. */
    function quote(link) {
        preview?.close();
        const { value } = box;
        replaceText(box, value.length, value.length, `${value === "" || value.endsWith("\n") ? "" : "\n"}${link}\n`);
    }

    function editLast() {
        const me = pane.querySelector("[data-actions]").dataset.me;
        const last = [...pane.querySelectorAll(`article[data-author="${me}"]:not([data-deleted])`)].at(-1);
        if (last !== undefined) edit(Number(last.dataset.sequence));
    }

    /**
     * Why the content of the box can't be sent; "" when it can.
     * @param {string} written
     */
    function findProblem(written) {
        if (written.trim() === "" && (edited === null ? tray.isEmpty : !hasFiles(edited))) return text("MessageEmpty");
        if (written.length > maxLength) return text("MessageTooLong", maxLength, written.length);
        const refused = edited === null ? tray.refused : undefined;
        return refused === undefined ? "" : text("FileRemovable", refused.name, refused.reason);
    }

    // A new message may have two slashes instead of one.
    function writtenText() {
        return edited === null ? unescaped(textOf(box), messageCommands) : textOf(box);
    }

    function send() {
        const command = edited === null ? readCommand(textOf(box)) : null;
        if (command !== null && (command.text === "" || !messageCommands.includes(command.name))) {
            run(command);
            return;
        }
        const written = writtenText();
        const problem = findProblem(written);
        showError(problem);
        if (problem !== "") return;
        const isNew = [mentionsRoom, mentionsHere].some(mentions => mentions(written) && (edited === null || !mentions(original)));
        confirmed = put;
        // Where it stays text, the answer of the server has a mark.
        if (isNew && !("roomIsText" in root.dataset)) askRoom(written);
        else put(written);
    }

    // The text and the files stay until the message is scheduled.
    function sendLater() {
        if (edited !== null) return;
        const command = readCommand(textOf(box));
        const isCommand = command !== null && (command.text === "" || !messageCommands.includes(command.name));
        const written = writtenText();
        const problem = isCommand ? text("CommandLater") : findProblem(written);
        showError(problem);
        if (problem !== "") return;
        confirmed = schedule;
        if ([mentionsRoom, mentionsHere].some(mentions => mentions(written)) && !("roomIsText" in root.dataset)) askRoom(written);
        else schedule(written);
    }

    async function recordVoice() {
        showError("");
        try {
            const { record } = await import("../../../js/composing/voice.js");
            record(root.querySelector("[data-voice-panel]"), {
                target,
                send: file => {
                    outbox.add("", null, [file], alsoInRoom?.checked ?? false);
                    if (alsoInRoom !== null) alsoInRoom.checked = false;
                    root.dispatchEvent(new Event("message-written", { bubbles: true }));
                },
                fail: showError,
                ended: () => mic.focus(),
            }, signal);
        } catch {
            showError(text("ConnectionLost"));
        }
    }

    /** @param {string} written */
    async function schedule(written) {
        calling.hidden = true;
        const before = box.value;
        // The dialog returns the focus to where it was. On a phone the keyboard would cover the dialog.
        if (!isTouch.matches) box.focus();
        const { dueAt, reason } = await later.schedule(written, tray.files, alsoInRoom?.checked ?? false);
        if (signal.aborted) return;
        showError(reason);
        if (dueAt === null) return;
        preview?.close();
        tray.drain();
        if (alsoInRoom !== null) alsoInRoom.checked = false;
        if (box.value === before) box.value = "";
        saveText();
        pane.dispatchEvent(new CustomEvent("messages-notice", { detail: text("MessageScheduled", dueAt) }));
    }

    /** Whether only the thread shows what is written or edited here, so that it calls those who follow the thread, and nobody else. */
    function isOnlyInThread() {
        if (!("inThread" in root.dataset)) return false;
        if (edited === null) return !(alsoInRoom?.checked ?? false);
        // The key of a message that the room shows is its position there.
        return Number(pane.querySelector(`article[data-sequence="${edited}"]`)?.dataset.key ?? 0) <= 0;
    }

    /** @type {{ id: string, content: string } | null} The command that was given last, while it has no answer. */
    let unanswered = null;

    /** @param {{ name: string, text: string }} command Its text stays until it was done, and when it was refused. */
    async function run({ name, text: argument }) {
        if (isRunning) return;
        showError(tray.isEmpty ? "" : text("CommandWithFiles"));
        if (!tray.isEmpty) return;
        isRunning = true;
        const before = box.value;
        // Given again because no answer came, it is the same command.
        if (unanswered?.content !== before) unanswered = { id: newId(), content: before };
        try {
            /** @type {import("../../../js/rooms/outbox.js").Answer} */
            const { status, reason, at } = await call("RunCommandAsync", unanswered.id, name, argument);
            unanswered = null;
            if (status !== "Accepted") {
                showError(reason ?? "");
                return;
            }
            if (edited === null && box.value === before) {
                preview?.close();
                box.value = "";
                saveText();
            }
            pane.dispatchEvent(new CustomEvent("messages-notice", { detail: at ? reason?.replace("{0}", moment(at)) : reason }));
        } catch {
            showError(text(connection.isLost ? "ConnectionLost" : "CommandFailed"));
        } finally {
            isRunning = false;
        }
    }

    /** @param {string} written It is sent at once when it calls few people. */
    async function askRoom(written) {
        const go = confirmed;
        if (isOnlyInThread()) {
            await askThread(written);
            return;
        }
        const request = ++asked;
        const isRoom = mentionsRoom(written);
        /** @type {number | null} */
        let called = null;
        try {
            called = isRoom ? await completion.countCalled() : await call("CountHereAsync");
        } catch {
            // The connection is lost, and the number unknown.
        }
        if (request !== asked || signal.aborted || writtenText() !== written) return;
        if (called !== null && called <= fewPeople) {
            go(written);
            return;
        }
        ask(
            text(isRoom ? "NotifyRoomQuestion" : "NotifyHereQuestion"),
            called === null ? text(isRoom ? "NotifiesRoom" : "NotifiesHere") : text(isRoom ? "NotifiesPeople" : "NotifiesOnline", called));
    }

    /** @param {string} written Its author may expect that it calls more people than it does. */
    async function askThread(written) {
        const request = ++asked;
        /** @type {number | null} */
        let called = null;
        try {
            called = await call("CountFollowersAsync");
        } catch {
            // The connection is lost, and the number unknown.
        }
        if (request !== asked || signal.aborted || writtenText() !== written) return;
        ask(
            text("NotifyThreadQuestion"),
            called === null || called === 0 ? text(called === 0 ? "NotifiesNobodyInThread" : "NotifiesThread") : text("NotifiesFollowers", called));
    }

    /**
     * @param {string} label
     * @param {string} words
     */
    function ask(label, words) {
        calling.ariaLabel = label;
        calling.querySelector("span").textContent = words;
        calling.hidden = false;
        calling.querySelector("button").focus();
    }

    function stopCalling() {
        calling.hidden = true;
        box.focus();
    }

    /** @param {KeyboardEvent} event */
    function onCallingKey(event) {
        if (event.key !== "Escape") return;
        event.preventDefault();
        stopCalling();
    }

    /** @param {string} written */
    function put(written) {
        calling.hidden = true;
        preview?.close();
        if (edited !== null) {
            outbox.add(written, edited);
            leaveEdit("");
            return;
        }
        const [files, isInRoom] = [tray.drain(), alsoInRoom?.checked ?? false];
        outbox.add(written, null, files, isInRoom, later.idOf(written, files, isInRoom));
        if (alsoInRoom !== null) alsoInRoom.checked = false;
        root.dispatchEvent(new Event("message-written", { bubbles: true }));
        box.value = "";
        saveText();
        box.focus();
    }

    // What is written as it will look, by the server; or the text again.
    async function togglePreview() {
        const request = ++previewed;
        if (preview?.isOpen) {
            preview.close();
            return;
        }
        const written = writtenText();
        const problem = written.trim() === "" ? text("MessageEmpty") : written.length > maxLength ? text("MessageTooLong", maxLength, written.length) : "";
        showError(problem);
        if (problem !== "") return;
        try {
            /** @type {[typeof import("../../../js/composing/preview.js"), import("../../../js/composing/preview.js").Answer]} */
            const [{ Preview }, { html, reason }] = await Promise.all([
                import("../../../js/composing/preview.js"), call("PreviewAsync", written)]);
            if (request !== previewed || signal.aborted || writtenText() !== written) return;
            preview ??= new Preview(root, box, signal);
            if (html === null) showError(reason ?? "");
            else preview.open(html);
        } catch {
            showError(text("ConnectionLost"));
        }
    }

    /** @param {number} sequence */
    function hasFiles(sequence) {
        return pane.querySelectorAll(`article[data-sequence="${sequence}"] .attachments`).length > 0;
    }

    function onPick() {
        showError("");
        tray.add(picker.files ?? []);
        picker.value = "";
        box.focus();
    }

    /** @param {ClipboardEvent} event */
    function onPaste(event) {
        const files = pasted(event.clipboardData);
        if (files.length === 0) {
            if (pasting.paste(event)) event.preventDefault();
            return;
        }
        event.preventDefault();
        showError("");
        tray.add(files);
    }

    /** @param {DragEvent} event */
    function onDrag(event) {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        pane.toggleAttribute("data-dropping", event.type === "dragover");
        if (event.type === "drop") {
            showError("");
            const { files, folders } = dropped(event.dataTransfer);
            tray.add(files, folders);
            box.focus();
        }
    }

    /** @param {Event} event */
    function onUpload(event) {
        const { detail: upload } = /** @type {CustomEvent<import("../../../js/files/uploads.js").Upload>} */ (event);
        for (const name of outboxList.querySelectorAll(`[data-file="${upload.id}"]`)) name.dataset.state = stateText(upload);
    }

    /** @param {MouseEvent} event */
    function onOutboxClick(event) {
        const id = closest(event, "[data-cancel-entry]")?.dataset.cancelEntry;
        const entry = id === undefined ? null : outbox.cancel(id);
        if (entry === null) return;
        restore(entry);
        box.focus();
    }

    /** @param {KeyboardEvent} event */
    function onKeyDown(event) {
        // An input method uses these keys while it composes.
        if (event.isComposing || event.keyCode === 229) return;
        if (completion.onKeyDown(event) || formatting.onKeyDown(event)) {
            event.preventDefault();
            return;
        }
        if (event.key === "Enter" && event.altKey) sendLater();
        else if (event.key === "Enter" && !event.shiftKey && (enterSends() || event.ctrlKey || event.metaKey)) send();
        else if (event.key === "Escape" && edited !== null) stopEdit();
        else if (event.key === "ArrowUp" && box.value === "") editLast();
        else return;
        event.preventDefault();
    }

    function onInput() {
        showError("");
        leaving.hidden = true;
        calling.hidden = true;
        saveText();
        if (edited === null && box.value !== "") publishTyping();
    }

    function publishTyping() {
        const now = performance.now();
        if (connection.isLost || (typed !== 0 && now - typed < typingInterval)) return;
        typed = now;
        composer.invokeMethodAsync("TypingAsync").catch(() => {
            // The connection is lost; the next letter publishes it again.
        });
    }

    function continueEdit() {
        leaving.hidden = true;
        box.focus();
    }

    // Somebody may have typed or picked files before this script was attached.
    if (box.value === "") box.value = loadDraft(draftKey(conversation));
    box.readOnly = false;
    picker.disabled = false;
    if (picker.files !== null && picker.files.length > 0) onPick();
    show();
    const left = load(editKey(conversation));
    if (Number.isInteger(left?.sequence) && typeof left.text === "string") startEdit(left.sequence, left.text, left.original, false);
    box.addEventListener("keydown", onKeyDown, { signal });
    box.addEventListener("input", onInput, { signal });
    box.addEventListener("paste", onPaste, { signal });
    button.addEventListener("click", send, { signal });
    root.querySelector("[data-later]").addEventListener("click", sendLater, { signal });
    picker.addEventListener("change", onPick, { signal });
    editing.querySelector("[data-cancel]").addEventListener("click", stopEdit, { signal });
    leaving.addEventListener("keydown", onLeavingKey, { signal });
    leaving.querySelector("[data-go-on]").addEventListener("click", continueEdit, { signal });
    leaving.querySelector("[data-aside]").addEventListener("click", () => leaveEdit(box.value), { signal });
    leaving.querySelector("[data-discard]").addEventListener("click", () => leaveEdit(""), { signal });
    calling.addEventListener("keydown", onCallingKey, { signal });
    calling.querySelector("[data-call-not]").addEventListener("click", stopCalling, { signal });
    calling.querySelector("[data-call]").addEventListener("click", () => confirmed(writtenText()), { signal });
    outboxList.addEventListener("click", onOutboxClick, { signal });
    const mic = root.querySelector("[data-mic]");
    if (typeof MediaRecorder === "function" && navigator.mediaDevices !== undefined) mic.dataset.supported = "";
    mic.addEventListener("click", recordVoice, { signal });
    pane.addEventListener("message-edit", event => edit(/** @type {CustomEvent<number>} */ (event).detail), { signal });
    pane.addEventListener("message-quote", event => quote(/** @type {CustomEvent<string>} */ (event).detail), { signal });
    for (const type of /** @type {const} */ (["dragover", "dragleave", "drop"])) pane.addEventListener(type, onDrag, { signal });
    addEventListener("enter-key-changed", showKeys, { signal });
    addEventListener("upload-changed", onUpload, { signal });
    outbox.start();
    root.dataset.ready = "";

    return {
        detach() {
            outbox.stop();
            tray.stop();
            completion.stop();
            listeners.abort();
            // The list of messages may stay, as in a room that was archived. The next composer continues the edit.
            edited = null;
            publishEdited(false);
        },
    };
}
