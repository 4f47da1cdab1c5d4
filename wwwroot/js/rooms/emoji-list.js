// The emoji of emoji.txt, which is loaded when they are first needed. BlazorChat/Common/Emoji has its format.

import { loadCustomEmoji } from "../shared/custom-emoji.js";
import { fold } from "../shared/names.js";

/**
 * @typedef {object} Emoji
 * @property {string} emoji
 * @property {string} group
 * @property {string[]} tones The variants by skin tone; none for an emoji without.
 * @property {string[]} shortNames The first one follows from the name.
 * @property {string} name In the language of the page.
 * @property {string} key The folded name and short names.
 * @property {string} words Other folded words, with spaces around each.
 * @property {import("../shared/custom-emoji.js").CustomEmoji} [custom] Its picture, if it is no emoji of Unicode's.
 */

const toneSigns = ["🏻", "🏼", "🏽", "🏾", "🏿"];

/** @type {Promise<Emoji[]> | null} */
let loading = null;

/** @returns {Promise<Emoji[]>} */
export function loadEmoji() {
    loading ??= read().catch(error => {
        loading = null;
        throw error;
    });
    return loading;
}

/**
 * The emoji whose names begin with all words of a text, then those that have such a word.
 * @param {Emoji[]} all
 * @param {string} query
 */
export function findEmoji(all, query) {
    const words = fold(query).split(/[\s_:]+/).filter(word => word !== "");
    if (words.length === 0) return all;
    const whole = words.join(" ");
    return all
        .map(emoji => ({ emoji, rank: rank(emoji, words, whole) }))
        .filter(({ rank }) => rank >= 0)
        .sort((a, b) => a.rank - b.rank)
        .map(({ emoji }) => emoji);
}

/**
 * @param {Emoji} emoji
 * @param {string[]} words
 * @param {string} whole
 */
function rank({ key, words: others }, words, whole) {
    if (key.includes(` ${whole} `)) return 0;
    if (key.startsWith(` ${whole}`)) return 1;
    if (words.every(word => key.includes(` ${word}`))) return 2;
    return words.every(word => key.includes(` ${word}`) || others.includes(` ${word}`)) ? 3 : -1;
}

async function read() {
    // Without the custom ones there are the others.
    const customEmoji = loadCustomEmoji().catch(() => []);
    const response = await fetch(new URL("emoji.txt", document.baseURI));
    if (!response.ok) throw new Error(`emoji.txt: ${response.status}`);
    const isKorean = document.documentElement.lang.startsWith("ko");
    /** @type {Emoji[]} */
    const all = [];
    const known = new Set();
    let group = "";
    for (const line of (await response.text()).split("\n")) {
        if (line.startsWith("=")) group = line.slice(1);
        else if (line !== "" && group !== "other") all.push(parse(line, group, isKorean, known));
    }
    for (const custom of await customEmoji) all.push(ofSite(custom));
    return all;
}

/**
 * @param {import("../shared/custom-emoji.js").CustomEmoji} custom
 * @returns {Emoji}
 */
function ofSite(custom) {
    const { name } = custom;
    return { emoji: `:${name}:`, group: "custom", tones: [], shortNames: [name], name, key: ` ${name.replace(/[_+-]+/g, " ")} ${name} `, words: " ", custom };
}

/**
 * @param {string} line
 * @param {string} group
 * @param {boolean} isKorean
 * @param {Set<string>} known The short names that emoji have.
 * @returns {Emoji}
 */
function parse(line, group, isKorean, known) {
    const [emoji, tones = "", aliases = "", english = "", englishWords = "", korean = "", koreanWords = ""] = line.split("\t");
    const own = shortNameOf(english);
    const shortNames = [...known.has(own) ? [] : [own], ...aliases.split(" ").filter(name => name !== "")];
    known.add(own);
    return {
        emoji,
        group,
        tones: tones === "" ? [] : tones === "t" ? toneSigns.map(sign => withTone(emoji, sign)) : tones.split(" "),
        shortNames,
        name: isKorean && korean !== "" ? korean : english,
        key: ` ${fold([english, korean, ...shortNames.map(name => name.replaceAll("_", " ")), aliases].join(" ").replace(/[:,]/g, " "))} `,
        words: ` ${fold(`${englishWords} ${koreanWords}`.replace(/[:,]/g, " "))} `,
    };
}

/**
 * The tone follows the first character, instead of the selector of the coloured form.
 * @param {string} emoji
 * @param {string} sign
 */
function withTone(emoji, sign) {
    const [first, ...rest] = emoji;
    if (rest[0] === "\ufe0f") rest.shift();
    return first + sign + rest.join("");
}

/** @param {string} name The server has the same rule (EmojiList). */
function shortNameOf(name) {
    return name.normalize("NFD").toLowerCase().replace(/\p{Mn}/gu, "").replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}
