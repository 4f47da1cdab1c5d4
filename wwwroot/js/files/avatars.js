// Hides a picture of a person that can't be loaded, so that the initial under it is visible.

/**
 * @param {HTMLImageElement} image It may still have the size of the previous picture after an error.
 * @param {boolean} hasFailed
 */
const mark = (image, hasFailed) => image.toggleAttribute("data-gone", hasFailed || image.naturalWidth === 0);

for (const type of ["load", "error"]) {
    document.addEventListener(type, ({ target }) => {
        if (target instanceof HTMLImageElement && "avatar" in target.dataset) mark(target, type === "error");
    }, true);
}

// Pictures that failed before this script was loaded.
for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll("img[data-avatar]"))) {
    if (image.complete && image.currentSrc !== "") mark(image, false);
}
