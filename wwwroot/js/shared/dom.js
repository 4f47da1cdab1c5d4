// What several scripts do with elements and events.

/**
 * The closest element around the target of an event that matches a selector; null for none.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest(event, selector) {
    return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * Whether a click with a key asks the browser for something else, such as a new tab.
 * @param {MouseEvent} event
 */
export function hasModifier(event) {
    return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

/**
 * A button that shows a sign; it has the attribute data-{action}.
 * @param {string} action
 * @param {string} label
 * @param {string} sign
 */
export function signButton(action, label, sign) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset[action] = "";
    button.title = label;
    button.ariaLabel = label;
    button.textContent = sign;
    return button;
}

/**
 * The text of a box. Half of a surrogate pair can't be sent, so it becomes a replacement character.
 * @param {HTMLTextAreaElement} box
 */
export function textOf(box) {
    return box.value.toWellFormed?.() ?? box.value;
}

/**
 * Replaces a part of the text of a box, as if it were typed: it can be undone, and the box has its event "input".
 * @param {HTMLTextAreaElement} box
 * @param {number} start
 * @param {number} end
 * @param {string} text
 * @param {number} [from] The selection afterwards; behind the text when it is missing.
 * @param {number} [to]
 */
export function replaceText(box, start, end, text, from = start + text.length, to = from) {
    box.focus();
    if (start !== end || text !== "") {
        box.setSelectionRange(start, end);
        // It is deprecated, and the only way that the browser's undo knows of. Some browsers refuse it.
        if (document.activeElement !== box || !document.execCommand(text === "" ? "delete" : "insertText", false, text)) {
            box.setRangeText(text, start, end);
            box.dispatchEvent(new Event("input", { bubbles: true }));
        }
    }
    box.setSelectionRange(from, to);
}
