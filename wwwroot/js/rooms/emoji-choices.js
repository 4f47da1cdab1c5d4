// What a browser remembers of the choices of emoji, and the groups and skin tones to choose from.

import { load, store } from "../shared/storage.js";
import { text } from "../shared/texts.js";

const recentKey = "emoji-recent";
const toneKey = "emoji-tone";
const maxRecent = 24;

export const groups = [
    { name: "recent", sign: "🕘", label: text("EmojiRecent") },
    { name: "smileys", sign: "😀", label: text("EmojiSmileys") },
    { name: "people", sign: "👋", label: text("EmojiPeople") },
    { name: "nature", sign: "🐻", label: text("EmojiNature") },
    { name: "food", sign: "🍔", label: text("EmojiFood") },
    { name: "travel", sign: "🚀", label: text("EmojiTravel") },
    { name: "activities", sign: "⚽", label: text("EmojiActivities") },
    { name: "objects", sign: "💡", label: text("EmojiObjects") },
    { name: "symbols", sign: "❤️", label: text("EmojiSymbols") },
    { name: "flags", sign: "🏳️", label: text("EmojiFlags") },
    { name: "custom", sign: "⭐", label: text("EmojiCustom") },
];

export const tones = [
    { sign: "✋", label: text("SkinToneNone") },
    { sign: "✋🏻", label: text("SkinToneLight") },
    { sign: "✋🏼", label: text("SkinToneMediumLight") },
    { sign: "✋🏽", label: text("SkinToneMedium") },
    { sign: "✋🏾", label: text("SkinToneMediumDark") },
    { sign: "✋🏿", label: text("SkinToneDark") },
];

/** The index of the skin tone that was chosen last. */
export function chosenTone() {
    const tone = load(toneKey, localStorage);
    return tones[tone] === undefined ? 0 : Number(tone);
}

/** @param {number} tone */
export function saveTone(tone) {
    store(toneKey, tone, localStorage);
}

/**
 * The emoji that were chosen last, newest first.
 * @returns {string[]}
 */
export function recentEmoji() {
    const stored = load(recentKey, localStorage);
    return Array.isArray(stored) ? stored.filter(emoji => typeof emoji === "string").slice(0, maxRecent) : [];
}

/** @param {string} emoji */
export function noteRecent(emoji) {
    store(recentKey, [emoji, ...recentEmoji().filter(other => other !== emoji)].slice(0, maxRecent), localStorage);
}
