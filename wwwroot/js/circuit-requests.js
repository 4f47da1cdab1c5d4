// The requests by which SignalR opens a connection for a circuit. Blazor asks once and gives up when it is refused, so a server that has no
// room for the moment would leave a page on which nothing works: it is asked again when it says, and the page says what it waits for.

const notice = document.getElementById("components-reconnect-modal");

export const client = { send, getCookieString: () => "" };

async function send(request) {
    for (;;) {
        const response = await ask(request);
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

function ask({ method, url, content, headers, abortSignal }) {
    const ended = new AbortController();
    if (abortSignal) abortSignal.onabort = () => ended.abort();
    return fetch(url, {
        method,
        headers: { "X-Requested-With": "XMLHttpRequest", ...headers },
        body: content || undefined,
        cache: "no-store",
        signal: ended.signal,
    });
}

function isNegotiation({ url }) {
    return new URL(url, document.baseURI).pathname.endsWith("/negotiate");
}
