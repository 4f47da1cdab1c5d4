// Scrolls a list of messages to the first unread one as soon as it is on the page: before its circuit has started, and when Blazor replaces
// the prerendered list.

/** CSS pixels of read messages that stay in view above the mark of new ones. */
export const above = 64;

// A page that was reloaded returns to its scroll position instead.
export const isReload = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"))[0]?.type === "reload";

/** @type {Element | null} */
let placed = null;

function scroll() {
    const scroller = document.querySelector(".messages:not([data-placed])");
    if (scroller === null || scroller === placed) return;
    placed = scroller;
    const mark = scroller.querySelector(".messages-new");
    if (mark !== null) scroller.scrollTop += mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - above;
}

if (!isReload) {
    scroll();
    new MutationObserver(scroll).observe(document.body, { childList: true, subtree: true });
}
