// Starts Blazor. Everybody who lost the same node must not come back in the same instant.

const longestPause = 10_000;

function pauseBefore(attempt) {
    const pause = Math.min(500 * 2 ** attempt, longestPause);
    return pause * (0.4 + Math.random());
}

Blazor.start({
    circuit: {
        reconnectionOptions: { maxRetries: 6, retryIntervalMilliseconds: pauseBefore },
    },
});
