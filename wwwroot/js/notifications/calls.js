// Calls the reader when a message concerns them: with a sound, and with a notification if they turned those on in this browser. The server calls
// every page of the browser; one of them calls. This script alone decides whether a notification is shown by a page.

import { load, store } from "../shared/storage.js";

/**
 * A message of a room, or a reply: its number in the thread of the message `root`.
 * @typedef {{ roomId: number, sequence: number, root: number | null, title: string, body: string, playsSound: boolean }} Call
 */
/**
 * What the browser has done for a room or a thread: the newest message that is shown and the newest that was sounded, when a tone was played, and when the
 * last page was called.
 * @typedef {{ shown: number, sounded: number, playedAt: number, at: number }} Done
 */

/** The setting of this browser: `true` when the reader turned notifications on. */
export const notificationsKey = "show-notifications";

// Reminders call like replies of threads in a room that there is not.
const remindersRoom = 0;

const doneKey = "calls";
const lockName = "calls";
/** @param {string} place */
const lookingLock = place => `looking-at-${place}`;

/**
 * A room, or the thread of one of its messages.
 * @param {number | string} roomId
 * @param {number | string | null} [root]
 */
export const placeOf = (roomId, root) => root == null ? `${roomId}` : `${roomId}/${root}`;

/**
 * The address of what calls, relative to the base address.
 * @param {Pick<Call, "roomId" | "sequence" | "root">} call
 */
export const addressOf = ({ roomId, sequence, root }) => roomId === remindersRoom ? "saved" : root === null ? `rooms/${roomId}#m-${sequence}` : `rooms/${roomId}/${root}/${sequence}`;

// Milliseconds.
const forgetAfter = 3_600_000;
const soundInterval = 3_000;
const lockTimeout = 5_000;

/** @type {Map<string, Notification>} Those that this page shows, by room or thread. */
const shown = new Map();

/** @type {AudioContext | undefined} */
let audio;

/** The locks that this page holds, with what ends them. A lock ends with its page, however that ends. */
const held = new Map();

/**
 * The room that this page shows while it is visible and has the focus, and the thread. Nothing calls for them.
 * @param {...string} places None when it is not looked at.
 */
export function lookAt(...places) {
    const names = places.map(lookingLock);
    for (const name of held.keys()) if (!names.includes(name)) release(name);
    for (const name of names) hold(name);
}

/**
 * Calls the reader, unless another page of the browser has done that, or the reader is looking at the room.
 * @param {Call} call
 * @param {() => void} open Opens the message.
 */
export const call = (call, open) => exclusively(async () => {
    const all = allDone();
    const place = placeOf(call.roomId, call.root);
    const done = all[place] ?? { shown: 0, sounded: 0, playedAt: 0, at: 0 };
    const isLookedAt = await isHeld(lookingLock(place));
    if (isLookedAt) done.shown = done.sounded = Math.max(call.sequence, done.shown, done.sounded);
    if (call.sequence > done.sounded && (!call.playsSound || mayPlay())) {
        if (call.playsSound && Object.values(all).every(other => Date.now() - other.playedAt > soundInterval)) {
            play();
            done.playedAt = Date.now();
        }
        done.sounded = call.sequence;
    }
    if (call.sequence > done.shown && await mayShow()) {
        await show(call, open);
        done.shown = call.sequence;
    }
    store(doneKey, { ...all, [place]: { ...done, at: Date.now() } }, localStorage);
});

/**
 * Closes the notification of a room or a thread, unless a newer message has replaced it: its message was read or deleted.
 * @param {number} roomId
 * @param {number} sequence
 * @param {number | null} root
 */
export async function withdraw(roomId, sequence, root) {
    const place = placeOf(roomId, root);
    const notification = shown.get(place);
    if (notification !== undefined && notification.data.sequence <= sequence) {
        shown.delete(place);
        notification.close();
    }
    const registration = await serviceWorker();
    for (const other of (await registration?.getNotifications({ tag: tagOf(place) })) ?? []) {
        if ((other.data?.sequence ?? 0) <= sequence) other.close();
    }
}

/** Where push is on, the service worker shows the notifications, and asks the pages where they are. */
async function mayShow() {
    if (!("Notification" in window) || Notification.permission !== "granted" || load(notificationsKey, localStorage) !== true) return false;
    const registration = await serviceWorker();
    return (await registration?.pushManager?.getSubscription()) == null;
}

/**
 * @param {Call} call
 * @param {() => void} open
 */
async function show(call, open) {
    const { roomId, sequence, root, title, body } = call;
    const place = placeOf(roomId, root);
    const options = { body, tag: tagOf(place), renotify: true, silent: true, data: { sequence, url: `/${addressOf(call)}` } };
    try {
        const notification = new Notification(title, options);
        notification.addEventListener("click", () => {
            notification.close();
            window.focus();
            open();
        });
        shown.set(place, notification);
    } catch {
        // Browsers of phones show notifications of service workers only.
        await (await serviceWorker())?.showNotification(title, options);
    }
}

/** @param {string} place */
const tagOf = place => `room-${place}`;

/** @returns {Promise<ServiceWorkerRegistration | undefined>} */
async function serviceWorker() {
    try {
        return await navigator.serviceWorker?.getRegistration("/");
    } catch {
        return undefined;
    }
}

// A page plays a sound only after the reader has used it.
const mayPlay = () => navigator.userActivation?.hasBeenActive ?? true;

/** Two short tones. */
function play() {
    audio ??= new AudioContext();
    audio.resume();
    const start = audio.currentTime + 0.02;
    for (const [index, frequency] of [660, 880].entries()) {
        const tone = new OscillatorNode(audio, { frequency });
        const volume = new GainNode(audio, { gain: 0 });
        const at = start + index * 0.12;
        volume.gain.setValueAtTime(0, at);
        volume.gain.linearRampToValueAtTime(0.12, at + 0.01);
        volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
        tone.connect(volume).connect(audio.destination);
        tone.start(at);
        tone.stop(at + 0.24);
    }
}

/** @returns {Record<string, Done>} */
function allDone() {
    const stored = load(doneKey, localStorage);
    const rooms = stored !== null && typeof stored === "object" ? Object.entries(/** @type {Record<string, Done>} */ (stored)) : [];
    return Object.fromEntries(rooms.filter(([, done]) => Date.now() - done.at < forgetAfter));
}

/** @param {() => Promise<void>} work */
async function exclusively(work) {
    // Browsers have locks on encrypted pages and on this machine only. Without them two pages may play a sound.
    if (navigator.locks === undefined) return await work();
    try {
        await navigator.locks.request(lockName, { signal: AbortSignal.timeout(lockTimeout) }, work);
    } catch {
        // The page that has the lock is stopped. It has called, or does when it continues.
    }
}

/** @param {string} name */
async function isHeld(name) {
    if (navigator.locks === undefined) return held.has(name);
    return (await navigator.locks.query()).held?.some(lock => lock.name === name) ?? false;
}

/** @param {string} name */
function hold(name) {
    if (held.has(name)) return;
    const { promise, resolve } = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
    held.set(name, resolve);
    navigator.locks?.request(name, { mode: "shared" }, () => promise);
}

/** @param {string} name */
function release(name) {
    held.get(name)?.();
    held.delete(name);
}
