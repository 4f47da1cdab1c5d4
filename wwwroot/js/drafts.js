// What is written and not yet sent is in the storage of its tab, until it is sent or the tab is closed: two tabs on one room have a draft each.

export function keep(key, text) {
    try {
        if (text === "") sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, text);
    } catch {
        // Storage is full or forbidden: the text is still on the page, and an older one must not come back in its place.
        drop(key);
    }
}

export function kept(key) {
    try {
        return sessionStorage.getItem(key) ?? "";
    } catch {
        return "";
    }
}

function drop(key) {
    try {
        sessionStorage.removeItem(key);
    } catch {
        // It was never there.
    }
}

export const draftKey = place => `draft/${place}`;

export const editKey = place => `edit/${place}`;

// Changes to a message that were put aside.
export const asideKey = (place, sequence) => `aside/${place}/${sequence}`;
