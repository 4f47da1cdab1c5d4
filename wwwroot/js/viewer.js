// Opens the pictures of a page large: links with data-picture. Arrow keys and buttons go on to the next one, Escape closes, and the
// file as it was uploaded is a link away.

let dialog = null;
let pictures = [];
let index = 0;

document.addEventListener("click", event => {
    const picture = event.target.closest?.("a[data-picture]");
    if (!picture || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(picture);
});

function open(picture) {
    dialog ??= create();
    pictures = [...document.querySelectorAll("a[data-picture]")];
    dialog.showModal();
    show(pictures.indexOf(picture));
}

function show(next) {
    if (next < 0 || next >= pictures.length) return;
    index = next;
    const picture = pictures[index];
    const name = picture.dataset.name ?? "";
    const image = dialog.querySelector("img");
    image.src = picture.dataset.large ?? picture.href;
    image.alt = name;
    dialog.querySelector("[data-name]").textContent = name;
    dialog.querySelector("[data-original]").href = picture.href;
    for (const way of dialog.querySelectorAll("[data-previous], [data-next]")) way.hidden = pictures.length === 1;
    dialog.querySelector("[data-previous]").disabled = index === 0;
    dialog.querySelector("[data-next]").disabled = index === pictures.length - 1;
}

function create() {
    const element = document.createElement("dialog");
    element.className = "viewer";
    element.setAttribute("aria-label", "Picture");
    const bar = document.createElement("div");
    bar.className = "viewer-bar";
    const name = document.createElement("span");
    name.dataset.name = "";
    const original = document.createElement("a");
    original.dataset.original = "";
    original.target = "_blank";
    original.rel = "noopener";
    original.textContent = "Original";
    bar.append(name, original, button("close", "Close", "✕"));
    element.append(bar, button("previous", "Previous picture", "‹"), document.createElement("img"), button("next", "Next picture", "›"));
    element.addEventListener("click", onClick);
    element.addEventListener("keydown", onKeyDown);
    element.addEventListener("close", onClose);
    document.body.append(element);
    return element;
}

function button(action, label, mark) {
    const element = document.createElement("button");
    element.type = "button";
    element.dataset[action] = "";
    element.title = label;
    element.setAttribute("aria-label", label);
    element.textContent = mark;
    return element;
}

function onClick({ target }) {
    if ("previous" in target.dataset) show(index - 1);
    else if ("next" in target.dataset) show(index + 1);
    else if (target === dialog || "close" in target.dataset) dialog.close();
}

function onKeyDown(event) {
    if (event.key === "ArrowLeft") show(index - 1);
    else if (event.key === "ArrowRight") show(index + 1);
    else return;
    event.preventDefault();
}

function onClose() {
    dialog.querySelector("img").removeAttribute("src");
    if (pictures[index].isConnected) pictures[index].focus();
}
