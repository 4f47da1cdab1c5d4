// The texts that scripts show, in the reader's language. The page has them as JSON, under the keys of ScriptTexts.resx.

/** @type {Record<string, string>} */
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

/**
 * A text with its arguments instead of {0}, {1}, …; numbers are formatted in the reader's language. A missing text is shown as its key.
 * @param {string} key
 * @param {...(string | number)} values
 */
export function text(key, ...values) {
    return (texts[key] ?? key).replace(/\{(\d)\}/g, (_, index) => values[index].toLocaleString());
}

/**
 * A text with a number, which is {0}: the key is "key.one" for 1, else "key.other".
 * @param {string} key
 * @param {number} number
 * @param {...(string | number)} values
 */
export function count(key, number, ...values) {
    return text(`${key}.${number === 1 ? "one" : "other"}`, number, ...values);
}
