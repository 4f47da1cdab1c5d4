// What one can do with a message: one toolbar for all rows, which stands over the row that the mouse is on, that has the
// focus, or that was pressed long.

const longPress = 450;
const pressTolerance = 10;

// What has a menu of its own for a long press, or is played.
const ownMenu = "a, button, summary, audio, video";

// door.copy(row), door.edit(sequence) and door.remove(sequence) do it; the latter answers when it is decided.
export class RowActions {
    #scroller;
    #toolbar;
    #door;
    #row = null;
    #press = null;
    #focused = null;
    #listeners = new AbortController();
    #sizes = new ResizeObserver(() => this.#place());

    constructor(scroller, toolbar, door) {
        this.#scroller = scroller;
        this.#toolbar = toolbar;
        this.#door = door;
        const pane = scroller.parentElement;
        const on = (target, type, listener, options) =>
            target.addEventListener(type, listener, { ...options, signal: this.#listeners.signal });
        on(pane, "pointerover", event => this.#onPointerOver(event));
        on(pane, "pointerleave", event => this.#onPointerLeave(event));
        on(document, "pointerdown", event => this.#onPointerDown(event));
        on(document, "pointermove", event => this.#onPointerMove(event), { passive: true });
        on(document, "pointerup", () => this.#endPress());
        on(document, "pointercancel", () => this.#endPress());
        on(scroller, "contextmenu", event => this.#onContextMenu(event));
        on(scroller, "scroll", () => this.#onScroll(), { passive: true });
        on(scroller, "focusin", event => this.#onFocusIn(event));
        on(scroller, "focusout", event => this.#onFocusOut(event));
        on(toolbar, "focusout", event => this.#onFocusOut(event));
        on(scroller, "keydown", event => this.#onLogKey(event));
        on(toolbar, "keydown", event => this.#onToolbarKey(event));
        on(toolbar, "click", event => this.#onClick(event));
        this.#sizes.observe(scroller);
        this.#sizes.observe(scroller.firstElementChild);
    }

    stop() {
        this.#endPress();
        this.#listeners.abort();
        this.#sizes.disconnect();
    }

    // A row that was changed is another element: what was chosen, and the focus, go over to it.
    renew() {
        if (this.#row?.isConnected === false) this.#show(this.#again(this.#row));
        if (this.#focused?.isConnected === false && document.activeElement === document.body) this.#focus(this.#again(this.#focused));
    }

    #again(row) {
        return row.isConnected ? row : this.#scroller.querySelector(`article[data-sequence="${row.dataset.sequence}"]`);
    }

    #rowOf(element) {
        const row = element.closest?.("article[data-sequence]") ?? null;
        return row !== null && this.#scroller.contains(row) ? row : null;
    }

    get #rows() {
        return [...this.#scroller.querySelectorAll("article[data-sequence]")];
    }

    get #buttons() {
        return [...this.#toolbar.querySelectorAll("button:not([hidden])")];
    }

    #show(row) {
        if (row !== this.#row) {
            if (this.#row !== null) delete this.#row.dataset.chosen;
            this.#row = row;
            const { me, mayWrite, mayDeleteAll } = this.#toolbar.dataset;
            const mayChange = row !== null && mayWrite !== undefined && !("deleted" in row.dataset);
            const isMine = row?.dataset.author === me;
            this.#toolbar.querySelector("[data-action=copy]").hidden = row === null || "deleted" in row.dataset;
            this.#toolbar.querySelector("[data-action=edit]").hidden = !(mayChange && isMine);
            this.#toolbar.querySelector("[data-action=delete]").hidden = !(mayChange && (isMine || mayDeleteAll !== undefined));
        }
        this.#place();
    }

    #place() {
        const row = this.#row;
        const area = this.#scroller.getBoundingClientRect();
        const box = row?.getBoundingClientRect();
        const isThere = row?.isConnected && !("deleted" in row.dataset) && this.#buttons.length > 0
            && box.bottom > area.top && box.top < area.bottom;
        this.#toolbar.hidden = !isThere;
        if (row !== null && isThere) row.dataset.chosen = "";
        else if (row !== null) delete row.dataset.chosen;
        if (!isThere) return;
        const height = this.#toolbar.offsetHeight;
        const top = Math.min(Math.max(box.top - area.top - height / 2, 4), area.height - height - 4);
        this.#toolbar.style.top = `${this.#scroller.offsetTop + top}px`;
    }

    // Back to the row that has the focus, if one has.
    #rest() {
        if (!this.#toolbar.contains(document.activeElement)) this.#show(this.#rowOf(document.activeElement));
    }

    #onPointerOver(event) {
        if (event.pointerType !== "mouse" || this.#toolbar.contains(event.target)) return;
        const row = this.#rowOf(event.target);
        if (row === null) this.#rest();
        else this.#show(row);
    }

    #onPointerLeave(event) {
        if (event.pointerType === "mouse") this.#rest();
    }

    #onPointerDown(event) {
        if (this.#toolbar.contains(event.target)) return;
        this.#endPress();
        if (event.pointerType === "mouse") return;
        this.#show(null);
        const row = this.#rowOf(event.target);
        if (row === null || event.target.closest(ownMenu) !== null) return;
        const timer = setTimeout(() => {
            this.#press = null;
            this.#show(row);
            // The browser's own long press selects a word.
            if (!this.#toolbar.hidden) getSelection().removeAllRanges();
        }, longPress);
        this.#press = { timer, x: event.clientX, y: event.clientY };
    }

    #onPointerMove(event) {
        if (this.#press === null) return;
        const { x, y } = this.#press;
        if (Math.hypot(event.clientX - x, event.clientY - y) > pressTolerance) this.#endPress();
    }

    #endPress() {
        clearTimeout(this.#press?.timer);
        this.#press = null;
    }

    // The browser's own menu of a long press would cover ours.
    #onContextMenu(event) {
        if (event.pointerType === "touch" && !this.#toolbar.hidden) event.preventDefault();
    }

    #onScroll() {
        this.#endPress();
        this.#rest();
    }

    #onFocusIn(event) {
        const row = this.#rowOf(event.target);
        this.#focused = row === event.target ? row : null;
        this.#show(row);
    }

    #onFocusOut(event) {
        // Unless it was taken away with its row.
        if (event.relatedTarget === null) queueMicrotask(() => {
            if (this.#focused?.isConnected) this.#focused = null;
        });
        else this.#focused = null;

        const next = event.relatedTarget;
        if (this.#toolbar.contains(next)) return;
        // Focused by keys alone: a click on a row must leave the arrow keys to the scroller.
        if (this.#row !== next) this.#row?.removeAttribute("tabindex");
        if (next !== null && this.#rowOf(next) === null) this.#show(null);
    }

    #onLogKey(event) {
        const row = event.target.closest("article[data-sequence]");
        const isLog = event.target === this.#scroller;
        if (row !== event.target && !isLog) return;
        const rows = this.#rows;
        const index = rows.indexOf(row);
        if (event.key === "ArrowUp") this.#focus(isLog ? this.#lastVisible(rows) : rows[index - 1]);
        else if (event.key === "ArrowDown") this.#focus(isLog ? this.#lastVisible(rows) : rows[index + 1]);
        else if (event.key === "Home" && !isLog) this.#focus(rows[0]);
        else if (event.key === "End" && !isLog) this.#focus(rows.at(-1));
        else if (event.key === "Escape" && !isLog) this.#scroller.focus();
        else if ((event.key === "Enter" || event.key === "ContextMenu") && !isLog) this.#buttons[0]?.focus();
        else return;
        event.preventDefault();
    }

    #onToolbarKey(event) {
        const buttons = this.#buttons;
        const index = buttons.indexOf(event.target);
        if (event.key === "ArrowRight") buttons[(index + 1) % buttons.length].focus();
        else if (event.key === "ArrowLeft") buttons.at(index - 1).focus();
        else if (event.key === "Escape") this.#focus(this.#row);
        else return;
        event.preventDefault();
    }

    #lastVisible(rows) {
        const bottom = this.#scroller.getBoundingClientRect().bottom;
        return rows.findLast(row => row.getBoundingClientRect().bottom <= bottom + 1) ?? rows.at(-1);
    }

    #focus(row) {
        if (!row?.isConnected) {
            if (row !== undefined) this.#scroller.focus();
            return;
        }
        row.tabIndex = -1;
        row.focus();
    }

    async #onClick(event) {
        const action = event.target.closest("[data-action]")?.dataset.action;
        const row = this.#row;
        if (action === undefined || row === null) return;
        const sequence = Number(row.dataset.sequence);
        const isByKey = event.detail === 0;
        this.#show(null);
        if (action === "edit") {
            this.#door.edit(sequence);
        } else if (action === "copy") {
            this.#door.copy(row);
            if (isByKey) this.#focus(row);
        } else {
            await this.#door.remove(sequence);
            if (isByKey) this.#focus(this.#again(row));
        }
    }
}
