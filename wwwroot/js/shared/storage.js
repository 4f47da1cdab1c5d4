// Values in the browser's storage, which may be full or forbidden: a value that can't be stored is still on the page. The default is the
// storage of the tab, since two tabs may write different texts in one room.

/**
 * @param {string} key
 * @param {unknown} value
 * @returns {boolean} Whether the value is stored.
 */
export function store(key, value, storage = sessionStorage) {
    try {
        storage.setItem(key, JSON.stringify(value));
        return true;
    } catch {
        return false;
    }
}

/**
 * The keys that begin with a prefix.
 * @param {string} prefix
 */
export function keysOf(prefix, storage = sessionStorage) {
    try {
        return Object.keys(storage).filter(key => key.startsWith(prefix));
    } catch {
        return [];
    }
}

/** @param {string} key */
export function forget(key, storage = sessionStorage) {
    try {
        storage.removeItem(key);
    } catch {
        // Storage is forbidden, so it has no value.
    }
}

/**
 * @param {string} key
 * @returns {any} Null for no value, or one that is no JSON.
 */
export function load(key, storage = sessionStorage) {
    try {
        return JSON.parse(storage.getItem(key) ?? "null");
    } catch {
        return null;
    }
}
