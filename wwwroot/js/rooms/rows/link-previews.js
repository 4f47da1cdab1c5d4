// Whether messages show previews of their links. The reader's choice is in a cookie, so that the first HTML of a page is right; the rows are the same for
// all readers, and CSS hides their previews. The account's page has the choice, and open pages follow it.

const cookie = "link-previews";
const channel = new BroadcastChannel(cookie);

export function showsPreviews() {
    return !document.cookie.split("; ").includes(`${cookie}=off`);
}

function show() {
    document.documentElement.toggleAttribute("data-no-previews", !showsPreviews());
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-shows-previews]"))) box.checked = showsPreviews();
}

document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !("showsPreviews" in target.dataset)) return;
    document.cookie = `${cookie}=off; path=/; max-age=${target.checked ? 0 : 31536000}; samesite=lax`;
    show();
    channel.postMessage("changed");
});

channel.addEventListener("message", show);

// A page that the browser has stored received nothing meanwhile.
addEventListener("pageshow", show);

for (const section of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-reading]"))) section.hidden = false;
show();
