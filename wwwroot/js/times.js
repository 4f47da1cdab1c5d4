// Writes every date and time of a page in the reader's language and zone: <time datetime="…" data-time="form">. It is loaded before the
// page's body and sees each element before it is shown, those that come later too.
(() => {
    // Four o'clock is 4:00 PM where a day has twice twelve hours, and 04:00 where it has 24.
    const { hourCycle } = new Intl.DateTimeFormat(navigator.languages, { hour: "numeric" }).resolvedOptions();
    const clock = { hour: hourCycle === "h23" || hourCycle === "h24" ? "2-digit" : "numeric", minute: "2-digit" };
    const date = { day: "numeric", month: "short" };
    const forms = {
        clock,
        date: { ...date, ...clock },
        dateOfYear: { ...date, year: "numeric", ...clock },
        moment: { dateStyle: "medium", timeStyle: "short" },
        second: { dateStyle: "medium", timeStyle: "medium" },
        full: { dateStyle: "full", timeStyle: "medium" },
        // A day is the same one everywhere.
        day: { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" },
    };
    const formats = new Map();
    const format = (form, at) => {
        let known = formats.get(form);
        if (known === undefined) formats.set(form, known = new Intl.DateTimeFormat(navigator.languages, forms[form]));
        return known.format(at);
    };

    // Today's by the clock, others with their day.
    const short = at => {
        const now = new Date();
        if (at.toDateString() === now.toDateString()) return format("clock", at);
        return format(at.getFullYear() === now.getFullYear() ? "date" : "dateOfYear", at);
    };

    const write = time => {
        const at = new Date(time.dateTime);
        const form = time.dataset.time;
        if (Number.isNaN(at.getTime())) return;
        if (form === "edited") {
            time.title = `Edited ${format("full", at)}`;
            return;
        }
        time.textContent = form === "short" ? short(at) : format(form, at);
        if (form !== "day") time.title = format("full", at);
    };

    const writeAll = root => {
        if (root.matches?.("time[data-time]")) write(root);
        for (const time of root.querySelectorAll?.("time[data-time]") ?? []) write(time);
    };

    new MutationObserver(changes => {
        for (const { type, target, addedNodes } of changes) {
            if (type === "attributes") writeAll(target);
            else for (const node of addedNodes) writeAll(node);
        }
    }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] });
    writeAll(document);
})();
