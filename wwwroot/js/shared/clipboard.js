/**
 * Copies a text. navigator.clipboard does not exist on a page that was loaded over plain http from another machine.
 * @param {string} text
 * @returns {Promise<boolean>} Whether the text is on the clipboard.
 */
export async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copyBySelection(text);
    }
}

/** @param {string} text */
function copyBySelection(text) {
    const focused = document.activeElement;
    const box = document.createElement("textarea");
    box.value = text;
    box.style.cssText = "position:fixed;opacity:0";
    document.body.append(box);
    box.select();
    const isCopied = document.execCommand("copy");
    box.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    return isCopied;
}
