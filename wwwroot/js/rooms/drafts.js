// Texts that are written and not yet sent. They are in the storage of the tab until they are sent or the tab is closed.

import { forget, keysOf, load, store } from "../shared/storage.js";

/**
 * @param {string} key
 * @param {string} text
 */
export function saveDraft(key, text) {
    // When the storage is full, an older text must not return instead of this one.
    if (text === "" || !store(key, text)) {
        forget(key);
        forget(timeKey(key));
    } else {
        store(timeKey(key), Date.now());
    }
}

/**
 * When a draft was changed last, in milliseconds since 1970; null when it is unknown.
 * @param {string} key
 * @returns {number | null}
 */
export function draftTime(key) {
    const at = load(timeKey(key));
    return typeof at === "number" ? at : null;
}

/** @param {string} key */
const timeKey = key => `at/${key}`;

/**
 * @param {string} key
 * @returns {string}
 */
export const loadDraft = key => load(key) ?? "";

/** @param {string} conversation */
export const draftKey = conversation => `draft/${conversation}`;

/** @param {string} conversation */
export const editKey = conversation => `edit/${conversation}`;

/**
 * The key of unsaved changes to a message that is no longer edited.
 * @param {string} conversation
 * @param {number} sequence
 */
export const changesKey = (conversation, sequence) => `${changesPrefix(conversation)}${sequence}`;

/** @param {string} conversation */
export const filesKey = conversation => `files/${conversation}`;

/** @param {string} conversation */
const changesPrefix = conversation => `changes/${conversation}/`;

/**
 * The conversations of a person in which something was written in this tab and not sent.
 * @param {string} person
 */
export function draftConversations(person) {
    const prefixes = ["draft", "edit", "files", "changes"].map(kind => `${kind}/${person}/`);
    const found = prefixes.flatMap(prefix => keysOf(prefix).map(key => `${person}/${key.slice(prefix.length).split("/")[0]}`));
    return [...new Set(found)];
}

/**
 * What was written in a conversation in this tab and not sent: the draft with the names of its files, the message that was edited last, and changes to
 * others.
 * @param {string} conversation
 * @returns {{ text: string, files: string[], keys: string[] }[]} With the keys in the storage of the tab.
 */
export function unsentDrafts(conversation) {
    const edit = load(editKey(conversation));
    const files = load(filesKey(conversation));
    const drafts = [
        {
            text: loadDraft(draftKey(conversation)),
            files: Array.isArray(files) ? files.map(file => `${file.name}`) : [],
            keys: [draftKey(conversation), filesKey(conversation)],
        },
        { text: typeof edit?.text === "string" && edit.text !== edit.original ? edit.text : "", files: [], keys: [editKey(conversation)] },
        ...keysOf(changesPrefix(conversation)).map(key => ({ text: loadDraft(key), files: [], keys: [key] })),
    ];
    return drafts.filter(draft => draft.text !== "" || draft.files.length > 0);
}
