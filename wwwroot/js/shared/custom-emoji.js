// The custom emoji of the site, which texts have by their names. They are loaded when a page first has such a name, and a name becomes a picture in the
// page alone: a text whose emoji is deleted is its name again.

/** @typedef {{ name: string, address: string }} CustomEmoji */

// A page that finds an unknown name asks again at most as often, in milliseconds.
const askInterval = 60_000;

// The most emoji that are shown large.
const maxBig = 3;

// Characters of a text that may have nothing but emoji; families are long.
const maxWords = 100;

const named = /:([a-z0-9_+-]{2,32}):/g;

/** @type {Promise<CustomEmoji[]> | null} */
let loading = null;
let loadedAt = -Infinity;
/** @type {Map<string, CustomEmoji>} */
let known = new Map();

/** @returns {Promise<CustomEmoji[]>} All of them, by name; rejected without a connection. */
export function loadCustomEmoji() {
    loading ??= read().finally(() => { loading = null; });
    return loading;
}

async function read() {
    const response = await fetch(new URL("emoji", document.baseURI), { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`emoji: ${response.status}`);
    /** @type {CustomEmoji[]} */
    const all = await response.json();
    loadedAt = performance.now();
    known = new Map(all.map(emoji => [emoji.name, emoji]));
    return all;
}

/**
 * The picture of an emoji; its name when the picture can't be loaded.
 * @param {CustomEmoji} emoji
 */
export function pictureOf({ name, address }) {
    const picture = document.createElement("img");
    Object.assign(picture, { className: "emoji", src: address, alt: `:${name}:`, title: `:${name}:`, draggable: false });
    picture.addEventListener("error", () => picture.replaceWith(`:${name}:`), { once: true });
    return picture;
}

/** @type {Set<HTMLElement>} What has a name that the last list does not have. */
const waiting = new Set();

// More than the rows of a page.
const maxWaiting = 500;

let timer = 0;

/**
 * Replaces names by pictures in elements. Names that are not known yet are asked for, and replaced later.
 * @param {HTMLElement[]} elements
 */
export function showCustomEmoji(elements) {
    for (const element of elements) if (replaceIn(element) && waiting.size < maxWaiting) waiting.add(element);
    if (waiting.size === 0 || timer !== 0) return;
    timer = setTimeout(retry, Math.max(0, loadedAt + askInterval - performance.now()));
}

async function retry() {
    try {
        await loadCustomEmoji();
    } catch {
        // The names stay. The next new row asks again.
        return;
    } finally {
        timer = 0;
    }
    for (const element of waiting) if (element.isConnected) replaceIn(element);
    // What is no name now is a text.
    waiting.clear();
}

/**
 * @param {HTMLElement} element
 * @returns {boolean} Whether a name is left.
 */
function replaceIn(element) {
    if (!element.textContent?.includes(":")) return false;
    let isLeft = false;
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, node =>
        node.parentElement?.closest("pre, code, a, [data-no-emoji]") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    /** @type {Text[]} */
    const found = [];
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) if (/:[a-z0-9_+-]{2,32}:/.test(node.nodeValue ?? "")) found.push(/** @type {Text} */ (node));
    for (const node of found) {
        const parts = partsOf(node.data);
        isLeft ||= parts.length === 0 || parts.some(part => typeof part === "string" && /:[a-z0-9_+-]{2,32}:/.test(part));
        if (parts.length > 0) node.replaceWith(...parts);
    }
    if (isFewAlone(element)) element.classList.add("message-emoji");
    return isLeft;
}

// Older browsers have none. There only pictures alone are large.
const characters = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

/** @param {HTMLElement} element Whether it is the text of a message that has a few emoji, pictures among them, and nothing else. */
function isFewAlone(element) {
    const count = element.querySelectorAll("img.emoji").length;
    const words = [...element.childNodes].filter(node => !(node instanceof Element && node.matches(".message-edited"))).map(node => node.textContent).join("");
    if (count === 0 || words.length > maxWords) return false;
    if (characters === null) return words.trim() === "" && count <= maxBig;
    const others = [...characters.segment(words.replace(/\s/g, ""))].map(({ segment }) => segment);
    // A sign such as © is an emoji only with the selector of its picture.
    return count + others.length <= maxBig && others.every(other => /\p{Emoji_Presentation}|\uFE0F|\u20E3/u.test(other)) && element.matches(".message-text")
        && element.querySelectorAll("img, video, audio, a, pre").length === count;
}

/**
 * A text with its pictures; nothing when it has none.
 * @param {string} words
 * @returns {(string | HTMLElement)[]}
 */
function partsOf(words) {
    /** @type {(string | HTMLElement)[]} */
    const parts = [];
    let from = 0;
    named.lastIndex = 0;
    for (let match = named.exec(words); match !== null; match = named.exec(words)) {
        const emoji = known.get(match[1]);
        // A colon after a letter or a digit belongs to its word, as in 10:30:45.
        if (emoji === undefined || /[a-z0-9]/i.test(words[match.index - 1] ?? "")) {
            // Its last colon may begin the next name.
            named.lastIndex--;
            continue;
        }
        if (match.index > from) parts.push(words.slice(from, match.index));
        parts.push(pictureOf(emoji));
        from = named.lastIndex;
    }
    if (parts.length > 0 && from < words.length) parts.push(words.slice(from));
    return parts;
}

/**
 * A text as it was written, with the names of its pictures.
 * @param {HTMLElement} element
 */
export function withNames(element) {
    if (element.querySelector("img.emoji") === null) return element.innerText;
    // Only what is laid out has the line breaks of its text.
    const pictures = [...element.querySelectorAll("img.emoji")];
    const texts = pictures.map(picture => {
        const name = document.createTextNode(/** @type {HTMLImageElement} */ (picture).alt);
        picture.replaceWith(name);
        return name;
    });
    const words = element.innerText;
    texts.forEach((name, index) => name.replaceWith(pictures[index]));
    return words;
}
