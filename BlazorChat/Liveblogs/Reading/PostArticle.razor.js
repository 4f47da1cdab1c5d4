// The cards of posts: a click on the link to a known service shows its frame instead. Until then no request is sent to the service.

import { closest, hasModifier } from "../../js/shared/dom.js";
import { text } from "../../js/shared/texts.js";

// A frame may run scripts, use its own storage, and open pages in new tabs. It may not navigate this page.
const sandbox = ["allow-scripts", "allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox", "allow-presentation"];

addNotes(document);
document.addEventListener("post-shown", ({ target }) => addNotes(/** @type {HTMLElement} */ (target)));
document.addEventListener("click", event => {
    const link = closest(event, "[data-embed] > a");
    const card = link?.parentElement;
    // With an open frame the link leads to the service.
    if (!link || !card || hasModifier(event) || hasFrame(card)) return;
    event.preventDefault();
    open(card, link);
});

/**
 * Replaces a post by a newer version, around the frames that are open in both: a frame that leaves the page would be loaded again.
 * @param {HTMLElement} known
 * @param {HTMLElement} article
 * @returns {HTMLElement} The article that is on the page then.
 */
export function renew(known, article) {
    const next = [...article.querySelectorAll("[data-embed]")];
    /** @type {Map<Element, HTMLElement>} */
    const kept = new Map();
    for (const card of known.querySelectorAll("[data-embed]")) {
        if (!hasFrame(card)) continue;
        // In their order, so that none has to move.
        const at = next.findIndex(other => other.dataset.embed === card.dataset.embed);
        if (at >= 0) kept.set(next.splice(0, at + 1)[at], card);
    }
    if (kept.size === 0) {
        known.replaceWith(article);
        return article;
    }
    replaceAround(known, article, kept);
    return known;
}

/**
 * @param {Element} known
 * @param {Element} next
 * @param {Map<Element, HTMLElement>} kept The cards that stay, by those that they replace.
 */
function replaceAround(known, next, kept) {
    for (const { name } of [...known.attributes]) known.removeAttribute(name);
    for (const { name, value } of next.attributes) known.setAttribute(name, value);
    /** @type {Map<Node, Element>} */
    const stay = new Map();
    for (const child of next.children) {
        const held = [...kept].find(([card]) => child.contains(card));
        const old = held === undefined ? undefined : [...known.children].find(old => old.contains(held[1]));
        if (old !== undefined) stay.set(child, old);
    }
    for (const old of [...known.childNodes]) if (![...stay.values()].some(staying => staying === old)) old.remove();
    let before = known.firstChild;
    for (const child of [...next.childNodes]) {
        const old = stay.get(child);
        if (old === undefined) {
            known.insertBefore(child, before);
            continue;
        }
        before = old.nextSibling;
        if (!(child instanceof Element)) continue;
        if (kept.get(child) === old) old.querySelector("a").replaceWith(child.querySelector("a"));
        else replaceAround(old, child, kept);
    }
}

/** @param {ParentNode} root */
function addNotes(root) {
    for (const card of root.querySelectorAll("[data-embed]")) {
        if (hasFrame(card) || card.querySelectorAll("[data-note]").length > 0) continue;
        const note = document.createElement("span");
        note.className = "embed-note";
        note.dataset.note = "";
        note.textContent = ` ${text("EmbedNote", new URL(card.dataset.embed ?? "").host)}`;
        card.querySelector("a").append(note);
    }
}

/**
 * @param {HTMLElement} card
 * @param {HTMLElement} link
 */
function open(card, link) {
    for (const note of link.querySelectorAll("[data-note]")) note.remove();
    const frame = document.createElement("iframe");
    frame.title = link.textContent ?? "";
    frame.sandbox.add(...sandbox);
    frame.allow = "fullscreen";
    frame.referrerPolicy = "strict-origin";
    frame.loading = "lazy";
    frame.src = card.dataset.embed ?? "";
    card.prepend(frame);
    frame.focus({ preventScroll: true });
}

/** @param {Element} card */
function hasFrame(card) {
    return card.querySelectorAll("iframe").length > 0;
}
