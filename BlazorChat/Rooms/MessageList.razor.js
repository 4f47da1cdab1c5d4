// Scrolling: older and newer pages near the edges, and a pill for what arrives while one reads further up.
// The scroller is laid out from its end (column-reverse), so scrollTop is 0 there and negative above it.

const nearEnd = 40;

export function attach(scroller, list) {
    const pill = scroller.parentElement.querySelector("[data-pill]");
    const inside = scroller.firstElementChild;
    let unseen = 0;
    let loading = false;

    const atEnd = () => scroller.scrollTop >= -nearEnd;

    function showPill() {
        pill.hidden = unseen === 0;
        pill.textContent = unseen === 0 ? "" : `${unseen} new ↓`;
    }

    async function load(method) {
        if (loading) return;
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
        if (atEnd() && unseen > 0) {
            unseen = 0;
            showPill();
        }
    }

    const edges = new IntersectionObserver(
        entries => {
            for (const entry of entries) {
                if (!entry.isIntersecting || !entry.target.querySelector(".messages-loading")) continue;
                load(entry.target.dataset.edge === "older" ? "LoadOlderAsync" : "LoadNewerAsync");
            }
        },
        { root: scroller, rootMargin: "400px 0px" });
    for (const edge of inside.querySelectorAll("[data-edge]")) edges.observe(edge);

    let newest = lastSequence();

    function lastSequence() {
        const rows = inside.querySelectorAll("article[data-sequence]");
        return rows.length === 0 ? 0 : Number(rows[rows.length - 1].dataset.sequence);
    }

    const arrivals = new MutationObserver(() => {
        const last = lastSequence();
        if (last > newest && !atEnd() && !loading) {
            unseen += last - newest;
            showPill();
        }
        newest = Math.max(newest, last);
    });
    arrivals.observe(inside, { childList: true });
    scroller.addEventListener("scroll", onScroll, { passive: true });

    return {
        toEnd() {
            scroller.scrollTop = 0;
            unseen = 0;
            showPill();
        },
        detach() {
            edges.disconnect();
            arrivals.disconnect();
            scroller.removeEventListener("scroll", onScroll);
        },
    };
}
