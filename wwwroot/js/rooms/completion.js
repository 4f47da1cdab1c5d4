// Completes names in a text box: after @ the people of the room, after # the rooms, after : and two letters emoji, after a / at the beginning commands. The names are read once, when they are first needed, and
// are filtered here; when there are more, the server searches.

import { closest, replaceText } from "../shared/dom.js";
import { fold, rank } from "../shared/names.js";

const maxShown = 8;

// Milliseconds.
const searchDelay = 200;
const maxAge = 300_000;

// UTF-16 code units before the caret, among which a mark is looked for.
const maxName = 60;

// The mark, not within a word or an address, and what is written after it. Korean, Japanese and Chinese words need no space before it.
const marked = new RegExp(
    String.raw`(?:^|[^\p{L}\p{N}\p{M}@#&\\/_+%=-]|[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])`
    + String.raw`([@#])([\p{L}\p{N}\p{M}._-]{0,30})$`,
    "u");

// The same for emoji, which begin with two letters so that a face such as :D stays one.
const markedEmoji = new RegExp(
    String.raw`(?:^|[^\p{L}\p{N}\p{M}:&\\/_+%=-]|[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])`
    + String.raw`(:)([\p{L}\p{N}\p{M}_+-]{2,30})$`,
    "u");

/**
 * @typedef {object} Name
 * @property {string} name
 * @property {string} text What is written, without its mark; an emoji replaces the mark too.
 * @property {string} [usage] What follows a command.
 */

/**
 * @typedef {object} Names
 * @property {Name[]} items
 * @property {boolean} isComplete Whether these are all names.
 * @property {number} called The number of people that a mention of all members calls.
 */

/**
 * The emoji whose names begin with a part. They are loaded when they are first needed.
 * @param {string} part
 * @returns {Promise<Name[]>}
 */
async function findNamed(part) {
    const [{ findEmoji, loadEmoji }, { chosenTone }] = await Promise.all([import("./emoji-list.js"), import("./emoji-choices.js")]);
    const tone = chosenTone();
    return findEmoji(await loadEmoji(), part).slice(0, maxShown).map(({ emoji, tones, name }) => {
        const text = tones[tone - 1] ?? emoji;
        return { name: `${text} ${name}`, text };
    });
}

export class Completion {
    #box;
    #list;
    #read;
    #sourceOf;
    #listeners = new AbortController();
    /** @type {Map<string, { names: Promise<Names>, at: number }>} */
    #known = new Map();
    /** @type {{ mark: string, part: string, start: number } | null} */
    #written = null;
    /** @type {Name[]} */
    #shown = [];
    #selected = 0;
    // The position of a mark whose list was closed by Escape.
    #dismissed = -1;
    #searching = 0;
    #request = 0;
    /** @type {Name | null} */
    #picked = null;
    #isComposing = false;

    /**
     * @param {HTMLTextAreaElement} box
     * @param {HTMLElement} list
     * @param {(source: string, part: string) => Promise<Names>} read An empty part is for the first names.
     * @param {(mark: string) => string} [sourceOf] Where the names of a mark come from.
     */
    constructor(box, list, read, sourceOf = mark => mark) {
        this.#box = box;
        this.#list = list;
        this.#read = read;
        this.#sourceOf = sourceOf;
        const { signal } = this.#listeners;
        box.addEventListener("input", () => this.#update(), { signal });
        box.addEventListener("click", () => this.#update(), { signal });
        box.addEventListener("keyup", event => this.#onKeyUp(event), { signal });
        box.addEventListener("blur", () => this.close(), { signal });
        box.addEventListener("compositionstart", () => { this.#isComposing = true; }, { signal });
        box.addEventListener("compositionend", () => this.#onCompositionEnd(), { signal });
        // The box keeps the focus, and a phone its keyboard.
        list.addEventListener("mousedown", event => event.preventDefault(), { signal });
        list.addEventListener("click", event => this.#onClick(event), { signal });
    }

    stop() {
        this.#listeners.abort();
        this.close();
    }

    /** The number of people that a mention of all members calls. */
    async countCalled() {
        return (await this.#first("@")).called;
    }

    /**
     * Handles a key that no input method uses.
     * @param {KeyboardEvent} event
     * @returns Whether the list has used it.
     */
    onKeyDown(event) {
        if (this.#list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
        const count = this.#shown.length;
        if (event.key === "ArrowDown") this.#select((this.#selected + 1) % count);
        else if (event.key === "ArrowUp") this.#select((this.#selected + count - 1) % count);
        else if (event.key === "Enter" && this.#isWritten(this.#shown[this.#selected])) {
            // A list that opened the moment before must not decide whether the message is sent.
            this.close();
            return false;
        } else if (event.key === "Enter" || event.key === "Tab") this.#pick(this.#shown[this.#selected]);
        else if (event.key === "Escape") this.#dismiss();
        else return false;
        return true;
    }

    /** @param {Name} name Whether it is written whole, with its mark. */
    #isWritten(name) {
        return this.#written !== null && this.#written.mark !== ":" && fold(this.#written.part) === fold(name.text);
    }

    close() {
        this.#request++;
        clearTimeout(this.#searching);
        this.#written = null;
        this.#hide();
    }

    #hide() {
        this.#shown = [];
        this.#list.hidden = true;
        this.#list.replaceChildren();
        for (const name of ["role", "aria-expanded", "aria-haspopup", "aria-controls", "aria-autocomplete", "aria-activedescendant"]) this.#box.removeAttribute(name);
    }

    #dismiss() {
        this.#dismissed = this.#written?.start ?? -1;
        this.close();
    }

    /** @param {KeyboardEvent} event */
    #onKeyUp(event) {
        if (event.key === "ArrowLeft" || event.key === "ArrowRight" || event.key === "Home" || event.key === "End") this.#update();
    }

    #onCompositionEnd() {
        this.#isComposing = false;
        const picked = this.#picked;
        this.#picked = null;
        // The browser changes the text after this event.
        if (picked !== null) setTimeout(() => {
            this.#box.focus();
            this.#insert(picked);
        });
    }

    /** @param {MouseEvent} event */
    #onClick(event) {
        const index = [...this.#list.children].findIndex(option => option === closest(event, "[role=option]"));
        if (index >= 0) this.#pick(this.#shown[index]);
    }

    /** @param {Name} name */
    #pick(name) {
        if (this.#isComposing) {
            // Leaving the box ends the composition, and keeps its text.
            this.#picked = name;
            this.#box.blur();
        } else {
            this.#insert(name);
        }
    }

    /** @param {Name} name */
    #insert(name) {
        const box = this.#box;
        const written = this.#find();
        if (written === null) return;
        const end = box.selectionStart + (box.value[box.selectionStart] === " " ? 1 : 0);
        this.close();
        replaceText(box, written.start, end, `${written.mark === ":" ? "" : written.mark}${name.text} `);
    }

    // The mark before the caret and what is written after it.
    #find() {
        const { selectionStart: caret, selectionEnd, value } = this.#box;
        const before = value.slice(Math.max(0, caret - maxName), caret);
        const command = caret === selectionEnd && caret < maxName ? /^\/([\p{L}\p{N}-]*)$/u.exec(before) : null;
        if (command !== null) return { mark: "/", part: command[1], start: 0 };
        const match = caret === selectionEnd ? marked.exec(before) ?? markedEmoji.exec(before) : null;
        return match === null ? null : { mark: match[1], part: match[2], start: caret - match[2].length - 1 };
    }

    async #update() {
        const written = this.#find();
        if (written?.start !== this.#dismissed) this.#dismissed = -1;
        if (written === null || written.start === this.#dismissed) {
            this.close();
            return;
        }
        const request = ++this.#request;
        clearTimeout(this.#searching);
        this.#written = written;
        try {
            if (written.mark === ":") {
                const found = await findNamed(written.part);
                if (request === this.#request) this.#offer(found, written);
                return;
            }
            const first = await this.#first(this.#sourceOf(written.mark));
            if (request !== this.#request) return;
            this.#show(first.items, written);
            if (!first.isComplete && written.part !== "") this.#searching = setTimeout(() => this.#search(first.items, written, request), searchDelay);
        } catch {
            // The connection is lost, or these names can't be read: names are typed without help.
            if (request === this.#request) this.close();
        }
    }

    /**
     * @param {Name[]} known
     * @param {{ mark: string, part: string, start: number }} written
     * @param {number} request
     */
    async #search(known, written, request) {
        try {
            const { items } = await this.#read(this.#sourceOf(written.mark), written.part);
            if (request === this.#request) this.#show([...known, ...items.filter(item => !known.some(other => other.text === item.text))], written);
        } catch {
            // The names that are shown stay.
        }
    }

    /** @param {string} source */
    #first(source) {
        const known = this.#known.get(source);
        if (known !== undefined && performance.now() - known.at < maxAge) return known.names;
        const names = this.#read(source, "");
        this.#known.set(source, { names, at: performance.now() });
        names.catch(() => this.#known.delete(source));
        return names;
    }

    /**
     * @param {Name[]} names
     * @param {{ mark: string, part: string, start: number }} written
     */
    #show(names, written) {
        const part = fold(written.part);
        if (written.mark === "/") {
            this.#offer(names.filter(name => fold(name.text).startsWith(part)), written);
            return;
        }
        const ranked = names.map(name => ({ name, rank: rank(name, part) })).filter(name => name.rank >= 0);
        this.#offer(ranked.sort((a, b) => a.rank - b.rank).map(({ name }) => name), written);
    }

    /**
     * @param {Name[]} names The best first.
     * @param {{ mark: string }} written
     */
    #offer(names, written) {
        this.#shown = names.slice(0, maxShown);
        if (this.#shown.length === 0) {
            this.#hide();
            return;
        }
        this.#list.replaceChildren(...this.#shown.map((name, index) => this.#option(name, index, written.mark)));
        this.#list.hidden = false;
        const { id } = this.#list;
        for (const [name, value] of Object.entries({
            "role": "combobox", "aria-expanded": "true", "aria-haspopup": "listbox", "aria-controls": id, "aria-autocomplete": "list",
        })) this.#box.setAttribute(name, value);
        this.#select(0);
    }

    /**
     * @param {Name} name
     * @param {number} index
     * @param {string} mark
     */
    #option({ name, text, usage = "" }, index, mark) {
        const option = document.createElement("li");
        option.id = `${this.#list.id}-${index}`;
        option.role = "option";
        const shown = document.createElement("bdi");
        shown.textContent = mark === "/" ? `/${text}` : name;
        option.append(shown);
        if (mark === "/") {
            const does = document.createElement("span");
            does.textContent = usage === "" ? name : `${usage} · ${name}`;
            option.append(" ", does);
        }
        if (mark === "@") {
            const handle = document.createElement("span");
            handle.textContent = `@${text}`;
            option.append(" ", handle);
        }
        return option;
    }

    /** @param {number} index */
    #select(index) {
        this.#selected = index;
        for (const [i, option] of [...this.#list.children].entries()) option.ariaSelected = `${i === index}`;
        const selected = this.#list.children[index];
        selected.scrollIntoView({ block: "nearest" });
        this.#box.setAttribute("aria-activedescendant", selected.id);
    }
}
