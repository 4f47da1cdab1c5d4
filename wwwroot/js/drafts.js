// Texts that are written and not yet sent. They are in the storage of the tab until they are sent or the tab is closed.

import { forget, keysOf, load, store } from "./storage.js";

/**
 * @param {string} key
 * @param {string} text
 */
export function saveDraft(key, text) {
    // When the storage is full, an older text must not return instead of this one.
    if (text === "" || !store(key, text)) forget(key);
}

/**
 * @param {string} key
 * @returns {string}
 */
export const loadDraft = key => load(key) ?? "";

/** @param {string} place */
export const draftKey = place => `draft/${place}`;

/** @param {string} place */
export const editKey = place => `edit/${place}`;

/**
 * The key of unsaved changes to a message that is no longer edited.
 * @param {string} place
 * @param {number} sequence
 */
export const changesKey = (place, sequence) => `${changesPrefix(place)}${sequence}`;

/** @param {string} place */
export const filesKey = place => `files/${place}`;

/** @param {string} place */
const changesPrefix = place => `changes/${place}/`;

/**
 * What was written in a place of this tab and not sent: the draft with the names of its files, the message that was edited last, and changes to
 * others.
 * @param {string} place
 * @returns {{ text: string, files: string[], keys: string[] }[]} With the keys in the storage of the tab.
 */
export function unsentDrafts(place) {
    const edit = load(editKey(place));
    const files = load(filesKey(place));
    const drafts = [
        {
            text: loadDraft(draftKey(place)),
            files: Array.isArray(files) ? files.map(file => `${file.name}`) : [],
            keys: [draftKey(place), filesKey(place)],
        },
        { text: typeof edit?.text === "string" && edit.text !== edit.original ? edit.text : "", files: [], keys: [editKey(place)] },
        ...keysOf(changesPrefix(place)).map(key => ({ text: loadDraft(key), files: [], keys: [key] })),
    ];
    return drafts.filter(draft => draft.text !== "" || draft.files.length > 0);
}
