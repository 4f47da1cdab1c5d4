// Scrolling: older and newer pages near the edges, a pill for what arrives while one reads further up, how far one has read, and where the
// page opens: at the first unread message, or where it was before it was loaded again. The scroller is laid out from its end (column-reverse),
// so scrollTop is 0 there and negative above it.

import { copyText } from "../../../js/clipboard.js";
import { connection } from "../../../js/connection.js";
import { above } from "../../../js/opening.js";
import { RowActions } from "../../../js/row-actions.js";

const nearEnd = 40;

// How often the server is told that one has read on.
const seenInterval = 2000;

// After a page could not be read it is asked for again, with a pause that doubles.
const firstPause = 500;
const longestPause = 15_000;

const noticeTime = 2000;

// Only the page that was loaded again goes back to its place, and only once.
let mayReturn = performance.getEntriesByType("navigation")[0]?.type === "reload";

export function attach(scroller, list) {
    const pane = scroller.parentElement;
    const pill = pane.querySelector("[data-pill]");
    const markRead = pane.querySelector("[data-mark-read]");
    const notice = pane.querySelector("[data-notice]");
    const inside = scroller.firstElementChild;
    const placeKey = `place${location.pathname}`;
    let seen = newest();
    let loading = false;
    let pause = firstPause;
    let saving = 0;
    let counting = 0;
    let noticing = 0;
    let isPlaced = false;
    // One has written something further up: what arrives until it is there is not kept from moving the page.
    let isGoingToEnd = false;
    // The last row in view and where its top was, at the end of a page that goes on.
    let last = null;
    // How far was read, and how far the server knows it.
    let looked = Number(inside.dataset.read ?? 0);
    let told = looked;
    let telling = 0;
    // The message whose text is in the composer.
    let edited = Number(pane.dataset.edited ?? 0);

    const actions = new RowActions(scroller, pane.querySelector("[data-actions]"), {
        copy: row => copy(row),
        edit: sequence => pane.dispatchEvent(new CustomEvent("message-edit", { detail: sequence })),
        remove: sequence => list.invokeMethodAsync("DeleteAsync", sequence).catch(() => {
            // The connection is gone; it is still there, and one can ask again.
        }),
    });

    const atEnd = () => scroller.scrollTop >= -nearEnd;
    const hasNewer = () => inside.querySelector("[data-edge=newer][data-more]") !== null;

    function newest() {
        return Number(inside.dataset.newest);
    }

    function count() {
        if (atEnd() && !hasNewer()) seen = newest();
        const end = hasNewer() ? visibleRows().at(-1) : undefined;
        last = end === undefined ? null : { row: end, top: offset(end) };
        const unseen = newest() - seen;
        const isFar = hasNewer() || scroller.scrollTop < -scroller.clientHeight;
        pill.hidden = unseen <= 0 && !isFar;
        pill.textContent = unseen > 0 ? `${unseen} new ↓` : "Jump to latest ↓";
        look();
    }

    // What was on screen counts as read, in an unbroken run from what was read before; in a window without focus nobody reads. What lies
    // between stays unread until one scrolls over it or says so.
    function look() {
        if (!isPlaced || !("read" in inside.dataset)) return;
        looked = Math.max(looked, Number(inside.dataset.read));
        const rows = visibleRows();
        if (rows.length > 0 && document.visibilityState === "visible" && document.hasFocus()) {
            // Who has written has read what is above; the server counts the same way.
            const mine = rows.findLast(row => row.dataset.author === pane.querySelector("[data-actions]").dataset.me);
            if (mine !== undefined) looked = Math.max(looked, sequenceOf(mine));
            if (sequenceOf(rows[0]) <= looked + 1) looked = Math.max(looked, sequenceOf(rows.at(-1)));
            if (telling === 0) tell();
        }
        const skipped = rows.length === 0 ? 0 : sequenceOf(rows[0]) - 1 - looked;
        markRead.hidden = skipped <= 0 || !atEnd() || hasNewer();
        markRead.textContent = markRead.hidden ? "" : `${skipped.toLocaleString()} unread above · Mark as read`;
    }

    // Rows whose end is in view.
    function visibleRows() {
        const area = scroller.getBoundingClientRect();
        const rows = inside.querySelectorAll("article[data-sequence]");
        const first = firstWhere(rows, row => row.getBoundingClientRect().bottom > area.top);
        const visible = [];
        for (let i = first; i < rows.length && rows[i].getBoundingClientRect().bottom <= area.bottom + 1; i++) visible.push(rows[i]);
        return visible;
    }

    function onMarkRead() {
        looked = newest();
        if (telling === 0) tell();
        look();
    }

    async function onPill() {
        try {
            await list.invokeMethodAsync("GoToLatestAsync");
            toEnd();
        } catch {
            say("The newest messages could not be loaded. Try again.");
        }
    }

    async function copy(row) {
        const text = [...row.querySelector(".message-text").childNodes]
            .filter(node => !node.matches?.(".attachments, .message-edited"))
            .map(node => (node.innerText ?? node.textContent).trim()).filter(line => line !== "").join("\n");
        say(await copyText(text) ? "Copied" : "This browser does not let the page copy.");
    }

    function say(text) {
        notice.textContent = text;
        clearTimeout(noticing);
        noticing = setTimeout(() => { notice.textContent = ""; }, noticeTime);
    }

    async function tell() {
        if (connection.isGone || looked <= told || !("read" in inside.dataset)) return;
        const before = told;
        told = looked;
        telling = setTimeout(() => {
            telling = 0;
            tell();
        }, seenInterval);
        try {
            if (!(await list.invokeMethodAsync("SeenAsync", told))) told = before;
        } catch {
            // The connection is gone; it is said again when something arrives.
            told = before;
            clearTimeout(telling);
            telling = 0;
        }
    }

    async function load(method) {
        if (loading || connection.isGone) return;
        loading = true;
        try {
            await list.invokeMethodAsync(method);
            pause = firstPause;
            watchEdges();
        } catch {
            // The connection is gone, or the server could not read.
            setTimeout(watchEdges, pause);
            pause = Math.min(pause * 2, longestPause);
        } finally {
            loading = false;
        }
    }

    // Looks at the edges again: one that has stayed in view all the time is no news to the observer.
    function watchEdges() {
        if (isStopped) return;
        for (const edge of inside.querySelectorAll("[data-edge]")) {
            edges.unobserve(edge);
            edges.observe(edge);
        }
    }

    function onScroll() {
        if (!atEnd()) isGoingToEnd = false;
        if (counting === 0) counting = requestAnimationFrame(() => {
            counting = 0;
            count();
        });
        clearTimeout(saving);
        saving = setTimeout(savePlace, 200);
    }

    function savePlace() {
        try {
            const row = atEnd() ? null : firstVisibleRow();
            if (row === null) sessionStorage.removeItem(placeKey);
            else sessionStorage.setItem(placeKey, JSON.stringify({ sequence: sequenceOf(row), top: offset(row) }));
        } catch {
            // Storage is forbidden: the page opens at the end.
        }
    }

    function firstVisibleRow() {
        for (const row of inside.querySelectorAll("article[data-sequence]")) {
            if (offset(row) >= 0) return row;
        }
        return null;
    }

    function offset(row) {
        return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    }

    async function open() {
        const isReload = mayReturn;
        mayReturn = false;
        const place = isReload ? readPlace(placeKey) : null;
        try {
            if (place !== null) {
                if (findRow(place.sequence) === null) await list.invokeMethodAsync("GoToAsync", place.sequence);
                await stand(() => findRow(place.sequence), place.top);
            } else if (!isReload || hasNewer()) {
                // Also after a reload, when so much has come since that the page no longer begins at its end.
                await stand(() => inside.querySelector(".messages-new"), above);
            }
        } catch {
            // The connection is gone again; the next page tries.
        }
    }

    // A tall window may need more below the element before it can stand there.
    async function stand(find, top) {
        for (let tries = 0; tries < 4; tries++) {
            const element = find();
            if (element === null) return;
            scroller.scrollTop += offset(element) - top;
            if (Math.abs(offset(element) - top) < 2 || !hasNewer()) return;
            await list.invokeMethodAsync("LoadNewerAsync");
        }
    }

    function markEdited() {
        for (const row of inside.querySelectorAll("[data-edited]")) row.removeAttribute("data-edited");
        findRow(edited)?.setAttribute("data-edited", "");
    }

    // The message that one edits is brought into view and marked.
    async function onEditing({ detail: { sequence, reveal } }) {
        edited = sequence;
        markEdited();
        if (!reveal) return;
        try {
            if (findRow(sequence) === null) await list.invokeMethodAsync("GoToAsync", sequence);
        } catch {
            // The connection is gone; the text is in the composer all the same.
        }
        if (edited !== sequence) return;
        markEdited();
        findRow(sequence)?.scrollIntoView({ block: "nearest" });
    }

    function findRow(sequence) {
        return inside.querySelector(`article[data-sequence="${sequence}"]`);
    }

    function toEnd() {
        isGoingToEnd = hasNewer();
        scroller.scrollTop = 0;
        count();
    }

    const edges = new IntersectionObserver(
        entries => {
            for (const entry of entries) {
                if (!entry.isIntersecting || !("more" in entry.target.dataset)) continue;
                load(entry.target.dataset.edge === "older" ? "LoadOlderAsync" : "LoadNewerAsync");
            }
        },
        { root: scroller, rootMargin: "400px 0px" });
    const arrivals = new MutationObserver(() => {
        if (isGoingToEnd) toEnd();
        // At its very end the browser follows what is appended instead of leaving what one reads in its place.
        else if (last?.row.isConnected && scroller.scrollTop === 0) scroller.scrollTop += offset(last.row) - last.top;
        count();
        actions.renew();
        markEdited();
    });
    let isStopped = false;

    scroller.dataset.placed = "";
    open().finally(() => {
        if (isStopped) return;
        isPlaced = true;
        watchEdges();
        arrivals.observe(inside, { childList: true, attributes: true, attributeFilter: ["data-newest"] });
        scroller.addEventListener("scroll", onScroll, { passive: true });
        pane.addEventListener("message-written", toEnd);
        pane.addEventListener("message-editing", onEditing);
        pill.addEventListener("click", onPill);
        markRead.addEventListener("click", onMarkRead);
        document.addEventListener("visibilitychange", look);
        addEventListener("focus", look);
        addEventListener("connection-back", onBack);
        markEdited();
        count();
    });

    function onBack() {
        watchEdges();
        look();
    }

    // Days begin in the reader's zone, which the server may not know yet.
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== inside.dataset.zone) list.invokeMethodAsync("SetZone", zone).catch(() => { });

    return {
        // Answers what was read and not yet said; 0 for nothing.
        detach() {
            isStopped = true;
            clearTimeout(saving);
            clearTimeout(noticing);
            cancelAnimationFrame(counting);
            clearTimeout(telling);
            actions.stop();
            edges.disconnect();
            arrivals.disconnect();
            scroller.removeEventListener("scroll", onScroll);
            pane.removeEventListener("message-written", toEnd);
            pane.removeEventListener("message-editing", onEditing);
            document.removeEventListener("visibilitychange", look);
            removeEventListener("focus", look);
            removeEventListener("connection-back", onBack);
            return "read" in inside.dataset && looked > told ? looked : 0;
        },
    };
}

function sequenceOf(row) {
    return Number(row.dataset.sequence);
}

// Index of the first row for which it is true, when it is true for all after it; their number for none.
function firstWhere(rows, isTrue) {
    let [low, high] = [0, rows.length];
    while (low < high) {
        const middle = (low + high) >> 1;
        if (isTrue(rows[middle])) high = middle;
        else low = middle + 1;
    }
    return low;
}

function readPlace(key) {
    try {
        const { sequence, top } = JSON.parse(sessionStorage.getItem(key));
        return Number.isInteger(sequence) && Number.isFinite(top) ? { sequence, top } : null;
    } catch {
        return null;
    }
}
