// The picker of emoji. It is made when it is opened, one for the page, and removed when it is closed. The focus stays in its search box; the arrow
// keys choose an emoji.

import { pictureOf } from "../shared/custom-emoji.js";
import { closest } from "../shared/dom.js";
import { text } from "../shared/texts.js";
import { chosenTone, groups, noteRecent, recentEmoji, saveTone, tones } from "./emoji-choices.js";
import { findEmoji, loadEmoji } from "./emoji-list.js";

/** @typedef {import("./emoji-list.js").Emoji} Emoji */
/**
 * @typedef {object} Listener
 * @property {(emoji: string) => void} choose
 * @property {() => void} closed Is called when the picker is closed by the keyboard.
 */

// CSS pixels to the edges of the window.
const margin = 8;

/** @type {Picker | null} */
let open = null;

/**
 * Opens the picker beside a place of the window, and closes one that is open.
 * @param {HTMLElement} host
 * @param {DOMRect} anchor
 * @param {Listener} listener
 */
export function openPicker(host, anchor, listener) {
    open?.close();
    open = new Picker(host, anchor, listener);
}

class Picker {
    #listener;
    #listeners = new AbortController();
    #root = document.createElement("div");
    #search = document.createElement("input");
    #list = document.createElement("div");
    #name = document.createElement("span");
    /** @type {Emoji[]} */
    #all = [];
    /** @type {HTMLElement | null} */
    #active = null;
    #tone = chosenTone();

    /**
     * @param {HTMLElement} host
     * @param {DOMRect} anchor
     * @param {Listener} listener
     */
    constructor(host, anchor, listener) {
        this.#listener = listener;
        this.#build();
        host.append(this.#root);
        this.#root.showPopover?.();
        this.#place(anchor);
        const { signal } = this.#listeners;
        this.#search.addEventListener("input", () => this.#filter(), { signal });
        this.#root.addEventListener("keydown", event => this.#onKey(event), { signal });
        this.#root.addEventListener("click", event => this.#onClick(event), { signal });
        this.#list.addEventListener("pointermove", event => this.#point(event), { signal });
        document.addEventListener("pointerdown", event => {
            if (event.target instanceof Node && !this.#root.contains(event.target)) this.close();
        }, { signal });
        addEventListener("resize", () => this.close(), { signal });
        // A phone shows its keyboard when the person asks for it.
        if (!matchMedia("(pointer: coarse)").matches) this.#search.focus();
        this.#read();
    }

    close(isByKey = false) {
        if (open === this) open = null;
        this.#listeners.abort();
        this.#root.remove();
        if (isByKey) this.#listener.closed();
    }

    async #read() {
        this.#name.textContent = text("LoadingEmoji");
        try {
            this.#all = await loadEmoji();
        } catch {
            this.#name.textContent = text("EmojiFailed");
            return;
        }
        if (this.#listeners.signal.aborted) return;
        this.#name.textContent = "";
        this.#fill();
        this.#filter();
        this.#root.dataset.ready = "";
    }

    #build() {
        const root = this.#root;
        root.className = "emoji-picker";
        root.role = "dialog";
        root.ariaLabel = text("ChooseEmoji");
        root.popover = "manual";
        Object.assign(this.#search, { type: "search", className: "emoji-search", autocomplete: "off", placeholder: text("SearchEmoji"), ariaLabel: text("SearchEmoji") });
        for (const [name, value] of Object.entries({ "role": "combobox", "aria-controls": "emoji-list", "aria-expanded": "true", "aria-autocomplete": "list" }))
            this.#search.setAttribute(name, value);
        const tabs = document.createElement("div");
        tabs.className = "emoji-groups";
        tabs.append(...groups.map(({ name, sign, label }) => {
            const tab = button(sign, label);
            tab.dataset.group = name;
            return tab;
        }));
        Object.assign(this.#list, { className: "emoji-list", id: "emoji-list", role: "listbox", ariaLabel: text("Emoji") });
        this.#list.tabIndex = -1;
        const foot = document.createElement("div");
        foot.className = "emoji-foot";
        this.#name.className = "emoji-name";
        this.#name.role = "status";
        const choice = document.createElement("div");
        choice.className = "emoji-tones";
        choice.role = "radiogroup";
        choice.ariaLabel = text("SkinTone");
        choice.append(...tones.map(({ sign, label }, tone) => {
            const radio = button(sign, label);
            radio.role = "radio";
            radio.dataset.tone = `${tone}`;
            radio.ariaChecked = `${tone === this.#tone}`;
            radio.tabIndex = tone === this.#tone ? 0 : -1;
            return radio;
        }));
        foot.append(this.#name, choice);
        root.append(this.#search, tabs, this.#list, foot);
    }

    /** @param {DOMRect} anchor Above or below it, wherever there is room. */
    #place(anchor) {
        const { offsetWidth: width, offsetHeight: height } = this.#root;
        const left = Math.min(Math.max(anchor.right - width, margin), innerWidth - width - margin);
        const below = anchor.bottom + 4;
        const top = below + height + margin <= innerHeight ? below : Math.max(anchor.top - height - 4, margin);
        this.#root.style.left = `${left}px`;
        this.#root.style.top = `${Math.min(top, Math.max(innerHeight - height - margin, margin))}px`;
    }

    #fill() {
        const byForm = new Map(this.#all.flatMap(emoji => [emoji.emoji, ...emoji.tones].map(form => [form, emoji])));
        const recentOptions = recentEmoji().flatMap(form => {
            const emoji = byForm.get(form);
            return emoji === undefined ? [] : [this.#option(emoji, form, `emoji-recent-${form}`)];
        });
        this.#root.querySelector(".emoji-groups [data-group=custom]").hidden = !this.#all.some(emoji => emoji.group === "custom");
        this.#list.replaceChildren(...groups.map(({ name: group, label }) => {
            const section = document.createElement("div");
            section.className = "emoji-group";
            section.dataset.group = group;
            section.role = "group";
            section.ariaLabel = label;
            const heading = document.createElement("p");
            heading.className = "emoji-heading";
            heading.ariaHidden = "true";
            heading.textContent = label;
            const grid = document.createElement("div");
            grid.className = "emoji-grid";
            grid.role = "presentation";
            grid.append(...group === "recent"
                ? recentOptions
                : this.#all.filter(emoji => emoji.group === group).map(emoji => this.#option(emoji, this.#toned(emoji), `emoji-${emoji.emoji}`)));
            section.append(heading, grid);
            return section;
        }));
    }

    /**
     * @param {Emoji} emoji
     * @param {string} form
     * @param {string} id
     */
    #option(emoji, form, id) {
        const option = document.createElement("span");
        option.role = "option";
        option.id = id;
        option.ariaLabel = emoji.name;
        option.ariaSelected = "false";
        option.dataset.emoji = form;
        option.dataset.base = emoji.emoji;
        if (emoji.custom === undefined) option.textContent = form;
        else option.append(pictureOf(emoji.custom));
        return option;
    }

    /** @param {Emoji} emoji */
    #toned(emoji) {
        return emoji.tones[this.#tone - 1] ?? emoji.emoji;
    }

    #filter() {
        if (this.#all.length === 0) return;
        const query = this.#search.value.trim();
        const found = new Map(findEmoji(this.#all, query).map((emoji, index) => [emoji.emoji, index]));
        for (const section of this.#list.children) {
            if (!(section instanceof HTMLElement)) continue;
            const isRecent = section.dataset.group === "recent";
            let count = 0;
            for (const option of section.querySelectorAll("[role=option]")) {
                const rank = found.get(option.dataset.base ?? "");
                option.hidden = rank === undefined || (isRecent && query !== "");
                if (!option.hidden) count++;
            }
            section.hidden = count === 0;
        }
        // The best one, wherever it is in the list, so that Enter chooses it.
        const best = query === "" ? this.#options()[0] : [...found.keys()].map(base => document.getElementById(`emoji-${base}`))[0];
        this.#activate(best ?? null, true);
        if (best === undefined || best === null) this.#name.textContent = text("NoEmoji");
    }

    #options() {
        return [...this.#list.querySelectorAll(".emoji-group:not([hidden]) [role=option]:not([hidden])")];
    }

    /**
     * @param {HTMLElement | null} option
     * @param {boolean} isShown Whether it is scrolled into view.
     */
    #activate(option, isShown) {
        if (this.#active !== null) this.#active.ariaSelected = "false";
        this.#active = option;
        if (option === null) {
            this.#search.removeAttribute("aria-activedescendant");
            return;
        }
        option.ariaSelected = "true";
        this.#search.setAttribute("aria-activedescendant", option.id);
        this.#name.textContent = option.ariaLabel;
        if (isShown) option.scrollIntoView({ block: "nearest" });
    }

    /** @param {PointerEvent} event */
    #point(event) {
        const option = closest(event, "[role=option]");
        if (option !== null && event.pointerType === "mouse") this.#activate(option, false);
    }

    /** @param {KeyboardEvent} event */
    #onKey(event) {
        event.stopPropagation();
        // An input method uses these keys while it composes.
        if (event.isComposing || event.keyCode === 229) return;
        const isSearch = event.target === this.#search;
        const tone = closest(event, "[data-tone]");
        if (event.key === "Escape") this.close(true);
        else if (event.key === "Tab") this.#keepFocus(event);
        else if (tone !== null && (event.key === "ArrowLeft" || event.key === "ArrowRight")) this.#stepTone(event.key === "ArrowRight" ? 1 : tones.length - 1);
        else if (isSearch && event.key === "Enter" && this.#active !== null) this.#choose(this.#active, true);
        else if (isSearch && event.key === "ArrowRight") this.#step(1);
        else if (isSearch && event.key === "ArrowLeft") this.#step(-1);
        else if (isSearch && event.key === "ArrowDown") this.#stepRow(1);
        else if (isSearch && event.key === "ArrowUp") this.#stepRow(-1);
        else return;
        if (event.key !== "Tab") event.preventDefault();
    }

    /** @param {KeyboardEvent} event The focus goes round in the picker. */
    #keepFocus(event) {
        const stops = [this.#search, ...this.#root.querySelectorAll(".emoji-groups button, .emoji-tones [tabindex='0']")];
        const index = stops.findIndex(stop => stop === document.activeElement);
        stops[(index + (event.shiftKey ? stops.length - 1 : 1)) % stops.length].focus();
        event.preventDefault();
    }

    /** @param {number} by */
    #step(by) {
        const options = this.#options();
        const index = options.findIndex(option => option === this.#active);
        this.#activate(options[Math.min(Math.max(index + by, 0), options.length - 1)] ?? null, true);
    }

    /** @param {number} by To the nearest emoji of the next row or the one before. */
    #stepRow(by) {
        const options = this.#options();
        const index = options.findIndex(option => option === this.#active);
        if (index < 0) return;
        const from = options[index].getBoundingClientRect();
        const isBeyond = (/** @type {DOMRect} */ box) => by > 0 ? box.top > from.top + 1 : box.top < from.top - 1;
        let [next, row] = [index, from.top];
        for (let i = index + by; i >= 0 && i < options.length; i += by) {
            const box = options[i].getBoundingClientRect();
            if (!isBeyond(box)) continue;
            if (next !== index && Math.abs(box.top - row) > 1) break;
            if (next === index || Math.abs(box.left - from.left) < Math.abs(options[next].getBoundingClientRect().left - from.left)) next = i;
            row = box.top;
        }
        this.#activate(options[next], true);
    }

    /** @param {number} by */
    #stepTone(by) {
        this.#setTone((this.#tone + by) % tones.length);
        this.#root.querySelector(`[data-tone="${this.#tone}"]`).focus();
    }

    /** @param {number} tone */
    #setTone(tone) {
        this.#tone = tone;
        saveTone(tone);
        for (const radio of this.#root.querySelectorAll("[data-tone]")) {
            const isChosen = Number(radio.dataset.tone) === tone;
            radio.ariaChecked = `${isChosen}`;
            radio.tabIndex = isChosen ? 0 : -1;
        }
        const byBase = new Map(this.#all.map(emoji => [emoji.emoji, emoji]));
        for (const option of this.#list.querySelectorAll(".emoji-group:not([data-group=recent]) [role=option]")) {
            const emoji = byBase.get(option.dataset.base ?? "");
            if (emoji === undefined || emoji.tones.length === 0) continue;
            option.dataset.emoji = option.textContent = this.#toned(emoji);
        }
    }

    /** @param {MouseEvent} event */
    #onClick(event) {
        const option = closest(event, "[role=option]");
        const group = closest(event, ".emoji-groups [data-group]")?.dataset.group;
        const tone = closest(event, "[data-tone]");
        if (option !== null) {
            this.#choose(option, false);
        } else if (tone !== null) {
            this.#setTone(Number(tone.dataset.tone));
        } else if (group !== undefined) {
            this.#search.value = "";
            this.#filter();
            this.#list.querySelector(`[data-group="${group}"]`).scrollIntoView({ block: "start" });
        }
    }

    /**
     * @param {HTMLElement} option
     * @param {boolean} isByKey
     */
    #choose(option, isByKey) {
        const { emoji = "" } = option.dataset;
        noteRecent(emoji);
        this.close(isByKey);
        this.#listener.choose(emoji);
    }
}

/**
 * @param {string} sign
 * @param {string} label
 */
function button(sign, label) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = sign;
    element.ariaLabel = label;
    element.title = label;
    return element;
}
