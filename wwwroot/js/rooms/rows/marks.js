// What the reader pins and saves. It waits in an outbox of the browser, so that what is done without a connection arrives.

import { connection } from "../../circuit/connection.js";
import { text } from "../../shared/texts.js";
import { ChoiceOutbox } from "../choice-outbox.js";

export class Marks {
    #show;
    /** @type {ChoiceOutbox<boolean>} */
    #pins;
    /** @type {ChoiceOutbox<boolean>} */
    #saved;

    /**
     * @param {HTMLElement} inside
     * @param {HTMLElement} toolbar
     * @param {DotNetObject} list
     * @param {(words: string) => void} show
     */
    constructor(inside, toolbar, list, show) {
        const place = `${toolbar.dataset.me}/${inside.dataset.room}`;
        this.#show = show;
        this.#pins = new ChoiceOutbox(`pin/${place}`, {
            names: /^-?\d+$/,
            isValue: /** @returns {value is boolean} */ value => typeof value === "boolean",
            send: (key, isSet) => list.invokeMethodAsync("PinAsync", Number(key), isSet),
            settled: (_, answer, isSet) => show(answer.reason ?? (isSet ? text("Pinned") : text("Unpinned"))),
            ended: ignore,
        });
        this.#saved = new ChoiceOutbox(`save/${place}`, {
            names: /^-?\d+$/,
            isValue: /** @returns {value is boolean} */ value => value === true,
            send: key => list.invokeMethodAsync("SaveAsync", Number(key)),
            settled: (_, answer) => show(answer.reason ?? text("Saved")),
            ended: ignore,
        });
    }

    stop() {
        this.#pins.stop();
        this.#saved.stop();
    }

    /**
     * @param {HTMLElement} row
     * @param {boolean} isSet
     */
    pin(row, isSet) {
        this.#put(this.#pins, row, isSet);
    }

    /** @param {HTMLElement} row */
    save(row) {
        this.#put(this.#saved, row, true);
    }

    /**
     * @param {ChoiceOutbox<boolean>} outbox
     * @param {HTMLElement} row
     * @param {boolean} value
     */
    #put(outbox, row, value) {
        if (!outbox.put(keyOf(row), value)) this.#show(text("ConnectionLost"));
        else if (connection.isLost) this.#show(text("WaitsForConnection"));
    }
}

function ignore() {
    // The row shows it.
}

/** @param {HTMLElement} row */
function keyOf(row) {
    return row.dataset.key ?? row.dataset.sequence ?? "";
}
