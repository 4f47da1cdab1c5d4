// Writes the dates and times of a page in its language and the reader's time zone: <time datetime="…" data-time="form">. It is loaded before
// the body, so it writes each element before it is shown, those that are added later too.
(() => {
    const lang = document.documentElement.lang || "en";
    // The varieties of the page's language that the browser names: times have the order and the words of the texts around them.
    const locales = [...navigator.languages.filter(name => name.split("-")[0] === lang), lang];
    // The clock is the one that the browser is set to. Four o'clock is 4:00 PM on a clock of twelve hours, and 04:00 on one of 24.
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
        // Of a day that is near: Friday, Jan 30, 3:00 PM.
        weekday: { weekday: "long", ...date, ...clock },
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
        const known = formats.get(form) ?? new Intl.DateTimeFormat(locales, { hourCycle, ...forms[form] });
        formats.set(form, known);
        return known.format(at);
    };

    /** @param {Date} at Today's times have no date. */
    const short = at => {
        const now = new Date();
        if (at.toDateString() === now.toDateString()) return format("clock", at);
        return format(at.getFullYear() === now.getFullYear() ? "date" : "dateOfYear", at);
    };

    /** @param {Date} at A date, as midnight in UTC. Today and yesterday have names. */
    const day = at => {
        const now = new Date();
        const days = (at.getTime() - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / 86_400_000;
        if (days !== 0 && days !== -1) return format("day", at);
        const name = new Intl.RelativeTimeFormat(locales, { numeric: "auto" }).format(days, "day");
        return name.charAt(0).toLocaleUpperCase(locales) + name.slice(1);
    };

    /** @param {HTMLTimeElement} time */
    const write = time => {
        const at = new Date(time.dateTime);
        const { time: form = "", zone } = time.dataset;
        if (Number.isNaN(at.getTime())) return;
        // The clock of somebody else.
        if (zone !== undefined) {
            try {
                time.textContent = new Intl.DateTimeFormat(locales, { weekday: "short", ...clock, hourCycle, timeZone: zone }).format(at);
            } catch {
                // This browser does not know the zone yet. The other times of the page are written all the same.
            }
            return;
        }
        // The server has written the words, such as "edited".
        if (form !== "edited") time.textContent = form === "short" ? short(at) : form === "day" ? day(at) : format(form, at);
        time.title = format(form === "day" ? "day" : "full", at);
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

    // What has no date, or the name of a day, is another one after midnight. A computer that sleeps is late.
    const renew = () => {
        const now = new Date();
        const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
        setTimeout(() => {
            writeAll(document);
            renew();
        }, midnight.getTime() - now.getTime() + 1000);
    };
    renew();
})();
