// Shows the keys of the app.

import { enterSends } from "../rooms/enter-key.js";
import { formattingKeys, nameOfKey } from "../composing/formatting-bar.js";
import { signButton } from "../shared/dom.js";
import { text } from "../shared/texts.js";

const command = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
const option = command === "⌘" ? "⌥" : "Alt";

/** @type {Record<string, string>} */
const formats = {
    bold: text("KeyBold"),
    italic: text("KeyItalic"),
    strike: text("KeyStrike"),
    code: text("KeyCode"),
    block: text("KeyCodeBlock"),
    quote: text("KeyQuote"),
    link: text("KeyLink"),
    preview: text("KeyPreview"),
};

// Each key is text, and what it does is the key of a text. The reader may have changed what Enter does.
const shortcuts = () => [
    [`${command}+K`, text("KeyJump")],
    [`${command}+F`, text("KeySearch")],
    [`${option}+↑  ${option}+↓`, text("KeyRooms")],
    [`${option}+Shift+↑  ${option}+Shift+↓`, text("KeyUnread")],
    ["↑", text("KeyEdit")],
    [enterSends() ? "Enter" : `${command}+Enter`, text("KeySend")],
    [`${option}+Enter`, text("KeySendLater")],
    [enterSends() ? "Shift+Enter" : "Enter", text("KeyLine")],
    ["@  #", text("KeyNames")],
    ["/", text("KeyCommand")],
    ...formattingKeys.map(key => [nameOfKey(key), formats[key.kind]]),
    [`${command}+Shift+V`, text("KeyPastePlain")],
    ["Esc", text("KeyClose")],
    ["?", text("KeyHelp")],
];

/** @type {HTMLDialogElement | null} */
let created = null;

export function open() {
    const dialog = created ??= create();
    const list = /** @type {HTMLElement} */ (dialog.querySelector("dl"));
    list.replaceChildren(...shortcuts().flatMap(([keys, does]) => rowOf(keys, does)));
    if (!dialog.open) dialog.showModal();
}

function create() {
    const dialog = document.createElement("dialog");
    dialog.className = "shortcuts";
    dialog.setAttribute("aria-labelledby", "shortcuts-title");
    const title = document.createElement("h2");
    title.id = "shortcuts-title";
    title.textContent = text("KeyHelpTitle");
    const list = document.createElement("dl");
    const close = signButton("close", text("Close"), "✕");
    dialog.append(title, close, list);
    dialog.addEventListener("click", ({ target }) => {
        if (target === dialog || target === close) dialog.close();
    });
    document.body.append(dialog);
    return dialog;
}

/**
 * @param {string} keys
 * @param {string} does
 */
function rowOf(keys, does) {
    const term = document.createElement("dt");
    term.append(...keys.split("  ").map(key => {
        const shown = document.createElement("kbd");
        shown.textContent = key;
        return shown;
    }));
    const meaning = document.createElement("dd");
    meaning.textContent = does;
    return [term, meaning];
}
