// Texts that are written and not yet sent. They are in the storage of the tab until they are sent or the tab is closed.

import { forget, load, store } from "./storage.js";

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
export const changesKey = (place, sequence) => `changes/${place}/${sequence}`;
