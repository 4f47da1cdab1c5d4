// Comes back after a lost connection, whatever it takes: the same circuit, a resumed one, or the page anew.
// Drafts and unsent messages are in the browser's storage and the place is in the address, so a reload loses nothing.

const notice = document.getElementById("components-reconnect-modal");
const firstPause = 1_000;
const longestPause = 15_000;

let pause = firstPause;
let timer = 0;

notice.addEventListener("components-reconnect-state-changed", event => {
    clearTimeout(timer);
    switch (event.detail.state) {
        case "show":
            dispatchEvent(new Event("connection-gone"));
            break;
        case "hide":
            beBack();
            break;
        case "failed":
        case "resume-failed":
            tryLater();
            break;
        case "paused":
        case "rejected":
            resumeOrReload();
            break;
    }
});

document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && timer !== 0) comeBack();
});

function beBack() {
    pause = firstPause;
    dispatchEvent(new Event("connection-back"));
}

// Everybody who lost the same server must not return in the same instant.
function tryLater() {
    timer = setTimeout(comeBack, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, longestPause);
}

async function comeBack() {
    clearTimeout(timer);
    timer = 0;
    try {
        if (await Blazor.reconnect()) beBack();
        else await resumeOrReload();
    } catch {
        tryLater();
    }
}

async function resumeOrReload() {
    try {
        if (await Blazor.resumeCircuit()) {
            beBack();
            return;
        }
    } catch {
        // No server answers yet, or it does not know this circuit.
    }
    try {
        await fetch("/health/live", { cache: "no-store" });
        location.reload();
    } catch {
        tryLater();
    }
}
