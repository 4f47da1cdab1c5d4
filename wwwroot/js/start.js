// Starts Blazor. Everybody who lost the same node must not come back in the same instant, and nobody waits long for a node that is there again.

import { client } from "./circuit-requests.js";

const longestPause = 4_000;

function pauseBefore(attempt) {
    const pause = Math.min(500 * 2 ** attempt, longestPause);
    return pause * (0.4 + Math.random());
}

Blazor.start({
    circuit: {
        configureSignalR: builder => builder.withUrl("_blazor", { httpClient: client }),
        reconnectionOptions: { maxRetries: 9, retryIntervalMilliseconds: pauseBefore },
    },
});
