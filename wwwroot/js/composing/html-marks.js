// The Markdown of what is in a paragraph of HTML. A mark is written only where it applies; elsewhere its text stays without it.

import { isSpaced, letter, runsIn, tick, unspaced } from "./formatting.js";

/** @typedef {{ sign: string, address: string, parts: Part[] }} Mark A sign is **, *, ~~, a backtick, or [ for a link. */
/** @typedef {string | Mark} Part */

const blank = /^\s*$/;

/**
 * @param {Part[]} parts
 * @param {string} [before] The character before them; empty for none.
 * @param {string} [after]
 * @returns {{ text: string, isMarked: boolean }}
 */
export function write(parts, before = "", after = "") {
    let [text, isMarked] = ["", false];
    for (const [index, part] of parts.entries()) {
        if (typeof part === "string") {
            text += /\s$/.test(text) || text === "" && /\s$/.test(before) ? part.replace(/^ +/, "") : part;
            continue;
        }
        const next = firstOf(parts.slice(index + 1)) || after;
        const written = writeMark(part, lastOf(text) || before, next);
        text += written.text;
        isMarked ||= written.isMarked;
    }
    return { text, isMarked };
}

/**
 * Without marks that are around all of it: what is copied from a heading or a button has them by accident.
 * @param {Part[]} parts
 * @returns {Part[]}
 */
export function withoutOuterMarks(parts) {
    const written = parts.filter(part => typeof part !== "string" || !blank.test(part));
    const [only] = written;
    return written.length === 1 && typeof only !== "string" && only.sign !== "[" && only.sign !== tick ? withoutOuterMarks(only.parts) : parts;
}

/**
 * The text of a text node. A mark that is in it stays a character. Addresses have none.
 * @param {string} text
 */
export function escaped(text) {
    return text.split(/(\bhttps?:\/\/\S+)/).map((part, index) => index % 2 === 1 ? part : escapedWords(part)).join("");
}

/** @param {string} text */
function escapedWords(text) {
    return text
        .replace(/(?<![\p{L}\p{N}\\*_~|])(\*{1,3}|_{1,3}|~~|\|\|)(?=[^\s*_~|])(?=[^\n]*\S\1)/gu, mark => mark.replace(/./g, String.raw`\$&`))
        .replace(/\x60(?=[^\x60\n]*\x60)/g, String.raw`\$&`)
        .replace(/\[(?=[^\]\n]*\]\()/g, String.raw`\[`);
}

/**
 * @param {Mark} mark
 * @param {string} before
 * @param {string} after
 */
function writeMark({ sign, address, parts }, before, after) {
    if (sign === tick) return writeCode(parts);
    if (sign === "[") return writeLink(address, parts, before, after);
    const inner = write(parts, "(", ")");
    const core = inner.text.trim();
    if (core === "" || !applies(sign, core, /^\s/.test(inner.text) ? " " : before, /\s$/.test(inner.text) ? " " : after))
        return { text: write(parts, before, after).text, isMarked: inner.isMarked };
    // The blanks at the ends stay outside.
    return { text: inner.text.replace(core, () => `${sign}${core}${sign}`), isMarked: true };
}

/**
 * @param {string} sign
 * @param {string} core
 * @param {string} before
 * @param {string} after
 */
function applies(sign, core, before, after) {
    const [first, last] = [String.fromCodePoint(core.codePointAt(0) ?? 0), lastOf(core)];
    if (core.includes("\n\n") || before === sign[0] || after === sign[0]) return false;
    if (isSpaced(before) && (sign !== "**" || !unspaced.test(first))) return false;
    if (sign !== "**" && (letter.test(before) || /[)\]}]/.test(before))) return false;
    return !(isSpaced(after) && !unspaced.test(last));
}

/** @param {Part[]} parts */
function writeCode(parts) {
    const code = textOf(parts).replace(/\s+/g, " ");
    const core = code.trim();
    if (core === "") return { text: code, isMarked: false };
    const ticks = tick.repeat(1 + Math.max(0, ...runsIn(core, tick)));
    const padding = core.startsWith(tick) || core.endsWith(tick) ? " " : "";
    return { text: code.replace(core, () => `${ticks}${padding}${core}${padding}${ticks}`), isMarked: true };
}

/**
 * @param {string} address
 * @param {Part[]} parts
 * @param {string} before
 * @param {string} after
 */
function writeLink(address, parts, before, after) {
    const words = write(parts, "[", "]").text.replace(/\s+/g, " ");
    const shown = words.trim();
    if (shown === "") return { text: words, isMarked: false };
    const target = address.replace(/[\s()<>\\]/g, encode);
    if (isAddress(shown, address)) {
        // It needs no words, and blanks where a letter would belong to it.
        return { text: `${isSpaced(before) ? " " : ""}${target}${after === "" || /[\s.,;:!?)\]]/.test(after) ? "" : " "}`, isMarked: false };
    }
    const label = shown.replace(/(?<!\\)[[\]]/g, String.raw`\$&`);
    return { text: words.replace(shown, () => `[${label}](${target})`), isMarked: true };
}

/** @param {string} character Also the brackets, which encodeURIComponent leaves. */
function encode(character) {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/**
 * Whether a link shows its own address, or the beginning of it.
 * @param {string} shown
 * @param {string} address
 */
function isAddress(shown, address) {
    const bare = (/** @type {string} */ text) => text.replace(/^(?:https?:\/\/)?(?:www\.)?/i, "").replace(/\/$/, "");
    const [words, whole] = [bare(shown.replace(/\\(.)/g, "$1")), bare(address)];
    let decoded = whole;
    try {
        decoded = decodeURI(whole);
    } catch {
        // It is shown as it is.
    }
    return words === whole || words === decoded || (/(?:…|\.{3})$/.test(words) && whole.startsWith(words.replace(/(?:…|\.{3})$/, "")));
}

/**
 * @param {Part[]} parts
 * @returns {string}
 */
export function textOf(parts) {
    return parts.map(part => typeof part === "string" ? part : textOf(part.parts)).join("");
}

/** @param {Part[]} parts */
function firstOf(parts) {
    const text = textOf(parts);
    return text === "" ? "" : String.fromCodePoint(text.codePointAt(0) ?? 0);
}

/** @param {string} text */
function lastOf(text) {
    return [...text.slice(-2)].at(-1) ?? "";
}
