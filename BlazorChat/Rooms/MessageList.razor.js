// Scrolling: older and newer pages near the edges, a pill for what arrives while one reads further up, how far one has read, and
// the place where one was before the page was loaded again. The scroller is laid out from its end (column-reverse), so scrollTop is 0 there and
// negative above it.

import { connection } from "../js/connection.js";
import { RowActions } from "../js/row-actions.js";

const nearEnd = 40;

// How often the server is told that one has read on.
const seenInterval = 2000;

// Only the page that was loaded again goes back to its place, and only once; whoever opens a room wants its end.
let mayReturn = performance.getEntriesByType("navigation")[0]?.type === "reload";

export function attach(scroller, list) {
    const pane = scroller.parentElement;
    const pill = pane.querySelector("[data-pill]");
    const inside = scroller.firstElementChild;
    const placeKey = `place${location.pathname}`;
    let seen = newest();
    let loading = false;
    let saving = 0;
    // How far one has looked, and how far the server knows it.
    let looked = 0;
    let told = Number(inside.dataset.read ?? 0);
    let telling = 0;

    const actions = new RowActions(scroller, pane.querySelector("[data-actions]"), {
        edit: sequence => pane.dispatchEvent(new CustomEvent("message-edit", { detail: sequence })),
        remove: sequence => list.invokeMethodAsync("DeleteAsync", sequence).catch(() => {
            // The connection is gone; it is still there, and one can ask again.
        }),
    });

    const atEnd = () => scroller.scrollTop >= -nearEnd;
    const hasNewer = () => inside.querySelector("[data-edge=newer] .messages-loading") !== null;

    function newest() {
        return Number(inside.dataset.newest);
    }

    function count() {
        if (atEnd() && !hasNewer()) seen = newest();
        const unseen = newest() - seen;
        pill.hidden = unseen <= 0;
        pill.textContent = unseen <= 0 ? "" : `${unseen} new ↓`;
        look();
    }

    // The newest message counts as read when its end of the room is in view.
    function look() {
        if (document.visibilityState !== "visible" || !atEnd() || hasNewer()) return;
        looked = newest();
        if (telling === 0) tell();
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
        } catch {
            // The connection is gone; the edge is looked at again after the next scroll.
        } finally {
            loading = false;
        }
    }

    function onScroll() {
        count();
        clearTimeout(saving);
        saving = setTimeout(savePlace, 200);
    }

    function savePlace() {
        try {
            const row = atEnd() ? null : firstVisibleRow();
            if (row === null) sessionStorage.removeItem(placeKey);
            else sessionStorage.setItem(placeKey, JSON.stringify({ sequence: Number(row.dataset.sequence), top: offset(row) }));
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

    async function returnToPlace() {
        const place = mayReturn ? readPlace(placeKey) : null;
        mayReturn = false;
        if (place === null) return;
        try {
            if (findRow(place.sequence) === null) await list.invokeMethodAsync("GoToAsync", place.sequence);
            const row = findRow(place.sequence);
            // A tall window may need more below the row before it can stand where it stood.
            for (let tries = 0; row?.isConnected && tries < 4; tries++) {
                scroller.scrollTop += offset(row) - place.top;
                if (Math.abs(offset(row) - place.top) < 2 || !hasNewer()) break;
                await list.invokeMethodAsync("LoadNewerAsync");
            }
        } catch {
            // The connection is gone again; the next page tries.
        }
    }

    function findRow(sequence) {
        return inside.querySelector(`article[data-sequence="${sequence}"]`);
    }

    function toEnd() {
        scroller.scrollTop = 0;
        count();
    }

    const edges = new IntersectionObserver(
        entries => {
            for (const entry of entries) {
                if (!entry.isIntersecting || !entry.target.querySelector(".messages-loading")) continue;
                load(entry.target.dataset.edge === "older" ? "LoadOlderAsync" : "LoadNewerAsync");
            }
        },
        { root: scroller, rootMargin: "400px 0px" });
    const arrivals = new MutationObserver(() => {
        count();
        actions.renew();
    });

    returnToPlace().finally(() => {
        for (const edge of inside.querySelectorAll("[data-edge]")) edges.observe(edge);
        arrivals.observe(inside, { childList: true, attributes: true, attributeFilter: ["data-newest"] });
        scroller.addEventListener("scroll", onScroll, { passive: true });
        pane.addEventListener("message-written", toEnd);
        document.addEventListener("visibilitychange", look);
        addEventListener("connection-back", look);
        look();
    });

    return {
        toEnd,
        // Answers what was seen and not yet said; 0 for nothing.
        detach() {
            clearTimeout(saving);
            clearTimeout(telling);
            actions.stop();
            edges.disconnect();
            arrivals.disconnect();
            scroller.removeEventListener("scroll", onScroll);
            pane.removeEventListener("message-written", toEnd);
            document.removeEventListener("visibilitychange", look);
            removeEventListener("connection-back", look);
            return "read" in inside.dataset && looked > told ? looked : 0;
        },
    };
}

function readPlace(key) {
    try {
        const { sequence, top } = JSON.parse(sessionStorage.getItem(key));
        return Number.isInteger(sequence) && Number.isFinite(top) ? { sequence, top } : null;
    } catch {
        return null;
    }
}
