// The scrolling of the list of messages: it loads pages near the edges, shows a pill for messages that arrive further down, reports how far
// was read, and opens at the message of the address, at the first unread one, or after a reload at the previous position. The scroller is
// laid out from its end (column-reverse), so scrollTop is 0 there and negative above it.

import { closest } from "../../../js/shared/dom.js";
import { Backoff } from "../../../js/shared/backoff.js";
import { copyText } from "../../../js/shared/clipboard.js";
import { showCustomEmoji, withNames } from "../../../js/shared/custom-emoji.js";
import { answered, connection } from "../../../js/circuit/connection.js";
import { markHere, markOwn } from "../../../js/rooms/mentions.js";
import { above, isReload } from "../../../js/rooms/opening.js";
import { Reactions } from "../../../js/rooms/reactions.js";
import { RowActions } from "../../../js/rooms/row-actions.js";
import { unfold } from "../../../js/rooms/rows/unfolding.js";
import { Marks } from "../../../js/rooms/rows/marks.js";
import { Polls } from "../../../js/rooms/rows/polls.js";
import { followPermalinks, permalinkOf } from "../../../js/rooms/rows/permalinks.js";
import { forget, load as loadValue, store } from "../../../js/shared/storage.js";
import { moment } from "../../../js/shared/moment.js";
import { text } from "../../../js/shared/texts.js";
import { closeThreadByKey, openSearchByKey } from "../../../js/rooms/keys.js";

// CSS pixels.
const nearEnd = 40;

// The read position is reported at most as often, in milliseconds.
const reportInterval = 2000;

const noticeTime = 2000;

// Only the first list of a room and of a thread after a reload return to their positions.
const mayReturn = { room: isReload, thread: isReload };

/**
 * @param {HTMLElement} scroller
 * @param {DotNetObject} list
 */
export function attach(scroller, list) {
    const pane = /** @type {HTMLElement} */ (scroller.parentElement);
    const pill = pane.querySelector("[data-pill]");
    const markRead = pane.querySelector("[data-mark-read]");
    const firstUnread = pane.querySelector("[data-first-unread]");
    const notice = pane.querySelector("[data-notice]");
    const toolbar = pane.querySelector("[data-actions]");
    const inside = /** @type {HTMLElement} */ (scroller.firstElementChild);
    const kind = "inThread" in inside.dataset ? "thread" : "room";
    const positionKey = kind === "room" ? `position${location.pathname}` : `position${location.pathname}#thread`;
    const backoff = new Backoff(500, 15_000);
    const listeners = new AbortController();
    const { signal } = listeners;
    const { me: reader = "" } = toolbar.dataset;
    let seen = newest();
    let isLoading = false;
    let saving = 0;
    let counting = 0;
    let noticing = 0;
    let isPlaced = false;
    // The person has sent a message from further up: until it arrives, new rows may move the page.
    let isGoingToEnd = false;
    // The last row in view and its top, when newer rows are not loaded.
    /** @type {{ row: HTMLElement, top: number } | null} */
    let last = null;
    // The last message that was read, and the last one that the server knows of.
    let read = Number(inside.dataset.read ?? 0);
    let reported = read;
    let reporting = 0;
    // The message whose text is in the composer; null for none.
    let edited = pane.dataset.edited === undefined ? null : Number(pane.dataset.edited);
    let named = namedMessage();

    const reactions = new Reactions(inside, toolbar, list, show);
    const polls = new Polls(inside, toolbar, list, show);
    const marks = new Marks(inside, toolbar, list, show);
    const actions = new RowActions(scroller, toolbar, {
        react: (row, emoji) => reactions.toggle(row, emoji),
        pick: (row, anchor, closed) => reactions.pick(row, anchor, closed),
        copy: row => copy(textOf(row)),
        removePreviews: (row, id) => command(text("PreviewRemoved"), "RemovePreviewAsync", Number(row.dataset.key ?? row.dataset.sequence), id),
        pin: (row, isSet) => marks.pin(row, isSet),
        save: row => marks.save(row),
        remind: async row => {
            try {
                const dueAt = await list.invokeMethodAsync("RemindAsync", Number(row.dataset.key ?? row.dataset.sequence));
                if (dueAt !== null) show(text("ReminderSet", moment(dueAt)));
            } catch {
                // The connection is lost.
            }
        },
        report: async row => {
            try {
                const said = await list.invokeMethodAsync("ReportAsync", Number(row.dataset.key ?? row.dataset.sequence));
                if (said !== null) show(said);
            } catch {
                // The connection is lost.
            }
        },
        quote: row => pane.dispatchEvent(new CustomEvent("message-quote", { detail: permalinkOf(row, inside.dataset.room ?? "") })),
        copyLink: row => copy(permalinkOf(row, inside.dataset.room ?? "")),
        copyCode: row => copy([...row.querySelectorAll(".message-text pre")].map(code => (code.textContent ?? "").trimEnd()).join("\n\n")),
        profile: personId => call("OpenProfileAsync", personId).catch(() => {
            // The connection is lost.
        }),
        endPoll: sequence => call("EndPollAsync", sequence).catch(() => {
            // The connection is lost.
        }),
        versions: sequence => call("OpenVersionsAsync", sequence).catch(() => {
            // The connection is lost.
        }),
        forward: async sequence => {
            try {
                const said = await list.invokeMethodAsync("ForwardAsync", sequence);
                if (said !== null) show(said);
            } catch {
                // The connection is lost.
            }
        },
        markUnread: sequence => markUnread(sequence),
        reply: row => Blazor.navigateTo(`rooms/${inside.dataset.room}/${row.dataset.thread ?? row.dataset.sequence}`),
        edit: sequence => pane.dispatchEvent(new CustomEvent("message-edit", { detail: sequence })),
        remove: sequence => call("DeleteAsync", sequence).catch(() => {
            // The connection is lost. The message is still there.
        }),
        write: () => {
            if (!matchMedia("(pointer: coarse)").matches) pane.querySelector(".composer textarea")?.focus();
        },
    });

    // Keys of a slider would scroll the list.
    const sliderKeys = [" ", "Enter", "Home", "End", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

    /** @param {Event} event The player is loaded when it is first used. */
    async function onVoice(event) {
        if (closest(event, "[data-voice]") === null) return;
        const isKey = event instanceof KeyboardEvent;
        if (isKey && (closest(event, "[data-voice-position]") === null || !sliderKeys.includes(event.key))) return;
        if (isKey) {
            event.preventDefault();
            event.stopPropagation();
        }
        const player = await import("../../../js/files/voice-player.js");
        if (isKey) player.onKey(event);
        else player.onClick(/** @type {MouseEvent} */ (event));
    }

    for (const type of ["click", "keydown"]) scroller.addEventListener(type, onVoice, { signal });

    /** @param {string} method @param {...unknown} args */
    function call(method, ...args) {
        return answered(() => list.invokeMethodAsync(method, ...args));
    }

    const atEnd = () => scroller.scrollTop >= -nearEnd;
    const hasNewer = () => inside.querySelectorAll("[data-edge=newer][data-more]").length > 0;
    const isCounted = () => "read" in inside.dataset;

    function newest() {
        return Number(inside.dataset.newest);
    }

    function update() {
        if (atEnd() && !hasNewer()) seen = newest();
        const end = hasNewer() ? visibleRows().at(-1) : undefined;
        last = end === undefined ? null : { row: end, top: offset(end) };
        const unseen = newest() - seen;
        const isFar = hasNewer() || scroller.scrollTop < -scroller.clientHeight;
        pill.hidden = unseen <= 0 && !isFar;
        pill.textContent = unseen > 0 ? text("NewMessages", unseen) : text("JumpToLatest");
        updateRead();
    }

    // A message that was on screen counts as read, in an unbroken run from the last read one; a window without focus reads nothing. Messages
    // in between stay unread until the reader scrolls over them or marks them as read.
    function updateRead() {
        if (!isPlaced || !isCounted()) return;
        read = Math.max(read, Number(inside.dataset.read));
        const rows = visibleRows();
        if (rows.length > 0 && document.visibilityState === "visible" && document.hasFocus()) {
            // An author has read what is above a new message of their own; the server counts the same way.
            const mine = rows.findLast(row => row.dataset.author === toolbar.dataset.me);
            if (mine !== undefined && sequenceOf(mine) > Number(inside.dataset.position)) read = Math.max(read, sequenceOf(mine));
            if (sequenceOf(rows[0]) <= read + 1) read = Math.max(read, sequenceOf(rows[rows.length - 1]));
            if (reporting === 0) report();
        }
        const skipped = rows.length === 0 ? 0 : sequenceOf(rows[0]) - 1 - read;
        markRead.hidden = skipped <= 0 || !atEnd() || hasNewer();
        markRead.textContent = markRead.hidden ? "" : text("UnreadAbove", skipped);
        firstUnread.hidden = skipped <= 0;
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
        read = newest();
        if (reporting === 0) report();
        updateRead();
    }

    async function onFirstUnread() {
        const sequence = read + 1;
        try {
            if (findRow(sequence) === null) await call("GoToAsync", sequence);
            await scrollTo(() => findRow(sequence), above);
        } catch {
            show(text("UnreadFailed"));
        }
    }

    /** @param {number} sequence */
    async function markUnread(sequence) {
        try {
            show((await call("MarkUnreadAsync", sequence)) ?? text("MarkedUnread"));
        } catch {
            show(text("MarkUnreadFailed"));
        }
    }

    /**
     * @param {string} done What is shown when it is carried out.
     * @param {string} method
     * @param {(number | boolean | string)[]} parameters
     */
    async function command(done, method, ...parameters) {
        try {
            show((await call(method, ...parameters)) ?? done);
        } catch {
            show(text("ConnectionLost"));
        }
    }

    async function onPill() {
        try {
            await call("GoToLatestAsync");
            toEnd();
        } catch {
            show(text("LatestFailed"));
        }
    }

    /** @param {HTMLElement} row */
    function textOf(row) {
        return [...(row.querySelector(".message-fold") ?? row.querySelector(".message-text")).childNodes]
            .filter(node => !(node instanceof Element && node.matches(".attachments, .message-edited")))
            .map(node => ((node instanceof HTMLElement ? withNames(node) : node.textContent) ?? "").trim())
            .filter(line => line !== "")
            .join("\n");
    }

    /** @param {string} words */
    async function copy(words) {
        const isCopied = await copyText(words);
        show(text(isCopied ? "Copied" : "CopyFailed"));
    }

    /** @param {string} words */
    function show(words) {
        notice.textContent = words;
        clearTimeout(noticing);
        // A longer one takes longer to read.
        noticing = setTimeout(() => { notice.textContent = ""; }, Math.max(noticeTime, words.length * 80));
    }

    pane.addEventListener("messages-notice", event => show(/** @type {CustomEvent<string>} */ (event).detail), { signal });

    async function report() {
        if (connection.isLost || read <= reported || !isCounted()) return;
        const before = reported;
        reported = read;
        reporting = setTimeout(() => {
            reporting = 0;
            report();
        }, reportInterval);
        try {
            if (!(await call("SeenAsync", reported))) reported = before;
        } catch {
            // The connection is lost. The position is reported again with the next update.
            reported = before;
            clearTimeout(reporting);
            reporting = 0;
        }
    }

    /** @param {string} method */
    async function load(method) {
        if (isLoading || connection.isLost) return;
        isLoading = true;
        try {
            await call(method);
            backoff.reset();
            watchEdges();
        } catch {
            // The connection is lost, or the server could not read.
            setTimeout(watchEdges, backoff.next());
        } finally {
            isLoading = false;
        }
    }

    // The observer reports an edge that stayed in view only when it is observed again.
    function watchEdges() {
        if (signal.aborted) return;
        for (const edge of inside.querySelectorAll("[data-edge]")) {
            edges.unobserve(edge);
            edges.observe(edge);
        }
    }

    function onScroll() {
        if (!atEnd()) isGoingToEnd = false;
        if (counting === 0) counting = requestAnimationFrame(() => {
            counting = 0;
            update();
        });
        clearTimeout(saving);
        saving = setTimeout(savePosition, 200);
    }

    function savePosition() {
        const row = atEnd() ? undefined : [...inside.querySelectorAll("article[data-sequence]")].find(row => offset(row) >= 0);
        // Without storage the page opens at its end.
        if (row === undefined) forget(positionKey);
        else store(positionKey, { sequence: sequenceOf(row), top: offset(row) });
    }

    /** @param {Element} row */
    function offset(row) {
        return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    }

    async function open() {
        const isReturn = mayReturn[kind];
        mayReturn[kind] = false;
        const { sequence, top } = (isReturn ? loadValue(positionKey) : null) ?? (named > 0 ? { sequence: named, top: above } : {});
        try {
            if (Number.isInteger(sequence) && Number.isFinite(top)) {
                await goTo(sequence, top);
                markTarget();
            } else if (!isReturn || hasNewer()) {
                // A reload goes to the first unread message only when the page no longer ends with the newest message.
                await scrollTo(() => inside.querySelector(".messages-new"), above);
            }
        } catch {
            // The connection is lost again. The next page tries.
        }
    }

    // The message that the address names; 0 for none.
    function namedMessage() {
        if (kind === "thread") return Number(inside.dataset.named ?? 0);
        return Number(/^#m-([1-9][0-9]{0,14})$/.exec(location.hash)?.[1] ?? 0);
    }

    async function onNamed() {
        named = namedMessage();
        for (const row of inside.querySelectorAll("[data-target]")) row.removeAttribute("data-target");
        if (named === 0) return;
        try {
            await goTo(named, above);
        } catch {
            // The connection is lost.
        }
        markTarget();
    }

    // A link leads to all of a long message, which grows downwards.
    function markTarget() {
        // The first message of a thread has the number 0, which names none.
        const row = named === 0 ? null : findRow(named);
        if (row === null) return;
        const top = offset(row);
        row.setAttribute("data-target", "");
        unfold(row);
        scroller.scrollTop += offset(row) - top;
    }

    /**
     * @param {number} sequence
     * @param {number} top
     */
    async function goTo(sequence, top) {
        if (findRow(sequence) === null) await call("GoToAsync", sequence);
        await scrollTo(() => findRow(sequence), top);
    }

    /**
     * Scrolls an element to a distance from the top. A tall window may need newer rows below it first.
     * @param {() => Element | null} find
     * @param {number} top
     */
    async function scrollTo(find, top) {
        for (let tries = 0; tries < 4; tries++) {
            const element = find();
            if (element === null) return;
            scroller.scrollTop += offset(element) - top;
            if (Math.abs(offset(element) - top) < 2 || !hasNewer()) return;
            await call("LoadNewerAsync");
        }
    }

    function markEdited() {
        for (const row of inside.querySelectorAll("[data-edited]")) row.removeAttribute("data-edited");
        if (edited !== null) findRow(edited)?.setAttribute("data-edited", "");
    }

    function showEmoji() {
        const rows = [...inside.querySelectorAll("article:not([data-emoji])")];
        for (const row of rows) row.dataset.emoji = "";
        showCustomEmoji(rows.flatMap(row => [...row.querySelectorAll(".message-text, .poll-text, .reaction")]));
    }

    function markMentions() {
        showEmoji();
        reactions.update();
        polls.update();
        const isMember = "member" in inside.dataset;
        markOwn(inside, reader, isMember);
        if (isMember) markHere(inside, reader, keys => call("FindHereAsync", keys));
    }

    /** @param {Event} event The composer edits another message, or none. */
    async function onEditing(event) {
        const { sequence, reveal } = /** @type {CustomEvent<{ sequence: number | null, reveal: boolean }>} */ (event).detail;
        edited = sequence;
        markEdited();
        if (sequence === null || !reveal) return;
        try {
            if (findRow(sequence) === null) await call("GoToAsync", sequence);
        } catch {
            // The connection is lost. The composer has the text.
        }
        if (edited !== sequence) return;
        markEdited();
        findRow(sequence)?.scrollIntoView({ block: "nearest" });
    }

    /**
     * @param {number} sequence
     * @returns {HTMLElement | null}
     */
    function findRow(sequence) {
        return inside.querySelector(`article[data-sequence="${sequence}"]`);
    }

    function toEnd() {
        isGoingToEnd = hasNewer();
        scroller.scrollTop = 0;
        update();
    }

    const edges = new IntersectionObserver(
        entries => {
            for (const { isIntersecting, target } of entries) {
                const { more, edge } = /** @type {HTMLElement} */ (target).dataset;
                if (isIntersecting && more !== undefined) load(edge === "older" ? "LoadOlderAsync" : "LoadNewerAsync");
            }
        },
        { root: scroller, rootMargin: "400px 0px" });
    const arrivals = new MutationObserver(changes => {
        if (isGoingToEnd) toEnd();
        // At the very end the browser scrolls with appended rows. The row in view must stay where it is.
        else if (last?.row.isConnected && scroller.scrollTop === 0) scroller.scrollTop += offset(last.row) - last.top;
        update();
        // Also when the address names the same message again, after one of a thread.
        if (namedMessage() !== named || changes.some(change => change.attributeName === "data-named")) onNamed();
        actions.renew();
        markEdited();
        markMentions();
    });

    scroller.dataset.placed = "";
    markMentions();
    open().finally(() => {
        if (signal.aborted) return;
        isPlaced = true;
        watchEdges();
        arrivals.observe(inside, { childList: true, attributes: true, attributeFilter: ["data-newest", "data-read", "data-member", "data-named"] });
        scroller.addEventListener("scroll", onScroll, { passive: true, signal });
        pane.addEventListener("message-written", toEnd, { signal });
        pane.addEventListener("message-editing", onEditing, { signal });
        pill.addEventListener("click", onPill, { signal });
        markRead.addEventListener("click", onMarkRead, { signal });
        firstUnread.addEventListener("click", onFirstUnread, { signal });
        document.addEventListener("visibilitychange", updateRead, { signal });
        addEventListener("focus", updateRead, { signal });
        addEventListener("connection-restored", onRestored, { signal });
        if (kind === "room") addEventListener("hashchange", onNamed, { signal });
        if (kind === "room") followPermalinks(signal);
        if (kind === "room") openSearchByKey(signal);
        else closeThreadByKey(pane, signal);
        markEdited();
        markMentions();
        update();
    });

    function onRestored() {
        markMentions();
        watchEdges();
        updateRead();
    }

    // Days begin in the reader's time zone, which the server may not know yet.
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== inside.dataset.zone) list.invokeMethodAsync("SetZone", zone).catch(() => { });

    return {
        /** @returns The last message that was read and not reported; 0 for none. */
        detach() {
            listeners.abort();
            clearTimeout(saving);
            clearTimeout(noticing);
            cancelAnimationFrame(counting);
            clearTimeout(reporting);
            actions.stop();
            reactions.stop();
            polls.stop();
            marks.stop();
            edges.disconnect();
            arrivals.disconnect();
            return isCounted() && read > reported ? read : 0;
        },
    };
}

/** @param {HTMLElement} row */
function sequenceOf(row) {
    return Number(row.dataset.sequence);
}

/**
 * The index of the first row for which a condition is true, if it is true for all rows after it; the number of rows for none.
 * @param {ArrayLike<HTMLElement>} rows
 * @param {(row: HTMLElement) => boolean} isTrue
 */
function firstWhere(rows, isTrue) {
    let [low, high] = [0, rows.length];
    while (low < high) {
        const middle = (low + high) >> 1;
        if (isTrue(rows[middle])) high = middle;
        else low = middle + 1;
    }
    return low;
}
