// The texts that a page passes to its script: text("saved", value) is the attribute data-text-saved of the element, with the value for {0}.

export function textsOf(element) {
    return (name, ...values) => element.getAttribute(`data-text-${name}`).replace(/\{(\d)[^}]*\}/g, (_, at) => values[at]);
}
