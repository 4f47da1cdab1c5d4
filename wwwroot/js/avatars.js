// A picture that is gone leaves the initial that it lies over.

const note = image => image.toggleAttribute("data-gone", image.naturalWidth === 0);

for (const type of ["load", "error"]) {
    document.addEventListener(type, event => {
        if (event.target.matches?.("img[data-avatar]")) note(event.target);
    }, true);
}

// What failed before this script was there.
for (const image of document.querySelectorAll("img[data-avatar]")) {
    if (image.complete && image.currentSrc !== "") note(image);
}
