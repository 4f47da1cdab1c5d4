// The actions on messages: one toolbar for all rows, over the row that has the mouse or the focus, or that was pressed long.

import { unfold } from "./rows/unfolding.js";
import { closest } from "../shared/dom.js";

const longPress = 450;
const clickAfterPress = 100;
const pressTolerance = 10;

// CSS pixels of a row that the toolbar covers: it has two lines where there is little room.
const overlap = 18;

// Elements that have a menu of their own for a long press, or are players.
const ownMenu = "a, button, summary, audio, video, .spoiler";

/** @typedef {"bar" | "menu" | "sheet"} Form Icons; the rest of the actions, with words; all of them at the edge of a phone. */

/**
 * @typedef {object} Actions
 * @property {(row: HTMLElement) => void} copy
 * @property {(row: HTMLElement) => void} copyLink
 * @property {(row: HTMLElement) => void} quote Puts its link into the composer.
 * @property {(row: HTMLElement) => void} copyCode
 * @property {(personId: number) => Promise<void>} profile Ends when the profile is closed.
 * @property {(sequence: number) => Promise<void>} forward Ends when the dialog is closed.
 * @property {(sequence: number) => Promise<void>} versions Ends when the earlier texts are closed.
 * @property {(sequence: number) => Promise<void>} endPoll Ends when the person has decided.
 * @property {(row: HTMLElement, emoji: string) => void} react
 * @property {(row: HTMLElement, anchor: DOMRect, closed: () => void) => void} pick Opens the picker of emoji; `closed` follows its keyboard.
 * @property {(row: HTMLElement, isSet: boolean) => void} pin
 * @property {(row: HTMLElement) => void} save
 * @property {(row: HTMLElement, id: string) => void} removePreviews Removes one preview, or all for an empty id.
 * @property {(row: HTMLElement) => Promise<void>} remind Ends when the dialog is closed.
 * @property {(row: HTMLElement) => Promise<void>} report Ends when the dialog is closed.
 * @property {(row: HTMLElement) => void} reply
 * @property {(sequence: number) => void} edit
 * @property {(sequence: number) => void} markUnread
 * @property {(sequence: number) => Promise<void>} remove Ends when the person has decided.
 * @property {() => void} write Focuses the composer, where one can write without touching it.
 */

export class RowActions {
    #scroller;
    #toolbar;
    #actions;
    /** @type {HTMLElement | null} */
    #row = null;
    /** @type {{ row: HTMLElement, timer: number, at: number, x: number, y: number } | null} */
    #press = null;
    // The finger that has pressed long is down, and when it was lifted: the click that follows belongs to the press, whatever is under it then.
    #isPressed = false;
    #liftedAt = -Infinity;
    /** @type {HTMLElement | null} */
    #focused = null;
    // The last touch or key was a touch. A tap on a row focuses it, and the toolbar would then cover what was tapped: only a long press shows it.
    #isTouched = false;
    #listeners = new AbortController();
    #sizes = new ResizeObserver(() => this.#position());

    /**
     * @param {HTMLElement} scroller
     * @param {HTMLElement} toolbar
     * @param {Actions} actions
     */
    constructor(scroller, toolbar, actions) {
        this.#scroller = scroller;
        this.#toolbar = toolbar;
        this.#actions = actions;
        const pane = /** @type {HTMLElement} */ (scroller.parentElement);
        const { signal } = this.#listeners;
        pane.addEventListener("pointerover", event => this.#onPointerOver(event), { signal });
        pane.addEventListener("pointerleave", event => this.#onPointerLeave(event), { signal });
        document.addEventListener("pointerdown", event => this.#onPointerDown(event), { signal });
        document.addEventListener("pointermove", event => this.#onPointerMove(event), { passive: true, signal });
        document.addEventListener("pointerup", event => this.#onPointerUp(event), { signal });
        document.addEventListener("pointercancel", () => this.#endPress(), { signal });
        scroller.addEventListener("click", event => this.#onRowClick(event), { signal });
        scroller.addEventListener("contextmenu", event => this.#onContextMenu(event), { signal });
        scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true, signal });
        scroller.addEventListener("focusin", event => this.#onFocusIn(event), { signal });
        scroller.addEventListener("focusout", event => this.#onFocusOut(event), { signal });
        toolbar.addEventListener("focusout", event => this.#onFocusOut(event), { signal });
        scroller.addEventListener("keydown", event => this.#onLogKey(event), { signal });
        toolbar.addEventListener("keydown", event => this.#onToolbarKey(event), { signal });
        toolbar.addEventListener("click", event => this.#onClick(event), { signal });
        for (const element of [scroller, ...scroller.children]) this.#sizes.observe(element);
    }

    stop() {
        this.#endPress();
        this.#listeners.abort();
        this.#sizes.disconnect();
    }

    // A changed row is a new element: the toolbar and the focus move to it.
    renew() {
        if (this.#row?.isConnected === false) this.#show(this.#currentOf(this.#row), this.#form);
        if (this.#focused?.isConnected === false && document.activeElement === document.body) this.#focus(this.#currentOf(this.#focused));
    }

    /**
     * @param {HTMLElement} row
     * @returns {HTMLElement | null}
     */
    #currentOf(row) {
        return row.isConnected ? row : this.#scroller.querySelector(`article[data-sequence="${row.dataset.sequence}"]`);
    }

    /** @param {EventTarget | null} element */
    #rowOf(element) {
        const row = element instanceof Element ? element.closest("article[data-sequence]") : null;
        return row instanceof HTMLElement && this.#scroller.contains(row) ? row : null;
    }

    get #rows() {
        return [...this.#scroller.querySelectorAll("article[data-sequence]")];
    }

    get #buttons() {
        return [...this.#toolbar.querySelectorAll("button:not([hidden])")];
    }

    /** What the form of the toolbar shows. */
    get #visibleButtons() {
        return this.#buttons.filter(button => button.checkVisibility());
    }

    /** Enter goes to what is not on each message: reactions are left of it. */
    get #firstAction() {
        return this.#buttons.find(button => button.dataset.action !== "react" && button.dataset.action !== "pick");
    }

    /**
     * @param {HTMLElement | null} row
     * @param {Form} form
     */
    #show(row, form = "bar") {
        this.#toolbar.dataset.form = form;
        if (row !== this.#row) {
            if (this.#row !== null) delete this.#row.dataset.chosen;
            this.#row = row;
            const { me, mayWrite, mayDeleteAll, mayEndPolls } = this.#toolbar.dataset;
            const mayChange = row !== null && mayWrite !== undefined && !("deleted" in row.dataset);
            const isMine = row?.dataset.author === me;
            const isInThread = "inThread" in this.#toolbar.dataset;
            for (const button of this.#toolbar.querySelectorAll("[data-action=react], [data-action=pick]")) button.hidden = !mayChange;
            this.#toolbar.querySelector("[data-action=reply]").hidden = !mayChange || isInThread;
            this.#toolbar.querySelector("[data-action=quote]").hidden = !mayChange;
            const isPinned = row !== null && "pinned" in row.dataset;
            this.#toolbar.querySelector("[data-action=pin]").hidden = !mayChange || isPinned;
            this.#toolbar.querySelector("[data-action=unpin]").hidden = !mayChange || !isPinned;
            for (const button of this.#toolbar.querySelectorAll("[data-action=copy], [data-action=copy-link], [data-action=forward], [data-action=save], [data-action=remind]")) button.hidden = row === null || "deleted" in row.dataset;
            this.#toolbar.querySelector("[data-action=report]").hidden = row === null || isMine || "deleted" in row.dataset;
            const hasCode = row?.querySelector(".message-text pre") != null;
            this.#toolbar.querySelector("[data-action=copy-code]").hidden = !hasCode;
            this.#toolbar.querySelector("[data-action=wrap-code]").hidden = !hasCode;
            this.#toolbar.querySelector("[data-action=versions]").hidden = row?.querySelector("[data-versions]") == null;
            const hasPoll = row?.querySelector(".poll:not([data-ended])") != null;
            this.#toolbar.querySelector("[data-action=end-poll]").hidden = !(mayChange && hasPoll && !isInThread && (isMine || mayEndPolls !== undefined));
            this.#toolbar.querySelector("[data-action=edit]").hidden = !(mayChange && isMine);
            this.#toolbar.querySelector("[data-action=unread]").hidden = !mayChange || isInThread;
            const mayRemove = mayChange && (isMine || mayDeleteAll !== undefined);
            this.#toolbar.querySelector("[data-action=delete]").hidden = !mayRemove;
            this.#toolbar.querySelector("[data-action=remove-previews]").hidden = !mayRemove || row?.querySelector("[data-preview]") == null;
            row?.toggleAttribute("data-removable", mayRemove);
        }
        this.#position();
    }

    #position() {
        const row = this.#row;
        const area = this.#scroller.getBoundingClientRect();
        const box = row?.getBoundingClientRect() ?? new DOMRect();
        const isShown = row !== null && row.isConnected && !("deleted" in row.dataset) && this.#buttons.length > 0
            && box.bottom > area.top && box.top < area.bottom;
        this.#toolbar.hidden = !isShown;
        row?.toggleAttribute("data-chosen", isShown);
        if (!isShown) {
            this.#toolbar.dataset.form = "bar";
            return;
        }
        const height = this.#toolbar.offsetHeight;
        const above = this.#form === "menu" ? overlap - 32 : Math.min(height / 2, overlap) - height;
        const top = Math.max(Math.min(Math.max(box.top - area.top + above, 4), area.height - height - 4), 4);
        this.#toolbar.style.top = `${this.#scroller.offsetTop + top}px`;
    }

    // Shows the toolbar at the row with the focus, if there is one.
    #showFocused() {
        if (!this.#toolbar.contains(document.activeElement)) this.#show(this.#isTouched ? null : this.#rowOf(document.activeElement));
    }

    /** @param {PointerEvent} event */
    #onPointerOver(event) {
        if (event.pointerType !== "mouse" || this.#form === "menu" || this.#isInToolbar(event.target)) return;
        const row = this.#rowOf(event.target);
        if (row === null) this.#showFocused();
        else this.#show(row);
    }

    /** @param {PointerEvent} event */
    #onPointerLeave(event) {
        if (event.pointerType === "mouse" && this.#form !== "menu") this.#showFocused();
    }

    /** @param {PointerEvent} event */
    #onPointerDown(event) {
        this.#isPressed = false;
        this.#liftedAt = -Infinity;
        if (this.#isInToolbar(event.target)) return;
        this.#endPress();
        this.#isTouched = event.pointerType !== "mouse";
        if (this.#form === "menu") this.#show(null);
        if (!this.#isTouched) return;
        this.#show(null);
        const row = this.#rowOf(event.target);
        if (row === null || closest(event, ownMenu) !== null) return;
        const timer = setTimeout(() => this.#showPressed(row), longPress);
        this.#press = { row, timer, at: event.timeStamp, x: event.clientX, y: event.clientY };
    }

    /** @param {PointerEvent} event A busy page may not have shown the toolbar in time. */
    #onPointerUp(event) {
        if (this.#press !== null && event.timeStamp - this.#press.at >= longPress) this.#showPressed(this.#press.row);
        this.#endPress();
        if (this.#isPressed) this.#liftedAt = event.timeStamp;
        this.#isPressed = false;
    }

    /** @param {HTMLElement} row */
    #showPressed(row) {
        this.#endPress();
        this.#isPressed = true;
        this.#show(row, "sheet");
        // The browser's own long press selects a word.
        if (!this.#toolbar.hidden) getSelection()?.removeAllRanges();
    }

    /** @param {PointerEvent} event */
    #onPointerMove(event) {
        if (this.#press === null) return;
        const { x, y } = this.#press;
        if (Math.hypot(event.clientX - x, event.clientY - y) > pressTolerance) this.#endPress();
    }

    #endPress() {
        clearTimeout(this.#press?.timer);
        this.#press = null;
    }

    /** @param {MouseEvent} event The browser's own menu of a long press would cover the toolbar. */
    #onContextMenu(event) {
        if (event instanceof PointerEvent && event.pointerType === "touch" && !this.#toolbar.hidden) event.preventDefault();
    }

    // A new message moves the rows under an open sheet; a finger that scrolls has closed it.
    #onScroll() {
        this.#endPress();
        if (this.#form === "bar") this.#showFocused();
        else this.#position();
    }

    /** @returns {Form} */
    get #form() {
        return /** @type {Form} */ (this.#toolbar.dataset.form ?? "bar");
    }

    /** @param {FocusEvent} event */
    #onFocusIn(event) {
        const row = this.#rowOf(event.target);
        if (row !== null && closest(event, ".message-fold") !== null) this.#unfold(row);
        this.#focused = row === event.target ? row : null;
        if (!this.#isTouched) this.#show(row);
    }

    /** @param {FocusEvent} event */
    #onFocusOut(event) {
        // A removed row loses the focus before it is disconnected, and its successor gets the focus.
        const left = this.#focused;
        if (event.relatedTarget === null) queueMicrotask(() => {
            // A button that was hidden loses the focus to a row only after this event.
            if (left?.isConnected && this.#focused === left) this.#focused = null;
        });
        else this.#focused = null;

        const next = event.relatedTarget;
        if (this.#isInToolbar(next)) return;
        // Only keys focus a row: after a click the arrow keys must scroll.
        if (this.#row !== next) this.#row?.removeAttribute("tabindex");
        if (next !== null && this.#rowOf(next) === null) this.#show(null);
    }

    /** @param {KeyboardEvent} event */
    #onLogKey(event) {
        this.#isTouched = false;
        const row = closest(event, "article[data-sequence]");
        const isLog = event.target === this.#scroller;
        if (row !== event.target && !isLog) return;
        const rows = this.#rows;
        const index = rows.findIndex(other => other === row);
        if (event.key === "ArrowUp") this.#focus(isLog ? this.#lastVisible(rows) : rows[index - 1]);
        else if (event.key === "ArrowDown") this.#focus(isLog ? this.#lastVisible(rows) : rows[index + 1]);
        else if (event.key === "Home" && !isLog) this.#focus(rows[0]);
        else if (event.key === "End" && !isLog) this.#focus(rows.at(-1));
        else if (event.key === "Escape" && !isLog) this.#scroller.focus();
        else if ((event.key === "Enter" || event.key === "ContextMenu") && !isLog) this.#firstAction?.focus();
        else return;
        event.preventDefault();
    }

    /** @param {KeyboardEvent} event */
    #onToolbarKey(event) {
        const buttons = this.#visibleButtons;
        const index = buttons.findIndex(button => button === event.target);
        if (event.key === "ArrowRight" || event.key === "ArrowDown") buttons[(index + 1) % buttons.length].focus();
        else if (event.key === "ArrowLeft" || event.key === "ArrowUp") buttons.at(index - 1)?.focus();
        else if (event.key === "Escape") this.#close();
        else return;
        event.preventDefault();
    }

    #close() {
        const row = this.#row;
        this.#show(row);
        this.#focus(row);
    }

    /** @param {EventTarget | null} element */
    #isInToolbar(element) {
        return element instanceof Node && this.#toolbar.contains(element);
    }

    /** @param {HTMLElement[]} rows */
    #lastVisible(rows) {
        const bottom = this.#scroller.getBoundingClientRect().bottom;
        return rows.findLast(row => row.getBoundingClientRect().bottom <= bottom + 1) ?? rows.at(-1);
    }

    /** @param {HTMLElement | null | undefined} row Undefined for a row beyond the first or the last one. */
    #focus(row) {
        if (!row?.isConnected) {
            if (row !== undefined) this.#scroller.focus();
            return;
        }
        row.tabIndex = -1;
        row.focus();
    }

    /** @param {MouseEvent} event An author's name or picture, or a mention, opens the person's profile. */
    #onRowClick(event) {
        const mention = closest(event, ".mention[data-person]");
        const author = closest(event, "[data-profile]");
        const row = this.#rowOf(event.target);
        if (mention !== null) this.#actions.profile(Number(mention.dataset.person));
        else if (author !== null && row !== null) this.#actions.profile(Number(row.dataset.author));
        else if (row !== null && closest(event, "[data-remove-preview]") !== null) this.#actions.removePreviews(row, closest(event, "[data-preview]")?.dataset.preview ?? "");
        else if (row !== null && closest(event, "[data-versions]") !== null) this.#actions.versions(Number(row.dataset.sequence));
        else if (row !== null && closest(event, "[data-unfold]") !== null) this.#unfold(row);
    }

    /** @param {HTMLElement} row A long message grows downwards: its first line stays where it is. */
    #unfold(row) {
        const { top } = row.getBoundingClientRect();
        unfold(row);
        this.#scroller.scrollTop += row.getBoundingClientRect().top - top;
    }

    /** @param {MouseEvent} event */
    async #onClick(event) {
        const action = closest(event, "[data-action]")?.dataset.action;
        const row = this.#row;
        if (event.timeStamp - this.#liftedAt < clickAfterPress) return;
        // Beside the sheet.
        if (event.target === this.#toolbar && this.#form === "sheet") this.#show(null);
        if (action === undefined || row === null) return;
        if (action === "more") {
            this.#show(row, "menu");
            this.#visibleButtons[0]?.focus();
            return;
        }
        const sequence = Number(row.dataset.sequence);
        const isByKey = event.detail === 0;
        const anchor = this.#toolbar.getBoundingClientRect();
        this.#show(null);
        if (action === "reply") {
            this.#actions.reply(row);
        } else if (action === "save") {
            this.#actions.save(row);
            if (isByKey) this.#focus(row);
        } else if (action === "remove-previews") {
            this.#actions.removePreviews(row, "");
            if (isByKey) this.#focus(this.#currentOf(row));
        } else if (action === "remind" || action === "report") {
            await this.#actions[action](row);
            if (isByKey) this.#focus(this.#currentOf(row));
        } else if (action === "pin" || action === "unpin") {
            this.#actions.pin(row, action === "pin");
            if (isByKey) this.#focus(this.#currentOf(row));
        } else if (action === "quote") {
            this.#actions.quote(row);
        } else if (action === "react") {
            this.#actions.react(row, closest(event, "[data-emoji]")?.dataset.emoji ?? "");
            if (isByKey) this.#focus(this.#currentOf(row));
        } else if (action === "pick") {
            this.#actions.pick(row, anchor, () => this.#focus(this.#currentOf(row)));
        } else if (action === "edit") {
            this.#actions.edit(sequence);
        } else if (action === "profile" || action === "versions" || action === "forward" || action === "end-poll") {
            if (action === "profile") await this.#actions.profile(Number(row.dataset.author));
            else await this.#actions[action === "end-poll" ? "endPoll" : action](sequence);
            if (isByKey) this.#focus(this.#currentOf(row));
        } else if (action === "copy" || action === "copy-link" || action === "copy-code" || action === "wrap-code" || action === "unread") {
            if (action === "copy") this.#actions.copy(row);
            else if (action === "copy-link") this.#actions.copyLink(row);
            else if (action === "copy-code") this.#actions.copyCode(row);
            else if (action === "wrap-code") row.toggleAttribute("data-wrapped");
            else this.#actions.markUnread(sequence);
            if (isByKey) this.#focus(row);
        } else {
            await this.#actions.remove(sequence);
            if (isByKey) this.#focus(this.#currentOf(row));
            else this.#actions.write();
        }
    }
}
