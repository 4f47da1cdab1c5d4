// Whether the circuit can be called. A call while the page reconnects is never answered, because the new connection has no circuit yet.
export const connection = { isLost: false };

addEventListener("connection-lost", () => { connection.isLost = true; });
addEventListener("connection-restored", () => { connection.isLost = false; });

/**
 * The answer to a call. It throws when the connection is lost, or is lost before the answer arrives.
 * @template T
 * @param {() => Promise<T>} call
 * @returns {Promise<T>}
 */
export async function answered(call) {
    if (connection.isLost) throw new Error("connection-lost");
    const settled = new AbortController();
    /** @type {Promise<never>} */
    const unanswered = new Promise((_, reject) => {
        addEventListener("connection-lost", () => reject(new Error("connection-lost")), { signal: settled.signal });
    });
    try {
        return await Promise.race([call(), unanswered]);
    } finally {
        settled.abort();
    }
}
