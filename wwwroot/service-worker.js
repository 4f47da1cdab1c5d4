// Shows the notifications that push services deliver. It answers no request of a page. What it receives: docs/protocol.md.

/// <reference lib="webworker" />

/**
 * @typedef {{ v: number, kind: "message" | "clear" | "test", tag: string, tags?: string[], replaces?: boolean, title?: string, body?: string, url?: string, badge?: number,
 *     revision?: number, at?: string }} Payload
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Milliseconds in which an open page answers with its address. */
const pageTimeout = 500;

const devices = "/account/devices";

worker.addEventListener("install", () => {
    worker.skipWaiting();
});
worker.addEventListener("activate", event => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", event => event.waitUntil(receive(event.data)));
worker.addEventListener("notificationclick", event => event.waitUntil(openClicked(event.notification)));
worker.addEventListener("pushsubscriptionchange", event => event.waitUntil(renew(/** @type {SubscriptionChange} */ (event))));

/** @param {PushMessageData | null} data */
async function receive(data) {
    /** @type {Payload} */
    const message = data?.json();
    if (message?.v !== 1) return;
    await Promise.allSettled([showBadge(message.badge), message.kind === "clear" ? clear(message.tags ?? [message.tag]) : show(message)]);
}

/** @param {Payload} message */
async function show({ kind, tag, replaces, title, body, url, revision, at }) {
    const shown = (await worker.registration.getNotifications({ tag })).at(0);
    // The person has dismissed it, or opened it.
    if (replaces && shown === undefined) return;
    // A push service may deliver twice, and in any order.
    if (revision !== undefined && shown?.data?.revision >= revision) return;
    const address = addressOf(url);
    if (kind === "message" && await isLookedAt(address)) {
        shown?.close();
        return;
    }
    const options = {
        body,
        tag,
        icon: "/icons/icon-192.png",
        badge: "/icons/badge.png",
        timestamp: at === undefined ? undefined : Date.parse(at),
        data: { url: address.href, revision },
    };
    await worker.registration.showNotification(title ?? "", options);
}

/** @param {string[]} tags */
async function clear(tags) {
    for (const tag of tags) {
        for (const notification of await worker.registration.getNotifications({ tag })) notification.close();
    }
}

/** @param {number | undefined} unread */
async function showBadge(unread) {
    if (unread === undefined || !("setAppBadge" in navigator)) return;
    await (unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge());
}

/** @param {string | undefined} url */
function addressOf(url) {
    const address = new URL(url ?? "/", worker.location.origin);
    return address.origin === worker.location.origin ? address : new URL("/", worker.location.origin);
}

/**
 * Whether the person looks at the room that a notification is about: a page that has the focus shows it, as the server decides too. Browsers demand a notification for each push, unless a page of the site is visible.
 * Apple's demand it then, too, and end a subscription that does not obey.
 * @param {URL} address
 */
async function isLookedAt(address) {
    const subscription = await worker.registration.pushManager.getSubscription();
    if (subscription !== null && new URL(subscription.endpoint).hostname.endsWith(".push.apple.com")) return false;
    const pages = (await findPages()).filter(page => page.visibilityState === "visible" && page.focused);
    // The address that a browser gives for a page may be that with which it was opened.
    const paths = await Promise.all(pages.map(page => ask(page, { kind: "where" })));
    const room = roomOf(address.pathname);
    return paths.some(path => path === room || path?.startsWith(`${room}/`));
}

/**
 * The room or the thread of an address: all replies of a thread are shown together.
 * @param {string} path
 */
function roomOf(path) {
    return path.split("/").slice(0, 4).join("/");
}

/** @param {Notification} notification */
async function openClicked(notification) {
    notification.close();
    const { href } = addressOf(notification.data?.url);
    // The page that was used last comes first.
    const page = (await findPages()).at(0);
    if (page === undefined) {
        await worker.clients.openWindow(href);
        return;
    }
    await page.focus().catch(() => {
        // The browser does not allow it now.
    });
    // A page with a circuit goes there without loading again; another one does not answer.
    if (await ask(page, { kind: "open", url: href }) === undefined) await page.navigate(href).catch(() => worker.clients.openWindow(href));
}

/** @returns {Promise<readonly WindowClient[]>} */
function findPages() {
    return worker.clients.matchAll({ type: "window", includeUncontrolled: true });
}

/**
 * Asks an open page (js/notifications/notifications.js).
 * @param {WindowClient} page
 * @param {{ kind: "where" } | { kind: "open", url: string }} question
 * @returns {Promise<string | undefined>} The answer; undefined when there is none.
 */
function ask(page, question) {
    return new Promise(resolve => {
        const { port1, port2 } = new MessageChannel();
        const timeout = setTimeout(answer, pageTimeout);
        /** @param {string} [text] */
        function answer(text) {
            clearTimeout(timeout);
            port1.close();
            resolve(text);
        }
        port1.onmessage = event => answer(event.data);
        page.postMessage(question, [port2]);
    });
}

/**
 * Registers the subscription that replaces another one. What fails is repeated by the next page (js/notifications/notifications.js). When the session has ended, nothing is to be sent here any more.
 * @typedef {ExtendableEvent & { oldSubscription?: PushSubscription | null, newSubscription?: PushSubscription | null }} SubscriptionChange
 * @param {SubscriptionChange} event
 */
async function renew({ oldSubscription, newSubscription }) {
    const applicationServerKey = oldSubscription?.options.applicationServerKey ?? await (await fetch(`${devices}/key`)).text();
    const subscription = newSubscription ?? await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
    const answer = await fetch(devices, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(subscription) });
    if ([400, 401, 403].includes(answer.status)) await subscription.unsubscribe();
}
