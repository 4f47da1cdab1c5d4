// The requests by which SignalR opens the connection of a circuit. Blazor gives up when the first one is refused, so a busy server would
// leave a page on which nothing works. This client repeats the request after the server's Retry-After, and the page shows a notice.

const notice = document.getElementById("components-reconnect-modal");

export const client = { send, getCookieString: () => "" };

/** @typedef {{ method: string, url: string, content?: any, headers?: Record<string, string>, abortSignal?: any, responseType?: string }} HubRequest */

/** @param {HubRequest} request */
async function send(request) {
    for (;;) {
        const response = await fetchOnce(request);
        const wait = isNegotiation(request) && !response.ok ? Number(response.headers.get("Retry-After")) : 0;
        notice?.toggleAttribute("data-refused", wait > 0);
        if (wait > 0) {
            await new Promise(resolve => setTimeout(resolve, wait * 1000 * (1 + Math.random() / 2)));
            continue;
        }
        if (!response.ok && request.method === "POST" && !isNegotiation(request)) throw new Error(response.statusText);
        const content = request.responseType === "arraybuffer" ? await response.arrayBuffer() : await response.text();
        return { statusCode: response.status, statusText: response.statusText, content };
    }
}

/** @param {HubRequest} request */
function fetchOnce({ method, url, content, headers, abortSignal }) {
    const aborted = new AbortController();
    if (abortSignal) abortSignal.onabort = () => aborted.abort();
    return fetch(url, {
        method,
        headers: { "X-Requested-With": "XMLHttpRequest", ...headers },
        body: content || undefined,
        cache: "no-store",
        signal: aborted.signal,
    });
}

/** @param {HubRequest} request */
function isNegotiation({ url }) {
    return new URL(url, document.baseURI).pathname.endsWith("/negotiate");
}
