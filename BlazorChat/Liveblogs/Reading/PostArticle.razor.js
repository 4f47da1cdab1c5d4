// What a post's cards do: a link to a known service shows its frame in place, when a reader asks for it. Until then nobody there is told.

// What such a frame may do: run, keep what is its own, and open its pages in tabs of theirs. It may not lead this page away.
const sandbox = ["allow-scripts", "allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox", "allow-presentation"];

explain(document);
document.addEventListener("post-shown", event => explain(event.target));
document.addEventListener("click", event => {
    const link = event.target.closest("[data-embed] > a");
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const card = link.parentElement;
    // Once its frame is there, the link leads to the service.
    if (frameOf(card) !== null) return;
    event.preventDefault();
    open(card, link);
});

// Puts a newer version of a post in the place of what there is of it, around the frames that are open in both: a frame that leaves the
// page begins anew. Returns the article that is on the page then.
export function renew(known, article) {
    const next = [...article.querySelectorAll("[data-embed]")];
    const kept = new Map();
    for (const card of known.querySelectorAll("[data-embed]")) {
        if (frameOf(card) === null) continue;
        // In their order, so that none has to move.
        const at = next.findIndex(other => other.dataset.embed === card.dataset.embed);
        if (at >= 0) kept.set(next.splice(0, at + 1).pop(), card);
    }
    if (kept.size === 0) {
        known.replaceWith(article);
        return article;
    }
    replaceAround(known, article, kept);
    return known;
}

function replaceAround(known, next, kept) {
    for (const { name } of [...known.attributes]) known.removeAttribute(name);
    for (const { name, value } of next.attributes) known.setAttribute(name, value);
    const stay = new Map();
    for (const child of next.children) {
        const held = [...kept].find(([card]) => child.contains(card));
        if (held !== undefined) stay.set(child, [...known.children].find(old => old.contains(held[1])));
    }
    for (const old of [...known.childNodes]) if (![...stay.values()].includes(old)) old.remove();
    let before = known.firstChild;
    for (const child of [...next.childNodes]) {
        const old = stay.get(child);
        if (old === undefined) {
            known.insertBefore(child, before);
            continue;
        }
        before = old.nextSibling;
        if (kept.get(child) === old) old.querySelector("a").replaceWith(child.querySelector("a"));
        else replaceAround(old, child, kept);
    }
}

function explain(root) {
    for (const card of root.querySelectorAll("[data-embed]")) {
        if (frameOf(card) !== null || card.querySelector("[data-note]") !== null) continue;
        const note = document.createElement("span");
        note.className = "embed-note";
        note.dataset.note = "";
        note.textContent = ` Loads from ${new URL(card.dataset.embed).host}, which may set cookies.`;
        card.firstElementChild.append(note);
    }
}

function open(card, link) {
    link.querySelector("[data-note]")?.remove();
    const frame = document.createElement("iframe");
    frame.title = link.textContent;
    frame.sandbox.add(...sandbox);
    frame.allow = "fullscreen";
    frame.referrerPolicy = "strict-origin";
    frame.loading = "lazy";
    frame.src = card.dataset.embed;
    card.prepend(frame);
    frame.focus({ preventScroll: true });
}

function frameOf(card) {
    return card.querySelector("iframe");
}
