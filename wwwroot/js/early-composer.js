// A composer that its circuit has not taken over yet, on a page that has just come or come back. Blazor puts elements of its own in
// the place of the prerendered ones, so what is typed goes to the draft, and Enter to the outbox, from where the circuit sends it.

import { draftKey, editKey, keep, kept } from "./drafts.js";
import { enterSends } from "./enter-key.js";
import "./opening.js";
import { isStored, show, waiting, write } from "./outbox.js";

// On a phone the keyboard would cover what one came to read.
const isTouch = matchMedia("(pointer: coarse)");

let focused = null;
let known = null;
let takenOver = null;

function notReady(event) {
    const composer = event.target.closest?.(".composer");
    return composer && !("ready" in composer.dataset) ? composer : null;
}

function restore(composer) {
    const box = composer.querySelector("textarea");
    const { place } = composer.dataset;
    if ("restored" in box.dataset) return;
    box.dataset.restored = "";
    showWaiting(composer);
    // An edit is taken up again when the circuit is there, and the draft waits behind it.
    if (kept(editKey(place)) !== "") box.readOnly = true;
    else if (box.value === "") box.value = kept(draftKey(place));
}

function showWaiting(composer) {
    show(composer.querySelector("[data-outbox]"), waiting(composer.dataset.place));
}

function onFocus(event) {
    // The router puts the focus on the page's heading when it has rendered; who writes already is left where they are.
    const box = takenOver;
    takenOver = null;
    if (box !== null && event.target.tagName === "H1") box.focus();
    const composer = notReady(event);
    if (composer === null || event.target.tagName !== "TEXTAREA") return;
    focused = event.target;
    restore(composer);
}

// An element that is being removed loses the focus while it is still in its place.
function onBlur(event) {
    const left = event.target;
    queueMicrotask(() => {
        if (left === focused && left.isConnected) focused = null;
    });
}

function onKeyDown(event) {
    // Safari ends a composition before its Enter, which then has this code.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || event.target.tagName !== "TEXTAREA") return;
    const composer = notReady(event);
    if (composer === null || !(enterSends() || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send(composer);
}

function onClick(event) {
    const composer = event.target.closest?.("[data-send]") ? notReady(event) : null;
    if (composer !== null) send(composer);
}

function send(composer) {
    const box = composer.querySelector("textarea");
    const { place, maxLength } = composer.dataset;
    const text = box.value.toWellFormed?.() ?? box.value;
    if (box.readOnly || text.trim() === "" || text.length > Number(maxLength)) return;
    // Without storage the text stays in the box.
    if (!isStored(write(place, text))) return;
    box.value = "";
    keep(draftKey(place), "");
    showWaiting(composer);
}

function onInput(event) {
    const composer = notReady(event);
    if (composer !== null) keep(draftKey(composer.dataset.place), event.target.value);
}

// Nobody types there: the page itself, the link that opened it, or the heading, which the router focuses.
function isFree(element) {
    return element === null || element === document.body || element.tagName === "A" || element.tagName === "H1";
}

// A composer has come: in the place of one that had the focus, or on the page of a room that was just opened. The next letter belongs to it.
function onRendered() {
    const box = document.querySelector(".composer:not([data-ready]) textarea");
    if (box === null || box === known) return;
    known = box;
    const isReplacement = focused !== null && !focused.isConnected;
    if (isReplacement) focused = null;
    if (isReplacement ? document.activeElement !== document.body : isTouch.matches || !isFree(document.activeElement)) return;
    box.focus();
    takenOver = box;
}

document.addEventListener("focusin", onFocus);
document.addEventListener("focusout", onBlur);
document.addEventListener("keydown", onKeyDown);
document.addEventListener("click", onClick);
document.addEventListener("input", onInput);

// Somebody may have begun before this script came.
const box = document.querySelector(".composer:not([data-ready]) textarea");
if (box !== null) {
    known = box;
    if (box === document.activeElement) focused = box;
    const composer = box.closest(".composer");
    const { place } = composer.dataset;
    if (box.value !== "") keep(draftKey(place), [kept(draftKey(place)), box.value].filter(text => text !== "").join("\n"));
    box.value = "";
    restore(composer);
    if (!isTouch.matches && isFree(document.activeElement)) box.focus();
}

new MutationObserver(onRendered).observe(document.body, { childList: true, subtree: true });
