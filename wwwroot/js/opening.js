// A list of messages that has just come stands where one stopped reading, also before its circuit is there and in the moment when Blazor
// puts its own list in the place of the prerendered one.

// Above the mark of what is new a little of what was read before stays in view, in CSS pixels.
export const above = 64;

// What was reloaded goes back to where it was instead.
const isReload = performance.getEntriesByType("navigation")[0]?.type === "reload";

let placed = null;

function place() {
    const scroller = document.querySelector(".messages:not([data-placed])");
    if (scroller === null || scroller === placed) return;
    placed = scroller;
    const mark = scroller.querySelector(".messages-new");
    if (mark !== null) scroller.scrollTop += mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - above;
}

if (!isReload) {
    place();
    const arrivals = new MutationObserver(place);
    arrivals.observe(document.body, { childList: true, subtree: true });
}
