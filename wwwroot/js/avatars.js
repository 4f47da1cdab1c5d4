// A picture that is gone leaves the initial that it lies over.

// What failed may still have the size of the one before it.
const note = (image, hasFailed) => image.toggleAttribute("data-gone", hasFailed || image.naturalWidth === 0);

for (const type of ["load", "error"]) {
    document.addEventListener(type, event => {
        if (event.target.matches?.("img[data-avatar]")) note(event.target, type === "error");
    }, true);
}

// What failed before this script was there.
for (const image of document.querySelectorAll("img[data-avatar]")) {
    if (image.complete && image.currentSrc !== "") note(image, false);
}
