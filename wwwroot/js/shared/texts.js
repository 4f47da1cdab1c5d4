// The texts that scripts show, in the reader's language. The page has them as JSON, under the keys of ScriptTexts.resx.

/** @type {Record<string, string>} */
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

const language = document.documentElement.lang || "en";

/** For Intl: the varieties of the page's language that the browser names, then the language itself. */
export const locales = [...navigator.languages.filter(name => name.split("-")[0] === language), language];

/**
 * A text with its arguments instead of {0}, {1}, …; numbers are formatted in the reader's language. A missing text is shown as its key.
 * @param {string} key
 * @param {...(string | number)} values
 */
export function text(key, ...values) {
    return (texts[key] ?? key).replace(/\{(\d)\}(?:([”’"')\]]*)(을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로|\(이\)))?/g, (_, index, after, forms) => {
        const value = values[index].toLocaleString(locales);
        return forms === undefined ? value : value + after + chooseParticle(value, forms);
    });
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

/**
 * The form of a Korean particle after a word, as KoreanParticles.cs chooses it: both forms where the last sound is unknown.
 * @param {string} word
 * @param {string} forms
 */
function chooseParticle(word, forms) {
    const final = finalOf(word.replace(/[^\p{L}\p{N}\p{So}]+$/u, ""));
    if (final === undefined) return forms;
    if (forms === "(으)로") return final === "" || final === "ㄹ" ? "로" : "으로";
    if (forms === "(이)") return final === "" ? "" : "이";
    return forms[final === "" ? 2 : 0];
}

/**
 * The last sound of a word: "" for a vowel, "ㄹ", or "ㄱ" for any other consonant; undefined when it is unknown.
 * @param {string} word
 */
function finalOf(word) {
    const last = word.at(-1) ?? "";
    if (last >= "가" && last <= "힣") {
        const final = (last.charCodeAt(0) - 0xac00) % 28;
        return final === 0 ? "" : final === 8 ? "ㄹ" : "ㄱ";
    }
    // Digits by their names: 일, 칠, 팔; 영 or 십, 삼, 육.
    if (/\d/.test(last)) return /[178]/.test(last) ? "ㄹ" : /[036]/.test(last) ? "ㄱ" : "";
    if (!/[a-z]/i.test(last)) return undefined;
    if (/(l|L|le|[A-Z]R|^R)$/.test(word)) return "ㄹ";
    return /([mMnN]|[mn]e|ng|(^|[^aeiou])[aeiou](ck|[ckpt]))$/.test(word) ? "ㄱ" : "";
}
