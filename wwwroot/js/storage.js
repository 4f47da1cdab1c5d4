// Values in the browser's storage, which may be full or forbidden: what cannot be kept there is still on the page. The storage of the tab
// unless another is named: what is begun in one tab must not be ended by another.

export function store(key, value, storage = sessionStorage) {
    try {
        storage.setItem(key, JSON.stringify(value));
    } catch {
        // Storage is full or forbidden.
    }
}

export function forget(key, storage = sessionStorage) {
    try {
        storage.removeItem(key);
    } catch {
        // It was never there.
    }
}

// Null for what is not there, or is no value of ours.
export function load(key, storage = sessionStorage) {
    try {
        return JSON.parse(storage.getItem(key));
    } catch {
        return null;
    }
}
