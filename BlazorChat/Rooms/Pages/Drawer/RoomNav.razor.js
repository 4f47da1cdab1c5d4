// The drawer of rooms: the menu of a room, collapsed sections, the keys for the next room, and whether the reader watches the page and is
// active. It passes the number of unread messages to the title of the page, and what calls the reader to the browser.

import { Activity } from "../../../js/circuit/activity.js";
import { addressOf, call as callReader, lookAt, placeOf, withdraw } from "../../../js/notifications/calls.js";
import { connection } from "../../../js/circuit/connection.js";
import { closest } from "../../../js/shared/dom.js";
import { draftConversations, unsentDrafts } from "../../../js/rooms/drafts.js";
import { openAddress } from "../../../js/rooms/rows/permalinks.js";
import { load, store } from "../../../js/shared/storage.js";
import { visit } from "../../../js/shell/recent.js";
import { showUnread } from "../../../js/rooms/unread-total.js";

const collapsedKey = "collapsed-sections";

// Milliseconds, and CSS pixels.
const longPress = 450;
const pressTolerance = 10;

// Elements in which these keys have a meaning of their own, and what covers the page.
const ownKeys = "select, [role=combobox]";
const covers = ".mud-dialog, dialog[open], :popover-open";

/**
 * @param {HTMLElement} root
 * @param {DotNetObject} nav
 */
export function attach(root, nav) {
    const menu = root.querySelector("[data-menu]");
    const listeners = new AbortController();
    const { signal } = listeners;
    // As the component assumes at its start.
    let isWatched = true;
    /** @type {{ row: HTMLElement, at: number, x: number, y: number } | null} */
    let press = null;
    // The row that was pressed long. Its menu opens when the finger is lifted, which would close an open one; the click after it is ignored.
    /** @type {HTMLElement | null} */
    let pressed = null;
    /** @type {HTMLElement | null} */
    let chosen = null;

    /** @param {string} method @param {...unknown} args */
    async function call(method, ...args) {
        if (connection.isLost) return false;
        try {
            await nav.invokeMethodAsync(method, ...args);
            return true;
        } catch {
            // The connection is lost, or the page is being left.
            return false;
        }
    }

    const activity = new Activity(() => call("Touch"), signal);

    const isLooking = () => document.visibilityState === "visible" && document.hasFocus();

    function look() {
        const { open, openThread } = root.dataset;
        if (open === undefined || !isLooking()) lookAt();
        else lookAt(placeOf(open), ...openThread === undefined ? [] : [placeOf(open, openThread)]);
    }

    async function watch() {
        const now = isLooking();
        look();
        if (now === isWatched) return;
        isWatched = now;
        activity.note();
        if (!(await call("WatchAsync", now))) isWatched = !now;
    }

    /** @returns {string[]} */
    function collapsed() {
        const stored = load(collapsedKey, localStorage);
        return Array.isArray(stored) ? stored : [];
    }

    function showCollapsed() {
        const names = collapsed();
        root.dataset.collapsed = names.join(" ");
        for (const section of root.querySelectorAll("[data-section]")) {
            const isExpanded = !names.includes(section.dataset.section ?? "");
            section.querySelector("[data-toggle]").setAttribute("aria-expanded", String(isExpanded));
        }
    }

    /** @param {string} name */
    function toggle(name) {
        const names = collapsed();
        store(collapsedKey, names.includes(name) ? names.filter(other => other !== name) : [...names, name], localStorage);
        showCollapsed();
    }

    /** @param {MouseEvent} event */
    function onClick(event) {
        const section = closest(event, "[data-toggle]")?.closest("[data-section]");
        if (section instanceof HTMLElement) toggle(section.dataset.section ?? "");
        const options = closest(event, "[data-options]");
        if (options !== null) open(/** @type {HTMLElement} */ (options.parentElement), options.getBoundingClientRect());
    }

    /** @param {MouseEvent} event A long press ends with a click. */
    function onCapturedClick(event) {
        if (pressed === null) return;
        pressed = null;
        event.preventDefault();
        event.stopPropagation();
    }

    /**
     * @param {HTMLElement} row
     * @param {DOMRect} at What the menu is beside.
     */
    async function open(row, at) {
        if (!(await call("OpenMenu", Number(row.dataset.room))) || menu.childElementCount === 0) return;
        chosen = row.querySelector("a");
        menu.showPopover();
        if (!matchMedia("(hover: none)").matches) {
            menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
            menu.style.top = `${Math.max(8, Math.min(at.bottom, innerHeight - menu.offsetHeight - 8))}px`;
        }
        menu.querySelector("button").focus();
    }

    /** @param {Event} event */
    function onToggle(event) {
        if (!(event instanceof ToggleEvent) || event.newState === "open") return;
        if (menu.contains(document.activeElement) || document.activeElement === document.body) chosen?.focus();
        call("CloseMenu");
    }

    /** @param {KeyboardEvent} event The arrows go through the menu; radio buttons have their own. */
    function onMenuKey(event) {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        if (event.target instanceof HTMLInputElement) return;
        const items = [...menu.querySelectorAll("button, input:checked")];
        const index = items.findIndex(item => item === document.activeElement);
        items.at((index + (event.key === "ArrowDown" ? 1 : -1)) % items.length)?.focus();
        event.preventDefault();
    }

    /** @param {MouseEvent} event By the right button, a key, or a long press in some browsers. */
    function onContextMenu(event) {
        const row = closest(event, "[data-room]");
        if (row === null) return;
        event.preventDefault();
        if (press !== null || pressed !== null) return;
        const isByKey = event.clientX === 0 && event.clientY === 0;
        open(row, isByKey ? row.getBoundingClientRect() : new DOMRect(event.clientX, event.clientY));
    }

    /** @param {PointerEvent} event */
    function onPointerDown(event) {
        endPress();
        pressed = null;
        const row = closest(event, "[data-room]");
        if (row === null || event.pointerType === "mouse") return;
        press = { row, at: event.timeStamp, x: event.clientX, y: event.clientY };
    }

    /** @param {PointerEvent} event */
    function onPointerMove(event) {
        if (press !== null && Math.hypot(event.clientX - press.x, event.clientY - press.y) > pressTolerance) endPress();
    }

    function endPress() {
        press = null;
    }

    /** @param {PointerEvent} event The times are those of the finger, also where the page was busy meanwhile. */
    function onPointerUp(event) {
        pressed = press !== null && event.timeStamp - press.at >= longPress ? press.row : null;
        endPress();
        if (pressed !== null) open(pressed, pressed.getBoundingClientRect());
    }

    /** @param {KeyboardEvent} event */
    function onKey(event) {
        if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        // An input method uses these keys while it composes.
        if (event.isComposing || event.keyCode === 229) return;
        if (closest(event, ownKeys) !== null || document.querySelectorAll(covers).length > 0) return;
        event.preventDefault();
        event.stopPropagation();
        call("Go", event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
    }

    function visitOpen() {
        if (root.dataset.open !== undefined) visit(`rooms/${root.dataset.open}`);
    }

    let drafts = 0;

    // What is written in the open room is not left behind yet.
    async function countDrafts() {
        const { person = "", open, openThread } = root.dataset;
        const here = [`${person}/${open}`, `${person}/${open}-${openThread}`];
        const count = draftConversations(person).filter(conversation => !here.includes(conversation)).flatMap(unsentDrafts).length;
        if (count === drafts) return;
        drafts = count;
        // One that was not received is sent again with the next count.
        if (!await call("SetDrafts", count) && drafts === count) drafts = -1;
    }

    const total = () => showUnread(Number(root.dataset.total));
    const changes = new MutationObserver(records => {
        if (records.some(record => record.attributeName === "data-total")) total();
        if (records.some(record => record.attributeName?.startsWith("data-open"))) {
            look();
            countDrafts();
        }
        if (records.some(record => record.attributeName === "data-open")) visitOpen();
        if (records.some(record => record.type === "childList")) showCollapsed();
    });
    changes.observe(root, { attributes: true, attributeFilter: ["data-total", "data-open", "data-open-thread"], childList: true, subtree: true });
    addEventListener("drafts-changed", countDrafts, { signal });
    countDrafts();
    root.addEventListener("click", onCapturedClick, { capture: true, signal });
    root.addEventListener("click", onClick, { signal });
    root.addEventListener("contextmenu", onContextMenu, { signal });
    root.addEventListener("pointerdown", onPointerDown, { signal });
    root.addEventListener("pointermove", onPointerMove, { passive: true, signal });
    root.addEventListener("pointerup", onPointerUp, { signal });
    root.addEventListener("pointercancel", onPointerUp, { signal });
    menu.addEventListener("toggle", onToggle, { signal });
    menu.addEventListener("keydown", onMenuKey, { signal });
    document.addEventListener("keydown", onKey, { capture: true, signal });
    document.addEventListener("visibilitychange", watch, { signal });
    addEventListener("focus", watch, { signal });
    addEventListener("blur", watch, { signal });
    addEventListener("connection-restored", watch, { signal });
    addEventListener("storage", showCollapsed, { signal });
    // Only a browser that shows notifications has a worker.
    navigator.serviceWorker?.ready.then(() => import("../../../js/notifications/notifications.js")).then(script => {
        script.answerWorker(signal);
        return script.compareSubscription();
    }).catch(() => {
        // The worker loads the page again.
    });
    showCollapsed();
    total();
    visitOpen();
    watch();

    /** @param {import("../../../js/notifications/calls.js").Call} notice */
    function openMessage(notice) {
        const address = addressOf(notice);
        if (connection.isLost) location.assign(new URL(address, document.baseURI));
        else openAddress(address);
    }

    return {
        /** @param {import("../../../js/notifications/calls.js").Call} notice Something new that calls the reader. */
        call: notice => callReader(notice, () => openMessage(notice)),
        withdraw,
        detach() {
            listeners.abort();
            lookAt();
            endPress();
            changes.disconnect();
        },
    };
}
