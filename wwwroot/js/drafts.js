// What is written and not yet sent is in the browser's storage.

export function keep(key, text) {
    try {
        if (text === "") localStorage.removeItem(key);
        else localStorage.setItem(key, text);
    } catch {
        // Storage is full or forbidden: the text is still on the page.
    }
}

export function kept(key) {
    try {
        return localStorage.getItem(key) ?? "";
    } catch {
        return "";
    }
}

export const draftKey = place => `draft/${place}`;

export const editKey = place => `edit/${place}`;
