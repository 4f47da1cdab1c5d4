// Lists the drafts of this tab, and messages that wait in the outbox of this browser. Only the names of their rooms are read from the server.

import { answered } from "../../../js/circuit/connection.js";
import { draftConversations, draftTime, unsentDrafts } from "../../../js/rooms/drafts.js";
import { outboxConversations, sendable } from "../../../js/rooms/outbox.js";
import { forget, load, store } from "../../../js/shared/storage.js";
import { text } from "../../../js/shared/texts.js";

// Characters of a text that the list shows.
const maxText = 240;

/** @typedef {{ conversation: string, text: string, files: string[], at: number | null, waits: boolean, keys: string[] }} Draft */

/**
 * @param {HTMLElement} root
 * @param {DotNetObject} component
 */
export function attach(root, component) {
    const person = root.dataset.person ?? "";
    const list = /** @type {HTMLElement} */ (root.querySelector("[data-list]"));
    const none = /** @type {HTMLElement} */ (root.querySelector("[data-none]"));
    let isDetached = false;

    async function show() {
        const drafts = draftConversations(person).flatMap(conversation => unsentDrafts(conversation)
            .map(draft => ({ conversation, text: draft.text, files: draft.files, at: draftTime(draft.keys[0]), waits: false, keys: draft.keys })));
        /** @type {Draft[]} */
        const waiting = (await Promise.all(outboxConversations(person).map(async conversation => (await sendable(conversation))
            .map(entry => ({ conversation, text: entry.text, files: entry.files.map(file => file.name), at: null, waits: true, keys: [] }))))).flat();
        const all = [...waiting, ...drafts.sort((a, b) => (b.at ?? 0) - (a.at ?? 0))];
        const names = await nameRooms(all);
        if (isDetached) return;
        list.replaceChildren(...all.map(draft => itemOf(draft, names.get(roomOf(draft)))));
        none.hidden = all.length > 0;
        root.dataset.ready = "";
    }

    /** @param {Draft[]} drafts */
    async function nameRooms(drafts) {
        const ids = [...new Set(drafts.map(roomOf))];
        if (ids.length === 0) return new Map();
        try {
            /** @type {{ id: number, name: string }[]} */
            const rooms = await answered(() => component.invokeMethodAsync("NameRoomsAsync", ids));
            return new Map(rooms.map(({ id, name }) => [id, name]));
        } catch {
            // The connection is lost: the drafts are listed without the names.
            return new Map(ids.map(id => [id, text("Room", id)]));
        }
    }

    /**
     * @param {Draft} draft
     * @param {string | undefined} room
     */
    function itemOf(draft, room) {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = addressOf(draft.conversation);
        const head = document.createElement("span");
        head.className = "line-list-head";
        const name = document.createElement("bdi");
        name.className = "draft-room";
        name.textContent = room ?? text("RoomGone");
        head.append(name);
        if (draft.waits) head.append(text("DraftWaiting"));
        else if (draft.at !== null) head.append(timeOf(draft.at));
        const words = document.createElement("span");
        words.className = "draft-text";
        words.dir = "auto";
        words.textContent = [draft.text.slice(0, maxText), ...draft.files].filter(part => part !== "").join("\n");
        link.append(head, words);
        item.append(link);
        if (!draft.waits) {
            item.append(buttonOf(text("Delete"), text("DeleteDraft", words.textContent), () => remove(draft, item)));
        }
        return item;
    }

    /**
     * @param {Draft} draft
     * @param {HTMLElement} item It offers to undo it.
     */
    function remove(draft, item) {
        const stored = draft.keys.map(key => ({ key, value: load(key) }));
        const shown = [...item.childNodes];
        for (const key of draft.keys) forget(key);
        dispatchEvent(new Event("drafts-changed"));
        const note = document.createElement("span");
        note.className = "draft-deleted";
        note.setAttribute("role", "status");
        note.textContent = text("DraftDeleted");
        const undo = buttonOf(text("Undo"), "", () => {
            for (const { key, value } of stored) if (value !== null) store(key, value);
            dispatchEvent(new Event("drafts-changed"));
            item.replaceChildren(...shown);
            item.querySelector("button")?.focus();
        });
        item.replaceChildren(note, undo);
        undo.focus();
    }

    show();
    return {
        detach() {
            isDetached = true;
        },
    };
}

/** @param {Draft} draft */
const roomOf = draft => Number(draft.conversation.split("/")[1].split("-")[0]);

/** @param {string} conversation The person, and the room with the first message of a thread: 5/12-42. */
function addressOf(conversation) {
    return `rooms/${conversation.split("/")[1].replace("-", "/")}`;
}

/** @param {number} at */
function timeOf(at) {
    const time = document.createElement("time");
    time.dateTime = new Date(at).toISOString();
    time.dataset.time = "short";
    return time;
}

/**
 * @param {string} words
 * @param {string} label "" for the words.
 * @param {() => void} click
 */
function buttonOf(words, label, click) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = words;
    if (label !== "") button.ariaLabel = label;
    button.addEventListener("click", click);
    return button;
}
