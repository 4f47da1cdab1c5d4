// A date and a time in a sentence of a script, in the page's language and the reader's time zone. Elements with a time are written by times.js.

import { locales } from "./texts.js";

const format = new Intl.DateTimeFormat(locales, { dateStyle: "medium", timeStyle: "short" });

/** @param {string} at As JSON has it. */
export const moment = at => format.format(new Date(at));
