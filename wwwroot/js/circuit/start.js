// Starts Blazor. The pauses before it reconnects are random, so that the pages of a node that failed do not all return at the same moment,
// and short, so that nobody waits long for a node that is back.

import { client } from "./circuit-requests.js";

const longestPause = 4_000;

/** @param {number} attempt */
function pauseBefore(attempt) {
    const pause = Math.min(500 * 2 ** attempt, longestPause);
    return pause * (0.4 + Math.random());
}

export function start() {
    Blazor.start({
        circuit: {
            configureSignalR: builder => builder.withUrl("_blazor", { httpClient: client }),
            // No package has any. Blazor would ask the server before it connects.
            initializers: { beforeStart: [], afterStarted: [] },
            reconnectionOptions: { maxRetries: 9, retryIntervalMilliseconds: pauseBefore },
        },
    });
}
