// A composer before its circuit has started, on a page that was just loaded. Blazor replaces the prerendered elements, so typed text goes
// into the draft, and Enter puts it into the outbox, from which the circuit sends it.

import "../composing/formatting-bar.js";
import { closest, textOf } from "../shared/dom.js";
import { draftKey, editKey, loadDraft, saveDraft } from "./drafts.js";
import { enterSends } from "./enter-key.js";
import "./opening.js";
import { mentionsHere, mentionsRoom } from "./mentions.js";
import { isStored, pending, show, write } from "./outbox.js";
import { load } from "../shared/storage.js";

// On a phone the keyboard would cover the messages, so the box gets no focus there.
const isTouch = matchMedia("(pointer: coarse)");

const earlyBox = ".composer:not([data-ready]) textarea";

/** The box in which one will type: beside an open thread that is the one of the thread. */
function findEarlyBox() {
    const isThread = /\/rooms\/\d+\/\d+/.test(location.pathname);
    return /** @type {HTMLTextAreaElement | null} */ (document.querySelector(isThread ? `.thread ${earlyBox}` : earlyBox));
}

/** @type {EventTarget | null} */
let focused = null;
/** @type {HTMLTextAreaElement | null} */
let known = null;
/** @type {HTMLTextAreaElement | null} */
let lastFocused = null;

/** @param {Event} event */
function earlyComposerOf(event) {
    const composer = closest(event, ".composer");
    return composer !== null && !("ready" in composer.dataset) ? composer : null;
}

/** @param {HTMLElement} composer */
const conversationOf = composer => composer.dataset.conversation ?? "";

/** @param {HTMLElement} composer */
function restore(composer) {
    const box = composer.querySelector("textarea");
    if ("restored" in box.dataset) return;
    box.dataset.restored = "";
    showPending(composer);
    // The circuit continues an edit, and the draft waits until it ends.
    if (load(editKey(conversationOf(composer))) !== null) box.readOnly = true;
    else if (box.value === "") box.value = loadDraft(draftKey(conversationOf(composer)));
}

/** @param {HTMLElement} composer */
function showPending(composer) {
    show(composer.querySelector("[data-outbox]"), pending(conversationOf(composer)));
}

/** @param {FocusEvent} event */
function onFocus(event) {
    // The router focuses the heading of the page after it has rendered. The focus returns to the box, where somebody may be typing.
    const box = lastFocused;
    lastFocused = null;
    if (box !== null && event.target instanceof HTMLHeadingElement) box.focus();
    const composer = earlyComposerOf(event);
    if (composer === null || !(event.target instanceof HTMLTextAreaElement)) return;
    focused = event.target;
    restore(composer);
}

/** @param {FocusEvent} event */
function onBlur({ target }) {
    // An element that is being removed loses the focus before it is disconnected.
    queueMicrotask(() => {
        if (target === focused && target instanceof Element && target.isConnected) focused = null;
    });
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
    // Safari ends a composition before its Enter, which then has the code 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !(event.target instanceof HTMLTextAreaElement)) return;
    const composer = earlyComposerOf(event);
    if (composer === null || !(enterSends() || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send(composer);
}

/** @param {MouseEvent} event */
function onClick(event) {
    const composer = closest(event, "[data-send]") === null ? null : earlyComposerOf(event);
    if (composer !== null) send(composer);
}

/** @param {HTMLElement} composer */
function send(composer) {
    const box = composer.querySelector("textarea");
    const text = textOf(box);
    // A mention of many people may need a question, which the circuit's composer asks, and only the circuit has the commands.
    if (box.readOnly || text.startsWith("/") || mentionsRoom(text) || mentionsHere(text) || text.trim() === "" || text.length > Number(composer.dataset.maxLength)) return;
    // Without storage the text stays in the box.
    if (!isStored(write(conversationOf(composer), text))) return;
    box.value = "";
    saveDraft(draftKey(conversationOf(composer)), "");
    showPending(composer);
}

/** @param {Event} event */
function onInput(event) {
    const composer = earlyComposerOf(event);
    if (composer !== null) saveDraft(draftKey(conversationOf(composer)), composer.querySelector("textarea").value);
}

/**
 * Whether nobody types in the focused element: the page itself, the link that opened it, or the heading, which the router focuses.
 * @param {Element | null} element
 */
function isFree(element) {
    return element === null || element === document.body || element.tagName === "A" || element.tagName === "H1";
}

// Focuses a new composer: one that replaces a focused one, or one on a page that was just opened, so that the next letter reaches it.
function onRendered() {
    const box = findEarlyBox();
    if (box === null || box === known) return;
    known = box;
    const isReplacement = focused instanceof Element && !focused.isConnected;
    if (isReplacement) focused = null;
    if (isReplacement ? document.activeElement !== document.body : isTouch.matches || !isFree(document.activeElement)) return;
    box.focus();
    lastFocused = box;
}

document.addEventListener("focusin", onFocus);
document.addEventListener("focusout", onBlur);
document.addEventListener("keydown", onKeyDown);
document.addEventListener("click", onClick);
document.addEventListener("input", onInput);

// Somebody may have typed before this script was loaded, beside a thread also in the room.
for (const early of /** @type {NodeListOf<HTMLTextAreaElement>} */ (document.querySelectorAll(earlyBox))) {
    if (early === document.activeElement) focused = early;
    const composer = /** @type {HTMLElement} */ (early.closest(".composer"));
    const key = draftKey(conversationOf(composer));
    if (early.value !== "") saveDraft(key, [loadDraft(key), early.value].filter(text => text !== "").join("\n"));
    early.value = "";
    restore(composer);
}
const box = findEarlyBox();
if (box !== null) {
    known = box;
    if (!isTouch.matches && isFree(document.activeElement)) box.focus();
}

new MutationObserver(onRendered).observe(document.body, { childList: true, subtree: true });
