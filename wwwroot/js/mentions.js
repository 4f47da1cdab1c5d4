// The mentions in messages.

/**
 * Whether a text mentions all members of the room. The server decides: it also knows code and links.
 * @param {string} text
 */
export function mentionsRoom(text) {
    return /(?:^|[^a-z0-9_@#/\\+%=&-])@room(?![a-z0-9_@]|[.-][a-z0-9])/i.test(text);
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
