// Writes the dates and times of a page in the reader's language and time zone: <time datetime="…" data-time="form">. It is loaded before
// the body, so it writes each element before it is shown, those that are added later too.
(() => {
    // Four o'clock is 4:00 PM on a clock of twelve hours, and 04:00 on one of 24.
    const { hourCycle } = new Intl.DateTimeFormat(navigator.languages, { hour: "numeric" }).resolvedOptions();
    /** @type {Intl.DateTimeFormatOptions} */
    const clock = { hour: hourCycle === "h23" || hourCycle === "h24" ? "2-digit" : "numeric", minute: "2-digit" };
    /** @type {Intl.DateTimeFormatOptions} */
    const date = { day: "numeric", month: "short" };
    /** @type {Record<string, Intl.DateTimeFormatOptions>} */
    const forms = {
        clock,
        date: { ...date, ...clock },
        dateOfYear: { ...date, year: "numeric", ...clock },
        moment: { dateStyle: "medium", timeStyle: "short" },
        second: { dateStyle: "medium", timeStyle: "medium" },
        full: { dateStyle: "full", timeStyle: "medium" },
        // The date of a day is the same in all time zones.
        day: { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" },
    };
    /** @type {Map<string, Intl.DateTimeFormat>} */
    const formats = new Map();

    /**
     * @param {string} form
     * @param {Date} at
     */
    const format = (form, at) => {
        const known = formats.get(form) ?? new Intl.DateTimeFormat(navigator.languages, forms[form]);
        formats.set(form, known);
        return known.format(at);
    };

    /** @param {Date} at Today's times have no date. */
    const short = at => {
        const now = new Date();
        if (at.toDateString() === now.toDateString()) return format("clock", at);
        return format(at.getFullYear() === now.getFullYear() ? "date" : "dateOfYear", at);
    };

    /** @param {HTMLTimeElement} time */
    const write = time => {
        const at = new Date(time.dateTime);
        const { time: form = "", zone } = time.dataset;
        if (Number.isNaN(at.getTime())) return;
        // The clock of somebody else.
        if (zone !== undefined) {
            try {
                time.textContent = new Intl.DateTimeFormat(navigator.languages, { weekday: "short", ...clock, timeZone: zone }).format(at);
            } catch {
                // This browser does not know the zone yet. The other times of the page are written all the same.
            }
            return;
        }
        // The server has written the word "edited".
        if (form !== "edited") time.textContent = form === "short" ? short(at) : format(form, at);
        if (form !== "day") time.title = format("full", at);
    };

    /** @param {Node} root */
    const writeAll = root => {
        if (root instanceof HTMLTimeElement && "time" in root.dataset) write(root);
        else if (root instanceof Element || root instanceof Document) for (const time of root.querySelectorAll("time[data-time]")) write(/** @type {HTMLTimeElement} */ (time));
    };

    new MutationObserver(changes => {
        for (const { type, target, addedNodes } of changes) {
            if (type === "attributes") writeAll(target);
            else for (const node of addedNodes) writeAll(node);
        }
    }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] });
    writeAll(document);
})();
