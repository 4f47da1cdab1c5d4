// The addresses of rooms, people and liveblogs that were opened last in this browser, newest first. They are only addresses: names are
// shown to those who may see them now.

import { load, store } from "../shared/storage.js";

const key = "recent-addresses";
const most = 30;

/** @returns {string[]} */
export function recent() {
    const addresses = load(key, localStorage);
    return Array.isArray(addresses) ? addresses.filter(address => typeof address === "string") : [];
}

/** @param {string} address Relative to the base address. */
export function visit(address) {
    store(key, [address, ...recent().filter(other => other !== address)].slice(0, most), localStorage);
}
