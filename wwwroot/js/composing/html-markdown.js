// Turns copied HTML into the Markdown that docs/markdown.md describes. The HTML is parsed into a document of its own, and none of it comes onto the
// page.

import { tick } from "./formatting.js";
import { escaped, withoutOuterMarks, write } from "./html-marks.js";
import { cellsOf, isLayout, writeTable } from "./html-tables.js";

/** @typedef {import("./html-marks.js").Part} Part */
/** @typedef {{ kind: string, text: string, parts: Part[] }} Block A line stands alone, what is loose has an empty line on each side. */

const maxHtml = 2_000_000;
const maxDepth = 6;

const skipped = new Set("style script noscript template title head meta link svg math iframe object select textarea audio video canvas".split(" "));
const lines = new Set(
    ("div section article main header footer aside nav figure figcaption address dl dt dd details summary form fieldset center body "
        + "tr td th tbody thead tfoot caption table li").split(" "));
/** @type {Record<string, string>} */
const signs = { b: "**", strong: "**", i: "*", em: "*", cite: "*", s: "~~", strike: "~~", del: "~~", code: tick, tt: tick, kbd: tick, samp: tick };

/**
 * @param {string} html
 * @param {string} plain The same as plain text.
 * @returns {string | null} Null when the plain text has all that it says, or when it is code of an editor.
 */
export function toMarkdown(html, plain) {
    if (html.length > maxHtml) return null;
    const { body } = new DOMParser().parseFromString(html, "text/html");
    if (isCode(body)) return null;
    const reader = new Reader();
    reader.readAll(body, { signs: "", depth: 0 });
    const blocks = reader.end();
    if (blocks === null || blocks.length === 0) return null;
    const [only] = blocks;
    if (blocks.length === 1 && ["line", "loose", "heading", "single"].includes(only.kind)) {
        const { text, isMarked } = write(withoutOuterMarks(only.parts));
        const isLink = /^https?:\/\/\S+$/.test(plain.trim());
        return isMarked && !isLink ? tidy(text) : null;
    }
    const isRich = blocks.some(block => block.kind !== "line" && block.kind !== "loose") || reader.isMarked;
    return isRich ? join(blocks) : null;
}

/**
 * Code of an editor is coloured text in one block, and is pasted as it is.
 * @param {HTMLElement} body
 */
function isCode(body) {
    const elements = [...body.children].filter(element => !skipped.has(element.localName));
    const [only] = elements;
    if (elements.length !== 1 || !(only instanceof HTMLElement)) return false;
    return only.localName === "pre" || (/^pre/.test(only.style.whiteSpace) && /mono|consol|courier|menlo|code/i.test(only.style.fontFamily));
}

class Reader {
    /** @type {Block[]} */
    #blocks = [];
    /** @type {Part[]} */
    #parts = [];
    #isTooLarge = false;
    isMarked = false;

    /** @returns {Block[] | null} Null when a table is too large. */
    end() {
        this.#flush("line");
        return this.#isTooLarge ? null : this.#blocks;
    }

    /**
     * @param {Node} parent
     * @param {{ signs: string, depth: number }} context The marks around it, and the lists.
     */
    readAll(parent, context) {
        for (const node of parent.childNodes) {
            if (node.nodeType === Node.TEXT_NODE) this.#addText(node.textContent ?? "", parent, context);
            else if (node instanceof HTMLElement) this.#read(node, context);
        }
    }

    /**
     * @param {HTMLElement} element
     * @param {{ signs: string, depth: number }} context
     */
    #read(element, context) {
        const name = element.localName;
        if (skipped.has(name) || element.hidden || element.style.display === "none") return;
        if (name === "br") this.#parts.push("\n");
        else if (name === "img") this.#addEmoji(element);
        else if (name === "input") this.#addCheck(element);
        else if (name === "hr") this.#add("rule", "---");
        else if (name === "pre") this.#readPre(element);
        else if (/^h[1-6]$/.test(name)) this.#readBlock(element, "heading", { ...context, signs: `${context.signs} **` }, `${"#".repeat(Number(name[1]))} `);
        else if (name === "ul" || name === "ol" || name === "menu") this.#readList(element, context);
        else if (name === "blockquote") this.#readQuote(element, context);
        else if (element instanceof HTMLTableElement) this.#readTable(element, context);
        else if (name === "p") this.#readParagraph(element, context);
        else if (lines.has(name)) this.#readBlock(element, "line", context);
        else this.#readInline(element, context);
    }

    /**
     * @param {HTMLElement} element
     * @param {string} kind
     * @param {{ signs: string, depth: number }} context
     * @param {string} [before]
     */
    #readBlock(element, kind, context, before = "") {
        this.#flush("line");
        this.#readInline(element, context);
        this.#flush(kind, before);
    }

    /**
     * A paragraph, or an item of a list of Word.
     * @param {HTMLElement} element
     * @param {{ signs: string, depth: number }} context
     */
    #readParagraph(element, context) {
        const level = /mso-list:[^;]*level(\d)/.exec(element.getAttribute("style") ?? "")?.[1];
        if (level === undefined) {
            this.#readBlock(element, "loose", context);
            return;
        }
        const sign = [...element.querySelectorAll("span")].find(span => /mso-list:\s*ignore/i.test(span.getAttribute("style") ?? ""));
        const number = /^\d+(?=[.)])/.exec(sign?.textContent?.trim() ?? "")?.[0];
        sign?.remove();
        const marker = number === undefined ? "- " : `${number}. `;
        this.#readBlock(element, "item", context, `${"  ".repeat(Math.min(Number(level), maxDepth) - 1)}${marker}`);
    }

    /**
     * @param {HTMLElement} element
     * @param {{ signs: string, depth: number }} context
     */
    #readInline(element, context) {
        const added = signsOf(element).filter(sign => !context.signs.includes(sign) || (sign === "*" && !/(?:^|[^*])\*(?:$|[^*])/.test(context.signs)));
        const address = element.localName === "a" ? addressOf(element) : "";
        if (address !== "" && !context.signs.includes("[")) added.unshift("[");
        if (added.length === 0) {
            this.readAll(element, context);
            return;
        }
        // A mark ends where a block begins in it, and each has its own.
        const outer = this.#parts;
        const around = (/** @type {Part[]} */ parts) => added.reduceRight((/** @type {Part[]} */ inner, sign) => [{ sign, address, parts: inner }], parts);
        const inner = new Reader();
        inner.readAll(element, { ...context, signs: `${context.signs} ${added.join(" ")}` });
        if (inner.#blocks.length === 0) {
            outer.push(...around(inner.#parts));
            return;
        }
        for (const block of inner.end() ?? []) {
            this.#flush("line");
            if (block.kind === "line" || block.kind === "loose") this.#parts.push(...around(block.parts));
            if (block.kind === "line" || block.kind === "loose") this.#flush(block.kind);
            else this.#blocks.push(block);
        }
        this.#isTooLarge ||= inner.#isTooLarge;
        this.isMarked ||= inner.isMarked;
    }

    /**
     * @param {HTMLElement} list
     * @param {{ signs: string, depth: number }} context
     */
    #readList(list, context) {
        this.#flush("line");
        const depth = Math.min(context.depth + 1, maxDepth);
        let number = list instanceof HTMLOListElement ? list.start : -1;
        /** @type {string[]} */
        const items = [];
        /** @type {Block[]} */
        let read = [];
        for (const item of list.children) {
            if (!(item instanceof HTMLElement) || skipped.has(item.localName)) continue;
            const reader = new Reader();
            const isItem = item.localName === "li";
            if (isItem) reader.readAll(item, { ...context, depth });
            else reader.#read(item, { ...context, depth });
            const blocks = reader.end() ?? [];
            const text = join(blocks, true);
            this.#isTooLarge ||= reader.#isTooLarge;
            if (text === "") continue;
            read = [...read, ...blocks];
            const marker = number < 0 ? "- " : `${number}. `;
            const indent = " ".repeat(marker.length);
            const indented = text.split("\n").map(line => line === "" ? "" : `${indent}${line}`).join("\n");
            // A list in a list, without an item around it, belongs to the item before.
            const isNested = !isItem && /^(?:ul|ol|menu)$/.test(item.localName);
            items.push(isNested && items.length > 0 ? indented : `${marker}${indented.trimStart()}`);
            if (number >= 0 && !isNested) number++;
        }
        if (items.length === 0) return;
        // One item is copied with its list, also when only its text is selected.
        const isSingle = read.length === 1 && read[0].parts.length > 0;
        this.#blocks.push({ kind: isSingle ? "single" : "list", text: items.join("\n"), parts: isSingle ? read[0].parts : [] });
    }

    /**
     * @param {HTMLElement} quote
     * @param {{ signs: string, depth: number }} context
     */
    #readQuote(quote, context) {
        const reader = new Reader();
        reader.readAll(quote, context);
        const text = join(reader.end() ?? []);
        this.#isTooLarge ||= reader.#isTooLarge;
        if (text !== "") this.#add("quote", text.split("\n").map(line => line === "" ? ">" : `> ${line}`).join("\n"));
    }

    /** @param {HTMLElement} pre */
    #readPre(pre) {
        for (const end of pre.querySelectorAll("br")) end.replaceWith("\n");
        const code = (pre.textContent ?? "").replace(/^\n|\s+$/g, "");
        if (code === "") return;
        const named = `${pre.className} ${pre.querySelector("code")?.className ?? ""}`;
        const language = /\b(?:language|lang|highlight-source)-([\w#+.-]+)/.exec(named)?.[1] ?? "";
        const ticks = tick.repeat(Math.max(3, 1 + Math.max(0, ...[...code.matchAll(/\x60+/g)].map(run => run[0].length))));
        this.#add("code", `${ticks}${language}\n${code}\n${ticks}`);
    }

    /**
     * @param {HTMLTableElement} table
     * @param {{ signs: string, depth: number }} context
     */
    #readTable(table, context) {
        const rows = isLayout(table) ? [] : cellsOf(table, (cell, isHead) => this.#readCell(cell, isHead || cell.localName === "th", context));
        if (rows === null) {
            this.#isTooLarge = true;
        } else if (rows.length > 1 && rows[0].length > 1) {
            if (table.caption !== null) this.#readBlock(table.caption, "loose", context);
            this.#add("table", writeTable(rows));
        } else if (rows.length === 1 && table.rows.length === 1) {
            // One row is no table. Its cells are apart as in the plain text.
            this.#flush("line");
            for (const [index, cell] of [...table.rows[0].cells].entries()) {
                if (index > 0) this.#parts.push("\t");
                this.#readInline(cell, context);
            }
            this.#flush("line");
        } else {
            this.#readBlock(table, "line", context);
        }
    }

    /**
     * @param {HTMLTableCellElement} cell
     * @param {boolean} isHead
     * @param {{ signs: string, depth: number }} context
     */
    #readCell(cell, isHead, context) {
        const reader = new Reader();
        reader.readAll(cell, isHead ? { ...context, signs: `${context.signs} **` } : context);
        return (reader.end() ?? []).map(block => block.text).join(" ");
    }

    /**
     * @param {string} text
     * @param {Node} parent
     * @param {{ signs: string }} context
     */
    #addText(text, parent, context) {
        const isKept = parent instanceof HTMLElement && /^(?:pre|break)/.test(parent.style.whiteSpace);
        const shown = isKept ? text.replace(/\r\n?/g, "\n").replace(/\u00a0/g, " ") : text.replace(/[\s\u00a0]+/g, " ");
        if (shown !== "") this.#parts.push(context.signs.includes(tick) ? shown : escaped(shown));
    }

    /** @param {HTMLElement} image Some pages show emoji as pictures. */
    #addEmoji(image) {
        const words = image.getAttribute("alt") ?? "";
        if (/^\p{Extended_Pictographic}[\p{Extended_Pictographic}\p{M}\u200d\p{Emoji_Modifier}]*$/u.test(words)) this.#parts.push(words);
    }

    /** @param {HTMLElement} box */
    #addCheck(box) {
        if (box.getAttribute("type") === "checkbox" && this.#parts.join("").trim() === "") this.#parts.push(box.hasAttribute("checked") ? "[x] " : "[ ] ");
    }

    /**
     * @param {string} kind
     * @param {string} text
     */
    #add(kind, text) {
        this.#flush("line");
        this.#blocks.push({ kind, text, parts: [] });
    }

    /**
     * Ends a paragraph.
     * @param {string} kind
     * @param {string} [before] Its mark.
     */
    #flush(kind, before = "") {
        const parts = merged(this.#parts);
        this.#parts = [];
        const { text, isMarked } = write(parts);
        const shown = tidy(text);
        if (shown === "") {
            // An empty line of a mail.
            if (text.includes("\n") && this.#blocks.at(-1)?.kind === "line") this.#blocks[this.#blocks.length - 1].kind = "loose";
            return;
        }
        this.isMarked ||= isMarked;
        const isOneLine = before !== "";
        this.#blocks.push({ kind, text: isOneLine ? before + shown.replace(/\s+/g, " ") : shown.replace(/^(?=#{1,6} )/gm, "\\"), parts });
    }
}

/**
 * One mark instead of two of the same beside each other.
 * @param {Part[]} parts
 * @returns {Part[]}
 */
function merged(parts) {
    /** @type {Part[]} */
    const all = [];
    for (const part of parts) {
        const last = all.at(-1);
        if (typeof part !== "string" && last !== undefined && typeof last !== "string" && last.sign === part.sign && last.address === part.address)
            all[all.length - 1] = { ...last, parts: [...last.parts, ...part.parts] };
        else all.push(part);
    }
    return all.map(part => typeof part === "string" ? part : { ...part, parts: merged(part.parts) });
}

/**
 * @param {Block[]} blocks
 * @param {boolean} [isItem] In a list, only paragraphs are apart.
 */
function join(blocks, isItem = false) {
    let text = "";
    for (const [index, { kind, text: next }] of blocks.entries()) {
        const before = blocks[index - 1]?.kind;
        const isClose = before === kind && (kind === "line" || kind === "item") || (isItem && (kind === "list" || kind === "single" || kind === "line"));
        text += index === 0 ? next : `${isClose ? "\n" : "\n\n"}${next}`;
    }
    return text;
}

/** @param {string} text */
function tidy(text) {
    return text.replace(/[ \t]+\n/g, "\n").replace(/\n +/g, "\n").replace(/\n{3,}/g, "\n\n").replace(/^\s+|\s+$/g, "");
}

/**
 * The marks of an element, by its name and its style.
 * @param {HTMLElement} element
 */
function signsOf(element) {
    const { fontWeight, fontStyle, textDecoration, textDecorationLine } = element.style;
    const own = signs[element.localName];
    /** @type {string[]} */
    const found = [];
    // Google Docs puts all in a <b> that is not bold.
    if (fontWeight === "" ? own === "**" : /^(?:bold|bolder|[6-9]00)$/.test(fontWeight)) found.push("**");
    if (fontStyle === "" ? own === "*" : fontStyle === "italic") found.push("*");
    if (own === "~~" || /line-through/.test(`${textDecoration} ${textDecorationLine}`)) found.push("~~");
    if (own === tick) found.push(tick);
    return found;
}

/**
 * The address of a link that leads to another page; empty for none.
 * @param {HTMLElement} link
 */
function addressOf(link) {
    const address = (link.getAttribute("href") ?? "").trim();
    return /^https?:\/\/[^\s]/i.test(address) && URL.canParse(address) ? address : "";
}

/**
 * Whether the server renders a text, and does not show it as it was typed: the bounds are those of MarkdownBounds.
 * @param {string} markdown
 */
export function isShown(markdown) {
    let [count, marks, rows, columns] = [0, 0, 0, 0];
    for (const line of markdown.split("\n")) {
        if (line.trim() === "") {
            [marks, rows, columns] = [0, 0, 0];
            continue;
        }
        rows++;
        columns = Math.max(columns, line.split("|").length);
        marks += (line.match(/([*_~\x60@#])\1*|[[\]|<\\]|:\/\/|w\./gi) ?? []).length;
        if (++count > 400 || marks > 400 || (columns > 1 && rows * columns > 2_000)) return false;
    }
    return true;
}
