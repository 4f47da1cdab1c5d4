// Scrolling: it loads older and newer pages near the edges, shows a pill for messages that arrive below the screen, reports the read position,
// and opens the page at the first unread message, or where it was before a reload. The scroller is laid out from its end (column-reverse), so
// scrollTop is 0 there and negative above it.

import { copyText } from "../../../js/clipboard.js";
import { connection } from "../../../js/connection.js";
import { above } from "../../../js/opening.js";
import { RowActions } from "../../../js/row-actions.js";

const nearEnd = 40;

// The least time between two reports of the read position.
const reportInterval = 2000;

// After a page could not be read, the request is repeated with a pause that doubles.
const firstPause = 500;
const longestPause = 15_000;

const noticeTime = 2000;

// A reloaded page restores its position, once.
let mayRestore = performance.getEntriesByType("navigation")[0]?.type === "reload";

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
    // After a send from further up, messages that arrive may move the page until it is at its end.
    let isGoingToEnd = false;
    // The last visible row and its offset, at the end of a page that has newer messages.
    let last = null;
    // The read position of this page, and the one that was reported.
    let readTo = Number(inside.dataset.read ?? 0);
    let reported = readTo;
    let reportTimer = 0;
    // The message whose text is in the composer.
    let edited = Number(pane.dataset.edited ?? 0);

    const actions = new RowActions(scroller, pane.querySelector("[data-actions]"), {
        copy: row => copy(row),
        edit: sequence => pane.dispatchEvent(new CustomEvent("message-edit", { detail: sequence })),
        remove: sequence => list.invokeMethodAsync("DeleteAsync", sequence).catch(() => {
            // Without a connection the message stays, and the user can repeat it.
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
        updateRead();
    }

    // Messages that were on the screen count as read, in an unbroken run from the read position, and only in a window with focus. Messages in
    // between stay unread until the user scrolls over them or marks them.
    function updateRead() {
        if (!isPlaced || !("read" in inside.dataset)) return;
        readTo = Math.max(readTo, Number(inside.dataset.read));
        const rows = visibleRows();
        if (rows.length > 0 && document.visibilityState === "visible" && document.hasFocus()) {
            // A person who has written has read the messages above; the server counts in the same way.
            const mine = rows.findLast(row => row.dataset.author === pane.querySelector("[data-actions]").dataset.me);
            if (mine !== undefined) readTo = Math.max(readTo, sequenceOf(mine));
            if (sequenceOf(rows[0]) <= readTo + 1) readTo = Math.max(readTo, sequenceOf(rows.at(-1)));
            if (reportTimer === 0) report();
        }
        const skipped = rows.length === 0 ? 0 : sequenceOf(rows[0]) - 1 - readTo;
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
        readTo = newest();
        if (reportTimer === 0) report();
        updateRead();
    }

    async function onPill() {
        try {
            await list.invokeMethodAsync("GoToLatestAsync");
            toEnd();
        } catch {
            showNotice("The newest messages could not be loaded. Try again.");
        }
    }

    async function copy(row) {
        const text = [...row.querySelector(".message-text").childNodes]
            .filter(node => !node.matches?.(".attachments, .message-edited"))
            .map(node => (node.innerText ?? node.textContent).trim()).filter(line => line !== "").join("\n");
        showNotice(await copyText(text) ? "Copied" : "This browser does not let the page copy.");
    }

    function showNotice(text) {
        notice.textContent = text;
        clearTimeout(noticing);
        noticing = setTimeout(() => { notice.textContent = ""; }, noticeTime);
    }

    async function report() {
        if (connection.isGone || readTo <= reported || !("read" in inside.dataset)) return;
        const before = reported;
        reported = readTo;
        reportTimer = setTimeout(() => {
            reportTimer = 0;
            report();
        }, reportInterval);
        try {
            if (!(await list.invokeMethodAsync("SeenAsync", reported))) reported = before;
        } catch {
            // Without a connection, the next arrival repeats the report.
            reported = before;
            clearTimeout(reportTimer);
            reportTimer = 0;
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
            // There is no connection, or the server could not read.
            setTimeout(watchEdges, pause);
            pause = Math.min(pause * 2, longestPause);
        } finally {
            loading = false;
        }
    }

    // Observes the edges again, since the observer does not report an edge that was visible all the time.
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
        saving = setTimeout(savePosition, 200);
    }

    function savePosition() {
        try {
            const row = atEnd() ? null : firstVisibleRow();
            if (row === null) sessionStorage.removeItem(placeKey);
            else sessionStorage.setItem(placeKey, JSON.stringify({ sequence: sequenceOf(row), top: offset(row) }));
        } catch {
            // Without storage the page opens at the end.
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
        const isReload = mayRestore;
        mayRestore = false;
        const place = isReload ? readPosition(placeKey) : null;
        try {
            if (place !== null) {
                if (findRow(place.sequence) === null) await list.invokeMethodAsync("GoToAsync", place.sequence);
                await scrollToRow(() => findRow(place.sequence), place.top);
            } else if (!isReload || hasNewer()) {
                // After a reload too, when so many messages have arrived that the page no longer includes the end.
                await scrollToRow(() => inside.querySelector(".messages-new"), above);
            }
        } catch {
            // The connection was lost again; the next page tries.
        }
    }

    // A tall window may need more rows below the element before it can scroll there.
    async function scrollToRow(find, top) {
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

    // Scrolls to the edited message and marks it.
    async function onEditing({ detail: { sequence, reveal } }) {
        edited = sequence;
        markEdited();
        if (!reveal) return;
        try {
            if (findRow(sequence) === null) await list.invokeMethodAsync("GoToAsync", sequence);
        } catch {
            // Without a connection the text is still in the composer.
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
        // At its end the browser scrolls with appended rows instead of keeping the visible rows in place.
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
        document.addEventListener("visibilitychange", updateRead);
        addEventListener("focus", updateRead);
        addEventListener("connection-back", onBack);
        markEdited();
        count();
    });

    function onBack() {
        watchEdges();
        updateRead();
    }

    // Days begin in the reader's time zone, which the server may not know yet.
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== inside.dataset.zone) list.invokeMethodAsync("SetZone", zone).catch(() => { });

    return {
        // Returns the read position that was not reported; 0 for none.
        detach() {
            isStopped = true;
            clearTimeout(saving);
            clearTimeout(noticing);
            cancelAnimationFrame(counting);
            clearTimeout(reportTimer);
            actions.stop();
            edges.disconnect();
            arrivals.disconnect();
            scroller.removeEventListener("scroll", onScroll);
            pane.removeEventListener("message-written", toEnd);
            pane.removeEventListener("message-editing", onEditing);
            document.removeEventListener("visibilitychange", updateRead);
            removeEventListener("focus", updateRead);
            removeEventListener("connection-back", onBack);
            return "read" in inside.dataset && readTo > reported ? readTo : 0;
        },
    };
}

function sequenceOf(row) {
    return Number(row.dataset.sequence);
}

// The index of the first row for which a predicate that is true for all later rows is true; the number of rows when there is none.
function firstWhere(rows, isTrue) {
    let [low, high] = [0, rows.length];
    while (low < high) {
        const middle = (low + high) >> 1;
        if (isTrue(rows[middle])) high = middle;
        else low = middle + 1;
    }
    return low;
}

function readPosition(key) {
    try {
        const { sequence, top } = JSON.parse(sessionStorage.getItem(key));
        return Number.isInteger(sequence) && Number.isFinite(top) ? { sequence, top } : null;
    } catch {
        return null;
    }
}
