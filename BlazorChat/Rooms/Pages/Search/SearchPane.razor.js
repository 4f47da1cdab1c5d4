// Keys among the results, and names for filters that are being typed.

/** Milliseconds without a key after which names are requested. */
const pause = 250;

/**
 * @typedef {{ name: string, text: string }} Suggestion
 * @param {HTMLElement} root
 * @param {{ invokeMethodAsync(method: "SuggestAsync", key: string, part: string): Promise<Suggestion[]> }} pane
 */
export function attach(root, pane) {
    const listeners = new AbortController();
    const { signal } = listeners;
    const box = /** @type {HTMLInputElement} */ (root.querySelector("input[type=search]"));
    const list = /** @type {HTMLDataListElement} */ (root.querySelector("[data-suggestions]"));
    let waiting = 0;
    let newest = 0;

    // Beside a room there is no space for results on a narrow screen.
    const page = root.closest("[data-search-page]")?.getAttribute("data-search-page");
    if (page && matchMedia("(max-width: 959px)").matches) location.replace(page);

    if (box.value === "" || !location.hash) box.focus();

    function onInput() {
        clearTimeout(waiting);
        newest++;
        const typed = /(^|\s)(from|in):([^\s"]*)$/i.exec(box.value);
        if (typed !== null) waiting = setTimeout(() => suggest(typed), pause);
    }

    /** @param {RegExpExecArray} typed */
    async function suggest([match, space, key, part]) {
        const mine = newest;
        const before = box.value.slice(0, box.value.length - match.length) + space;
        try {
            const names = await pane.invokeMethodAsync("SuggestAsync", key.toLowerCase(), part);
            if (mine !== newest || signal.aborted) return;
            list.replaceChildren(...names.map(({ name, text }) => {
                const option = document.createElement("option");
                option.value = `${before}${key}:${text} `;
                option.label = name;
                return option;
            }));
        } catch {
            // The connection is lost; names can be typed.
        }
    }

    const results = () => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (root.querySelectorAll("a[data-result]"))];

    /** @param {KeyboardEvent} event */
    function onKey(event) {
        if (event.key === "Escape" && !event.isComposing) {
            const close = /** @type {HTMLElement | null} */ (document.querySelector("[data-search-close]"));
            if (close !== null) close.click();
            return;
        }
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        const links = results();
        const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
        if (at < 0 && (document.activeElement !== box || list.children.length > 0)) return;
        const next = at + (event.key === "ArrowDown" ? 1 : -1);
        event.preventDefault();
        (next < 0 ? box : links[Math.min(next, links.length - 1)])?.focus();
    }

    /** @param {KeyboardEvent} event F3 opens the next result, with Shift the previous one. */
    function onPageKey(event) {
        if (event.key !== "F3" || event.ctrlKey || event.altKey || event.metaKey) return;
        const links = results();
        if (links.length === 0) return;
        event.preventDefault();
        const at = links.findIndex(link => link.hasAttribute("aria-current"));
        const next = at + (event.shiftKey ? -1 : 1);
        const link = links[Math.max(0, Math.min(next, links.length - 1))];
        link.scrollIntoView({ block: "nearest" });
        link.click();
    }

    /** @param {MouseEvent} event */
    function onClick(event) {
        const link = /** @type {Element} */ (event.target).closest("a[data-result]");
        if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        for (const other of results()) other.toggleAttribute("aria-current", other === link);
        const to = new URL(link.href);
        if (to.pathname !== location.pathname || to.search !== location.search) return;
        // The list of messages scrolls to the target of the address.
        event.preventDefault();
        event.stopPropagation();
        if (to.hash === location.hash) dispatchEvent(new HashChangeEvent("hashchange"));
        else location.hash = to.hash;
    }

    box.addEventListener("input", onInput, { signal });
    root.addEventListener("keydown", onKey, { signal });
    root.addEventListener("click", onClick, { signal });
    addEventListener("keydown", onPageKey, { signal });

    return {
        detach() {
            clearTimeout(waiting);
            listeners.abort();
        },
    };
}
