// Plays voice messages, one at a time: elements with data-voice. Their bars are a slider: a click and the arrow keys go to a position.

import { closest } from "../shared/dom.js";

const speeds = [1, 1.5, 2];

// Seconds.
const step = 5;

/** @type {HTMLAudioElement | null} */
let playing = null;

/** @type {WeakSet<HTMLAudioElement>} */
const known = new WeakSet();

/** @param {MouseEvent} event */
export function onClick(event) {
    const voice = closest(event, "[data-voice]");
    if (voice === null) return;
    const position = closest(event, "[data-voice-position]");
    if (closest(event, "[data-voice-play]") !== null) toggle(voice);
    else if (closest(event, "[data-voice-speed]") !== null) changeSpeed(voice);
    else if (position !== null) {
        const { left, width } = position.getBoundingClientRect();
        go(voice, durationOf(voice) * (event.clientX - left) / width);
    }
}

/** @param {KeyboardEvent} event On the slider. */
export function onKey(event) {
    const voice = closest(event, "[data-voice]");
    if (voice === null) return;
    const { currentTime } = audioOf(voice);
    if (event.key === " " || event.key === "Enter") toggle(voice);
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") go(voice, currentTime + step);
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") go(voice, currentTime - step);
    else if (event.key === "Home") go(voice, 0);
    else if (event.key === "End") go(voice, durationOf(voice));
}

/** @param {HTMLElement} voice */
function toggle(voice) {
    const audio = audioOf(voice);
    if (!audio.paused) {
        audio.pause();
        return;
    }
    playing?.pause();
    playing = audio;
    if (audio.ended) audio.currentTime = 0;
    audio.play().catch(() => {
        // The file is gone, or this browser can't play it.
        show(voice);
    });
}

/** @param {HTMLElement} voice */
function changeSpeed(voice) {
    const audio = audioOf(voice);
    const speed = speeds[(speeds.indexOf(audio.playbackRate) + 1) % speeds.length];
    audio.playbackRate = speed;
    voice.querySelector("[data-voice-rate]").textContent = `${speed}×`;
}

/**
 * @param {HTMLElement} voice
 * @param {number} seconds
 */
function go(voice, seconds) {
    const audio = audioOf(voice);
    const at = Math.max(0, Math.min(seconds, durationOf(voice)));
    if (audio.readyState > 0) {
        audio.currentTime = at;
        return;
    }
    // Before it is loaded it has no positions.
    audio.addEventListener("loadedmetadata", () => { audio.currentTime = at; }, { once: true });
    audio.load();
}

/** @param {HTMLElement} voice */
function audioOf(voice) {
    const audio = /** @type {HTMLAudioElement} */ (voice.querySelector("audio"));
    if (!known.has(audio)) {
        known.add(audio);
        for (const type of ["play", "pause", "ended", "timeupdate", "seeked", "error"]) audio.addEventListener(type, () => show(voice));
    }
    return audio;
}

// A recording of a browser does not say how long it is.
/** @param {HTMLElement} voice */
const durationOf = voice => Number(voice.dataset.duration);

/** @param {HTMLElement} voice */
function show(voice) {
    const audio = /** @type {HTMLAudioElement} */ (voice.querySelector("audio"));
    const duration = durationOf(voice);
    const at = audio.ended ? 0 : Math.min(audio.currentTime, duration);
    const seconds = Math.floor(at === 0 ? Math.round(duration) : at);
    const clock = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
    const slider = voice.querySelector("[data-voice-position]");
    voice.style.setProperty("--played", `${100 * at / duration}%`);
    voice.querySelector("[data-voice-time]").textContent = clock;
    voice.querySelector("[data-voice-play]").setAttribute("aria-pressed", String(!audio.paused && !audio.ended));
    slider.setAttribute("aria-valuenow", `${Math.floor(at)}`);
    slider.setAttribute("aria-valuetext", at === 0 ? "0:00" : clock);
}
