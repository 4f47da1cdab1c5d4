// Pauses before retries, in milliseconds. Each is about twice as long as the previous one, and random, so that the pages of a server that
// failed do not all return at the same moment.

export class Backoff {
    #first;
    #longest;
    #pause;

    /**
     * @param {number} first
     * @param {number} longest
     */
    constructor(first, longest) {
        this.#first = this.#pause = first;
        this.#longest = longest;
    }

    next() {
        const pause = this.#pause * (0.75 + Math.random() / 2);
        this.#pause = Math.min(this.#pause * 2, this.#longest);
        return pause;
    }

    reset() {
        this.#pause = this.#first;
    }
}
