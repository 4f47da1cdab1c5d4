// Shows the number of unread messages in the title of the page and on the icon of an installed app. Blazor writes the title of each page, in a
// text node that it holds, so the number is written into this node.

// -1 before the first number.
let total = -1;
let title = "";
let written = "";

/** @param {number} unread */
export function showUnread(unread) {
    if (unread !== total) showBadge(unread);
    total = unread;
    // A phone shows it at the button of the drawer.
    document.documentElement.toggleAttribute("data-unread", unread > 0);
    write();
}

function write() {
    const element = document.head.getElementsByTagName("title")[0];
    if (element === undefined) return;
    const text = element.textContent ?? "";
    if (text !== written) title = text;
    written = total > 0 ? `(${total > 99 ? "99+" : total}) ${title}` : title;
    if (text === written) return;
    if (element.firstChild instanceof Text) element.firstChild.data = written;
    else element.textContent = written;
}

/** @param {number} unread */
function showBadge(unread) {
    if (!("setAppBadge" in navigator)) return;
    const shown = unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge();
    shown.catch(() => {
        // The browser allows no badge for this page.
    });
}

new MutationObserver(write).observe(document.head, { childList: true, characterData: true, subtree: true });
