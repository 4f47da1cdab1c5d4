// Texts that begin with a command, such as /topic. The server knows which commands there are.

const command = /^\/(\p{L}[\p{L}\p{N}-]{0,30})(?:\s+([^]*))?$/u;
const escaped = /^\/\/(\p{L}[\p{L}\p{N}-]{0,30})(?=\s|$)/u;

/**
 * The command with which a text begins: a slash and a word, followed by a blank or nothing. A path such as /usr/bin is none. Null for no command.
 * @param {string} written
 * @returns {{ name: string, text: string } | null}
 */
export function readCommand(written) {
    const match = command.exec(written);
    return match === null ? null : { name: match[1].toLowerCase(), text: (match[2] ?? "").trim() };
}

/**
 * Two slashes stand for one, where one would begin a command.
 * @param {string} written
 * @param {string[]} messages The commands that are sent as messages, and have to stay a text.
 */
export function unescaped(written, messages) {
    const name = escaped.exec(written)?.[1].toLowerCase();
    if (name === undefined) return written;
    return messages.includes(name) ? String.raw`\/` + written.slice(2) : written.slice(1);
}

/**
 * The text of a message as it is written again.
 * @param {string} sent
 * @param {string[]} messages
 */
export function escapedAgain(sent, messages) {
    const name = readCommand(sent)?.name;
    return name === undefined || messages.includes(name) ? sent : `/${sent}`;
}
