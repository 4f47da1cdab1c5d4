// The mentions in messages.

/**
 * Whether a text mentions all members of the room. The server decides: it also knows code and links.
 * @param {string} text
 */
export function mentionsRoom(text) {
    return mentions(text, "room");
}

/**
 * Whether a text mentions the members of the room who are online.
 * @param {string} text
 */
export function mentionsHere(text) {
    return mentions(text, "here");
}

/**
 * @param {string} text
 * @param {string} word
 */
function mentions(text, word) {
    return new RegExp(String.raw`(?:^|[^a-z0-9_@#/\\+%=&-])@${word}(?![a-z0-9_@]|[.-][a-z0-9])`, "i").test(text);
}

/**
 * Marks the mentions of the reader, and the messages of others that mention them. Rows are the same for all readers, so the server can't.
 * @param {HTMLElement} rows
 * @param {string} reader The reader's id.
 * @param {boolean} isMember Whether the reader is a member of the room, whom a mention of the room is for.
 */
export function markOwn(rows, reader, isMember) {
    const own = isMember ? `[data-person="${reader}"], [data-everyone]` : `[data-person="${reader}"]`;
    for (const mention of rows.querySelectorAll(`.mention:is(${own}):not([data-own])`)) {
        const row = mention.closest("article");
        const isAuthor = row?.dataset.author === reader;
        if (isAuthor && "everyone" in mention.dataset) continue;
        mention.dataset.own = "";
        if (row !== null && !isAuthor) row.dataset.mentioned = "";
    }
}

/**
 * Marks the messages of others in which `@here` mentions the reader. Only the server knows who was connected.
 * @param {HTMLElement} rows
 * @param {string} reader
 * @param {(keys: number[]) => Promise<number[]>} find Returns those that mention the reader.
 */
export async function markHere(rows, reader, find) {
    /** @type {Map<number, HTMLElement[]>} */
    const asked = new Map();
    for (const mention of rows.querySelectorAll(".mention[data-here]:not([data-asked])")) {
        const row = mention.closest("article");
        if (row === null || row.dataset.author === reader) continue;
        mention.dataset.asked = "";
        // A row of a thread has its number there as its sequence.
        const key = Number(row.dataset.key ?? row.dataset.sequence);
        asked.set(key, [...asked.get(key) ?? [], mention]);
    }
    if (asked.size === 0) return;
    try {
        for (const key of await find([...asked.keys()])) {
            for (const mention of asked.get(key) ?? []) {
                mention.dataset.own = "";
                const row = mention.closest("article");
                if (row !== null) row.dataset.mentioned = "";
            }
        }
    } catch {
        // The connection is lost. They are asked for again when it is restored.
        for (const mention of [...asked.values()].flat()) delete mention.dataset.asked;
    }
}
