// What the formatting keys do to a text with a selection. docs/markdown.md describes where marks apply; a mark is put only where it does.

/**
 * @typedef {object} Change
 * @property {number} start
 * @property {number} end
 * @property {string} text What replaces the characters from start to end.
 * @property {number} from The selection afterwards.
 * @property {number} to
 */
/** @typedef {{ start: number, end: number }} Part */
/** @typedef {{ outer: Part, core: Part, count: number, isOn: boolean }} Run A part with the marks around it, of which count are on each side. */

// Not as itself, which would begin a template.
export const tick = "\x60";

/** @type {Record<string, string>} */
const signs = { bold: "**", italic: "*", strike: "~~", code: tick };

export const letter = /[\p{L}\p{N}\p{M}]/u;
export const unspaced = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}々〇ー]/u;
const prefix = /^\s*(?:(?:>|[-*]|\d+\.|#{1,6}|\[[ x]\])\s+)*/;
const fence = /^ {0,3}\x60{3,}/;
const quoted = /^ {0,3}> ?/;

/**
 * Puts marks around what is selected, or removes them.
 * @param {string} kind bold, italic, strike, code, block, quote or link.
 * @param {string} value
 * @param {number} from
 * @param {number} to
 * @returns {Change | null} Null when there is nothing to mark.
 */
export function format(kind, value, from, to) {
    if (kind === "quote") return quote(value, from, to);
    if (kind === "link") return link(value, from, to);
    if (kind === "block" || (kind === "code" && value.slice(from, to).trim().includes("\n"))) return block(value, from, to);
    return mark(signs[kind], value, from, to);
}

/**
 * @param {string} sign
 * @param {string} value
 * @param {number} from
 * @param {number} to
 * @returns {Change | null}
 */
function mark(sign, value, from, to) {
    const isCaret = from === to;
    const end = isCaret ? endOfMarked(sign, value, from) : -1;
    if (end >= 0) return { start: from, end: from, text: "", from: end, to: end };
    const runs = (isCaret ? [wordAt(value, from)] : partsOf(value, from, to)).map(part => runOf(sign, value, part));
    if (runs.length === 0) return null;
    const isOn = runs.every(run => run.isOn);
    const changes = runs.filter(run => run.isOn === isOn).map(run => isOn ? unmarked(sign, value, run) : marked(sign, value, run));
    return join(value, changes, isCaret ? from : -1);
}

/**
 * The end of the marks that end at the caret, when something is marked by them: a second Ctrl+B continues after what is bold. -1 for none.
 * @param {string} sign
 * @param {string} value
 * @param {number} at
 */
function endOfMarked(sign, value, at) {
    const run = countAfter(value, at, sign[0]);
    const before = value.slice(value.lastIndexOf("\n", at - 1) + 1, at);
    if (!isMark(sign, run) || /(?:^|\s)$/.test(before) || before.endsWith(sign[0])) return -1;
    const opened = runsIn(before, sign[0]).filter(length => isMark(sign, length)).length;
    return opened % 2 === 1 ? at + (sign === tick ? run : sign.length) : -1;
}

/**
 * Whether a run of marks has this one: three asterisks are bold and italic.
 * @param {string} sign
 * @param {number} length
 */
function isMark(sign, length) {
    if (sign === tick) return length > 0;
    return length === sign.length || (sign[0] === "*" && length === 3);
}

/**
 * The word at the caret, whose marks would be text within it; the caret itself where no such word is.
 * @param {string} value
 * @param {number} at
 * @returns {Part}
 */
function wordAt(value, at) {
    let [start, end] = [at, at];
    while (isSpaced(charBefore(value, start))) start -= charBefore(value, start).length;
    while (isSpaced(charAt(value, end))) end += charAt(value, end).length;
    return { start, end };
}

/**
 * What is marked of each selected line: without its beginning as a list or a quotation, and without blanks at its ends.
 * @param {string} value
 * @param {number} from
 * @param {number} to
 */
function partsOf(value, from, to) {
    /** @type {Part[]} */
    const parts = [];
    let start = from;
    for (const line of value.slice(from, to).split("\n")) {
        const isWhole = start === 0 || value[start - 1] === "\n";
        const skipped = isWhole ? prefix.exec(line)?.[0].length ?? 0 : 0;
        const text = line.slice(skipped);
        const first = start + skipped + text.length - text.trimStart().length;
        if (text.trim() !== "") parts.push({ start: first, end: first + text.trim().length });
        start += line.length + 1;
    }
    return parts;
}

/**
 * @param {string} sign
 * @param {string} value
 * @param {Part} part
 * @returns {Run}
 */
function runOf(sign, value, { start, end }) {
    const inside = value.slice(start, end);
    const isAllMarks = countAfter(inside, 0, sign[0]) === inside.length;
    const innerLeft = isAllMarks ? 0 : countAfter(inside, 0, sign[0]);
    const innerRight = isAllMarks ? 0 : countBefore(inside, inside.length, sign[0]);
    const left = innerLeft + countBefore(value, start, sign[0]);
    const right = innerRight + countAfter(value, end, sign[0]);
    const count = Math.min(left, right);
    const [usedLeft, usedRight] = [Math.min(innerLeft, count), Math.min(innerRight, count)];
    return {
        outer: { start: start - (count - usedLeft), end: end + (count - usedRight) },
        core: { start: start + usedLeft, end: end - usedRight },
        count,
        isOn: isMark(sign, count),
    };
}

/**
 * @param {string} sign
 * @param {string} value
 * @param {Run} run
 */
function unmarked(sign, value, { outer, core, count }) {
    const rest = sign[0].repeat(sign === tick ? 0 : count - sign.length);
    let text = value.slice(core.start, core.end);
    if (sign === tick && text.includes(tick) && text.startsWith(" ") && text.endsWith(" ")) text = text.slice(1, -1);
    return { ...outer, left: rest, text, right: rest, core };
}

/**
 * @param {string} sign
 * @param {string} value
 * @param {Run} run
 */
function marked(sign, value, run) {
    const [outer, core] = [{ ...run.outer }, { ...run.core }];
    let blank = "";
    if (sign !== tick && run.count === 0) {
        // Within a word of a script with spaces a mark is text, so the whole word is marked.
        if (isSpaced(charBefore(value, core.start)) && (sign !== "**" || !unspaced.test(charAt(value, core.start)))) core.start = wordAt(value, core.start).start;
        if (isSpaced(charAt(value, core.end)) && !unspaced.test(charBefore(value, core.end))) core.end = wordAt(value, core.end).end;
        [outer.start, outer.end] = [core.start, core.end];
        const before = charBefore(value, core.start);
        // Within a word of another script two asterisks begin something, and nothing else does.
        if (before === sign[0] || (sign !== "**" && (letter.test(before) || /[)\]}]/.test(before)))) blank = " ";
    }
    const text = value.slice(core.start, core.end);
    if (sign === tick) {
        const longest = Math.max(0, ...runsIn(text, tick));
        const padding = text.startsWith(tick) || text.endsWith(tick) ? " " : "";
        const ticks = tick.repeat(longest + 1);
        return { ...outer, left: ticks + padding, text, right: padding + ticks, core };
    }
    const marks = sign[0].repeat(run.count + sign.length);
    return { ...outer, left: blank + marks, text: withoutMarks(sign, text), right: marks, core };
}

/**
 * Without the marks of parts that are marked already.
 * @param {string} sign
 * @param {string} text
 */
function withoutMarks(sign, text) {
    if (sign.length === 1) return text;
    const [mark, one] = sign === "**" ? [String.raw`\*\*`, String.raw`\*`] : ["~~", "~"];
    return text.replace(new RegExp(String.raw`(?<![\p{L}\p{N}${one}])${mark}(?=[^\s${one}])([^\n${one}]*[^\s${one}])${mark}(?!${one})`, "gu"), "$1");
}

/**
 * @param {string} value
 * @param {(Part & { left: string, text: string, right: string, core: Part })[]} changes In their order.
 * @param {number} caret Where the caret stands; -1 when the changed text is selected.
 * @returns {Change}
 */
function join(value, changes, caret) {
    const start = changes[0].start;
    let [text, at, from, to] = ["", start, 0, 0];
    for (const [index, change] of changes.entries()) {
        text += value.slice(at, change.start) + change.left;
        if (index === 0) from = start + text.length;
        text += change.text;
        to = start + text.length;
        text += change.right;
        at = change.end;
    }
    if (caret >= 0) from = to = Math.min(from + Math.max(caret - changes[0].core.start, 0), to);
    return { start, end: at, text, from, to };
}

/**
 * @param {string} value
 * @param {number} from
 * @param {number} to
 * @returns {Change}
 */
function quote(value, from, to) {
    let { start, end } = linesOf(value, from, to);
    const isCaret = from === to;
    const lines = value.slice(start, end).split("\n");
    while (lines.length > 1 && lines[0].trim() === "") start += (lines.shift() ?? "").length + 1;
    while (lines.length > 1 && lines.at(-1)?.trim() === "") end -= (lines.pop() ?? "").length + 1;
    const isOn = lines.every(line => quoted.test(line));
    let text = lines.map(line => isOn ? line.replace(quoted, "") : line.trim() === "" && lines.length > 1 ? ">" : `> ${line}`).join("\n");
    const length = text.length;
    // A line that follows at once would belong to the quotation.
    if (!isOn && end < value.length && !/^\n(?:\s*(?:\n|$)|>)/.test(value.slice(end))) text += "\n";
    const caret = Math.max(start, from + length - (end - start));
    return { start, end, text, from: isCaret ? caret : start, to: isCaret ? caret : start + length };
}

/**
 * @param {string} value
 * @param {number} from
 * @param {number} to
 * @returns {Change}
 */
function block(value, from, to) {
    const fences = fencesAround(value, from, to);
    if (fences !== null) {
        const { start, end, body } = fences;
        const shift = start - body.start;
        const clamp = (/** @type {number} */ at) => Math.min(Math.max(at, body.start), body.end) + shift;
        return { start, end, text: value.slice(body.start, body.end), from: clamp(from), to: clamp(to) };
    }
    const isCaret = from === to;
    const { start, end } = isCaret ? linesOf(value, from, to) : trimmed(value, from, to);
    const body = value.slice(start, end);
    const ticks = tick.repeat(Math.max(3, 1 + Math.max(0, ...runsIn(body, tick))));
    const before = start > 0 && value[start - 1] !== "\n" ? "\n" : "";
    const after = end < value.length && value[end] !== "\n" ? "\n" : "";
    const first = start + before.length + ticks.length + 1;
    return {
        start,
        end,
        text: `${before}${ticks}\n${body}\n${ticks}${after}`,
        from: isCaret ? first + from - start : first,
        to: isCaret ? first + from - start : first + body.length,
    };
}

/**
 * The block of code in which the selection is, with its fences; null for none.
 * @param {string} value
 * @param {number} from
 * @param {number} to
 */
function fencesAround(value, from, to) {
    let [at, opening] = [0, -1];
    for (const line of value.split("\n")) {
        const end = at + line.length;
        if (fence.test(line)) {
            if (opening < 0) {
                opening = at;
            } else {
                const first = value.indexOf("\n", opening) + 1;
                if (from >= opening && to <= end) return { start: opening, end, body: { start: first, end: Math.max(first, at - 1) } };
                opening = -1;
            }
        }
        at = end + 1;
    }
    return null;
}

/**
 * The link that has the whole selection, in its words or its address; null for none.
 * @param {string} value
 * @param {number} from
 * @param {number} to
 */
function linkAround(value, from, to) {
    for (const found of value.matchAll(/\[((?:\\.|[^\]\n\\])*)\]\([^)\s]*\)/g)) {
        const end = found.index + found[0].length;
        if (found.index <= from && to <= end && (from < to || (found.index < from && to < end))) return { start: found.index, end, words: found[1].replace(/\\([[\]])/g, "$1") };
    }
    return null;
}

/**
 * @param {string} value
 * @param {number} from
 * @param {number} to
 * @returns {Change}
 */
function link(value, from, to) {
    const around = linkAround(value, from, to);
    if (around !== null) return { start: around.start, end: around.end, text: around.words, from: around.start, to: around.start + around.words.length };
    const { start, end } = from === to ? wordAt(value, from) : trimmed(value, from, to);
    const words = value.slice(start, end);
    if (/^https?:\/\/\S+$/.test(words)) return { start, end, text: `[](${words})`, from: start + 1, to: start + 1 };
    const shown = words.replace(/\s*\n\s*/g, " ").replace(/[[\]]/g, String.raw`\$&`);
    const begun = "https://";
    const at = start + shown.length + 3;
    // Without words they come first.
    return { start, end, text: `[${shown}](${begun})`, from: shown === "" ? start + 1 : at, to: shown === "" ? start + 1 : at + begun.length };
}

/**
 * The whole lines of a selection.
 * @param {string} value
 * @param {number} from
 * @param {number} to
 * @returns {Part}
 */
function linesOf(value, from, to) {
    const last = to > from && value[to - 1] === "\n" ? to - 1 : to;
    const end = value.indexOf("\n", last);
    return { start: value.lastIndexOf("\n", from - 1) + 1, end: end < 0 ? value.length : end };
}

/**
 * @param {string} value
 * @param {number} from
 * @param {number} to
 * @returns {Part}
 */
function trimmed(value, from, to) {
    const text = value.slice(from, to);
    // The indentation of the first line belongs to it.
    const start = from + (/^(?:[^\S\n]*\n)*/.exec(text)?.[0].length ?? 0);
    return { start, end: Math.max(start, from + text.trimEnd().length) };
}

/**
 * @param {string} value
 * @param {number} at
 * @param {string} sign
 */
function countAfter(value, at, sign) {
    let count = 0;
    while (value[at + count] === sign) count++;
    return count;
}

/**
 * @param {string} value
 * @param {number} at
 * @param {string} sign
 */
function countBefore(value, at, sign) {
    let count = 0;
    while (value[at - count - 1] === sign) count++;
    return count;
}

/**
 * The lengths of the runs of a sign.
 * @param {string} text
 * @param {string} sign
 */
export function runsIn(text, sign) {
    return [...text.matchAll(sign === "*" ? /\*+/g : sign === tick ? /\x60+/g : /~+/g)].map(run => run[0].length);
}

/**
 * @param {string} value
 * @param {number} at
 */
function charAt(value, at) {
    return String.fromCodePoint(value.codePointAt(at) ?? 0x20);
}

/**
 * @param {string} value
 * @param {number} at
 */
function charBefore(value, at) {
    const low = value.charCodeAt(at - 1);
    return charAt(value, low >= 0xdc00 && low <= 0xdfff ? at - 2 : at - 1);
}

/** @param {string} character A letter or digit of a script that puts spaces between words. */
export function isSpaced(character) {
    return letter.test(character) && !unspaced.test(character);
}
