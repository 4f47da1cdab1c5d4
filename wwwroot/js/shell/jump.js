// A box that finds rooms, people, liveblogs and pages by a part of their names, and opens them. The server is asked once for what there is;
// only a large place is searched while one types.

import { closest } from "../shared/dom.js";
import { fold, rank } from "../shared/names.js";
import { text } from "../shared/texts.js";
import { recent, visit } from "./recent.js";

const maxShown = 12;

// Milliseconds.
const searchDelay = 200;
const maxAge = 60_000;

const signs = { room: "#", private: "#", direct: "@", person: "@", liveblog: "◉", page: "›" };

/**
 * @typedef {object} Target
 * @property {keyof typeof signs} kind
 * @property {string} name
 * @property {string} text A second text by which it is found; empty for none.
 * @property {string} address
 * @property {() => void} [run] What it does instead of opening an address.
 */

/** @type {Target[]} */
const pages = [
    page(text("PageUnread"), "unread"),
    page(text("PageThreads"), "threads"),
    page(text("PageMentions"), "mentions"),
    page(text("PageSaved"), "saved"),
    page(text("PageDrafts"), "drafts"),
    page(text("PageSearch"), "search"),
    page(text("PageRooms"), ""),
    page(text("PageLiveblogs"), "liveblogs"),
    page(text("PageNotifications"), "account/notifications"),
    page(text("PageAccount"), "account/manage"),
];

/** @type {Jump | null} */
let created = null;

/** Opens the box, or empties it when it is open. */
export function open() {
    (created ??= new Jump()).open();
}

/**
 * @param {string} name
 * @param {string} address
 * @returns {Target}
 */
function page(name, address) {
    return { kind: "page", name, text: "", address };
}

/**
 * What one can do with the page that is open: buttons of it.
 * @returns {Target[]}
 */
function commands() {
    const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-command]"));
    return [...buttons].map(button => ({ ...page(button.textContent?.trim() ?? "", ""), run: () => button.click() }));
}

class Jump {
    #dialog = document.createElement("dialog");
    #box = document.createElement("input");
    #list = document.createElement("ul");
    #note = document.createElement("p");
    /** @type {Target[]} */
    #known = [];
    #isComplete = false;
    #readAt = -Infinity;
    /** @type {Target[]} */
    #found = [];
    /** @type {Target[]} */
    #shown = [];
    #selected = 0;
    #searching = 0;
    #request = 0;

    constructor() {
        this.#dialog.className = "jump";
        this.#dialog.ariaLabel = text("Jump");
        this.#list.id = "jump-list";
        this.#list.role = "listbox";
        this.#list.ariaLabel = text("Jump");
        this.#note.className = "jump-note";
        this.#note.role = "status";
        Object.assign(this.#box, { type: "text", className: "input", placeholder: text("JumpHint"), autocomplete: "off", spellcheck: false, ariaLabel: text("Jump") });
        for (const [name, value] of Object.entries({ "role": "combobox", "aria-controls": this.#list.id, "aria-expanded": "true", "aria-autocomplete": "list" })) this.#box.setAttribute(name, value);
        this.#dialog.append(this.#box, this.#list, this.#note);
        this.#box.addEventListener("input", () => this.#update());
        this.#box.addEventListener("keydown", event => this.#onKey(event));
        // The box keeps the focus.
        this.#list.addEventListener("mousedown", event => event.preventDefault());
        this.#list.addEventListener("click", event => this.#onClick(event));
        this.#dialog.addEventListener("click", ({ target }) => {
            if (target === this.#dialog) this.#dialog.close();
        });
        document.body.append(this.#dialog);
    }

    open() {
        if (!this.#dialog.open) this.#dialog.showModal();
        this.#box.value = "";
        this.#box.focus();
        this.#found = [];
        this.#update();
        if (performance.now() - this.#readAt > maxAge) this.#read();
    }

    async #read() {
        try {
            const { items, isComplete } = await this.#ask("");
            this.#known = items;
            this.#isComplete = isComplete;
            this.#readAt = performance.now();
            if (this.#dialog.open) this.#update();
        } catch {
            // The connection is lost. What was read before stays, and the next opening tries again.
            if (this.#readAt === -Infinity) this.#note.textContent = text("ConnectionLost");
        }
    }

    /**
     * @param {string} part
     * @returns {Promise<{ items: Target[], isComplete: boolean }>}
     */
    async #ask(part) {
        const response = await fetch(`jump?q=${encodeURIComponent(part)}`, { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(`${response.status}`);
        return response.json();
    }

    #update() {
        const request = ++this.#request;
        clearTimeout(this.#searching);
        const typed = this.#box.value.trim();
        if (typed === "") this.#found = [];
        else if (!this.#isComplete && this.#readAt !== -Infinity) this.#searching = setTimeout(() => this.#search(typed, request), searchDelay);
        this.#show(typed);
    }

    /**
     * @param {string} typed
     * @param {number} request
     */
    async #search(typed, request) {
        try {
            const { items } = await this.#ask(typed);
            if (request !== this.#request) return;
            this.#found = items.filter(item => !this.#known.some(other => other.address === item.address));
            this.#show(typed);
        } catch {
            // What is shown stays.
        }
    }

    /** @param {string} typed */
    #show(typed) {
        const addresses = recent();
        const targets = [...this.#known, ...this.#found, ...commands(), ...pages];
        /** @param {Target} target */
        const age = ({ address }) => (addresses.indexOf(address) + addresses.length + 1) % (addresses.length + 1);
        // A sign before the name looks only among its kind.
        const [, sign, rest] = /^([#@]?)(.*)$/su.exec(typed) ?? ["", "", ""];
        const part = fold(rest.trim());
        const here = location.pathname.slice(new URL(document.baseURI).pathname.length);
        this.#shown = targets
            .filter(target => (sign === "" || signs[target.kind] === sign) && (typed !== "" || target.address !== here))
            .map((target, index) => ({ target, rank: rank(target, part), age: age(target), index }))
            .filter(found => found.rank >= 0)
            .sort((a, b) => a.rank - b.rank || a.age - b.age || a.index - b.index)
            .slice(0, maxShown)
            .map(found => found.target);
        this.#list.replaceChildren(...this.#shown.map((target, index) => this.#option(target, index)));
        this.#note.textContent = this.#shown.length === 0 ? text("JumpNothing") : "";
        this.#select(0);
    }

    /**
     * @param {Target} target
     * @param {number} index
     */
    #option(target, index) {
        const option = document.createElement("li");
        option.id = `jump-${index}`;
        option.role = "option";
        const sign = document.createElement("span");
        sign.className = "jump-sign";
        sign.ariaHidden = "true";
        sign.textContent = signs[target.kind];
        const name = document.createElement("bdi");
        name.textContent = target.name;
        option.append(sign, name);
        if (target.text !== "") {
            const more = document.createElement("bdi");
            more.className = "jump-more";
            more.textContent = `@${target.text}`;
            option.append(more);
        }
        return option;
    }

    /** @param {number} index */
    #select(index) {
        this.#selected = index;
        for (const [i, option] of [...this.#list.children].entries()) option.ariaSelected = `${i === index}`;
        const selected = this.#list.children[index];
        if (selected === undefined) this.#box.removeAttribute("aria-activedescendant");
        else this.#box.setAttribute("aria-activedescendant", selected.id);
        selected?.scrollIntoView({ block: "nearest" });
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        // Enter and the arrows belong to an input method that composes.
        if (event.isComposing || event.keyCode === 229) return;
        const count = this.#shown.length;
        if (event.key === "ArrowDown" && count > 0) this.#select((this.#selected + 1) % count);
        else if (event.key === "ArrowUp" && count > 0) this.#select((this.#selected + count - 1) % count);
        else if (event.key === "Enter" && count > 0) this.#go(this.#shown[this.#selected]);
        else return;
        event.preventDefault();
    }

    /** @param {MouseEvent} event */
    #onClick(event) {
        const index = [...this.#list.children].findIndex(option => option === closest(event, "[role=option]"));
        if (index >= 0) this.#go(this.#shown[index]);
    }

    /** @param {Target} target */
    #go(target) {
        this.#dialog.close();
        if (target.run !== undefined) {
            target.run();
            return;
        }
        if (target.kind !== "page") visit(target.address);
        // Pages of liveblogs are outside of the circuit.
        if (target.address.startsWith("liveblogs") || target.address.startsWith("account")) location.assign(new URL(target.address, document.baseURI));
        else Blazor.navigateTo(target.address);
    }
}
