// Values in the browser's storage, which may be full or forbidden: what cannot be kept there is still on the page.

export function store(key, value, storage = localStorage) {
    try {
        storage.setItem(key, JSON.stringify(value));
    } catch {
        // Storage is full or forbidden.
    }
}

export function forget(key, storage = localStorage) {
    try {
        storage.removeItem(key);
    } catch {
        // It was never there.
    }
}

// Null for what is not there, or is no value of ours.
export function load(key, storage = localStorage) {
    try {
        return JSON.parse(storage.getItem(key));
    } catch {
        return null;
    }
}
