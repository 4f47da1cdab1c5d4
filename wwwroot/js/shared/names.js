// How names are compared with what a person types.

/**
 * Without case and diacritics. Hangul is decomposed, so that a syllable that is being typed is the beginning of a longer one.
 * @param {string} text
 */
export function fold(text) {
    return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}

// The first consonants of Hangul syllables, as in ㅁㅅ for 민수.
const initials = /^[\u1100-\u1112]+$/;

/**
 * How well a name fits: 0 for its beginning, 1 for the beginning of a word, 2 for a part, -1 if it doesn't fit.
 * @param {{ name: string, text: string }} name The text is another form of it, such as a handle; empty for none.
 * @param {string} part Folded.
 */
export function rank({ name, text }, part) {
    const forms = text === "" ? [fold(name)] : [fold(text), fold(name)];
    if (initials.test(part)) forms.push(...forms.map(form => form.replace(/[\u1161-\u11ff]/g, "")));
    if (forms.some(form => form.startsWith(part))) return 0;
    if (forms.some(form => form.split(/[ ._-]/).some(word => word.startsWith(part)))) return 1;
    return forms.some(form => form.includes(part)) ? 2 : -1;
}
