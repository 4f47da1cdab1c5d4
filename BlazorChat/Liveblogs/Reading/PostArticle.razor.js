// The cards of posts: a link to a known service becomes its frame when a reader presses it. Before that, the service receives no request.

import { textsOf } from "../../js/texts.js";

// A frame may run scripts, use its own storage, and open tabs. It may not navigate this page.
const sandbox = ["allow-scripts", "allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox", "allow-presentation"];

addNotes(document);
document.addEventListener("post-shown", event => addNotes(event.target));
document.addEventListener("click", event => {
    const link = event.target.closest("[data-embed] > a");
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const card = link.parentElement;
    // Beside its frame, the link opens the service.
    if (frameOf(card) !== null) return;
    event.preventDefault();
    open(card, link);
});

// Replaces a post by a newer version, except for the frames that are open in both, since a frame that is moved loads again. Returns the
// article that is on the page then.
export function update(known, article) {
    const next = [...article.querySelectorAll("[data-embed]")];
    const frames = new Map();
    for (const card of known.querySelectorAll("[data-embed]")) {
        if (frameOf(card) === null) continue;
        // In document order, so that none has to be moved.
        const at = next.findIndex(other => other.dataset.embed === card.dataset.embed);
        if (at >= 0) frames.set(next.splice(0, at + 1).pop(), card);
    }
    if (frames.size === 0) {
        known.replaceWith(article);
        return article;
    }
    replaceAround(known, article, frames);
    return known;
}

function replaceAround(known, next, frames) {
    for (const { name } of [...known.attributes]) known.removeAttribute(name);
    for (const { name, value } of next.attributes) known.setAttribute(name, value);
    const stay = new Map();
    for (const child of next.children) {
        const held = [...frames].find(([card]) => child.contains(card));
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
        if (frames.get(child) === old) old.querySelector("a").replaceWith(child.querySelector("a"));
        else replaceAround(old, child, frames);
    }
}

function addNotes(root) {
    for (const card of root.querySelectorAll("[data-embed]")) {
        if (frameOf(card) !== null || card.querySelector("[data-note]") !== null) continue;
        const note = document.createElement("span");
        note.className = "embed-note";
        note.dataset.note = "";
        note.textContent = ` ${textsOf(document.querySelector("[data-text-embed-note]"))("embed-note", new URL(card.dataset.embed).host)}`;
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
