// Records a voice message: with its time and level, and then to listen to before it is sent. It is uploaded and sent like any file; what it
// sounds like is beside its name, so that readers see it before they load it.

import { beginUpload } from "../files/uploads.js";
import { text } from "../shared/texts.js";

/**
 * @typedef {object} Actions
 * @property {import("../files/uploads.js").Target} target Where it is uploaded.
 * @property {(file: import("../files/uploads.js").UploadFile) => void} send
 * @property {(reason: string) => void} fail
 * @property {() => void} ended Is called when the panel is closed.
 */

// Milliseconds.
const longest = 300_000;
const sampling = 50;

const bars = 64;

const types = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

let isRecording = false;

/**
 * @param {HTMLElement} panel
 * @param {Actions} actions
 * @param {AbortSignal} signal Ends the recording with the page.
 */
export async function record(panel, actions, signal) {
    if (isRecording) return;
    isRecording = true;
    /** @type {MediaStream | null} */
    let stream = null;
    try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        const recording = signal.aborted ? null : await capture(panel, stream, signal);
        release(stream);
        // It was stopped before there was any sound.
        if (recording?.blob.size === 0) throw new Error("empty");
        if (recording !== null && await confirm(panel, recording.blob, signal)) {
            const type = recording.blob.type.split(";")[0];
            const file = new File([recording.blob], nameOf(type), { type });
            const { id, name, size, voice } = beginUpload(actions.target, file, markOf(recording));
            actions.send({ id, name, size, voice });
        }
    } catch (error) {
        const isRefused = error instanceof DOMException && error.name === "NotAllowedError";
        actions.fail(text(isRefused ? "MicrophoneRefused" : "RecordingFailed"));
    } finally {
        if (stream !== null) release(stream);
        isRecording = false;
        panel.hidden = true;
        panel.replaceChildren();
        if (!signal.aborted) actions.ended();
    }
}

/** @param {MediaStream} stream */
function release(stream) {
    for (const track of stream.getTracks()) track.stop();
}

/**
 * Records until it is stopped, or as long as a message may be.
 * @param {HTMLElement} panel
 * @param {MediaStream} stream
 * @param {AbortSignal} signal
 * @returns {Promise<{ blob: Blob, duration: number, levels: number[] } | null>} The duration is in milliseconds; null when it was cancelled.
 */
async function capture(panel, stream, signal) {
    const recorder = new MediaRecorder(stream, { mimeType: types.find(type => MediaRecorder.isTypeSupported(type)) });
    /** @type {Blob[]} */
    const parts = [];
    /** @type {number[]} */
    const levels = [];
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const clock = element("span", "voice-clock", "0:00");
    const level = element("span", "voice-level", "");
    const state = element("span", "voice-state", text("RecordingVoice"));
    state.setAttribute("role", "status");
    let isCancelled = false;
    const began = performance.now();
    const stopped = new Promise((resolve, reject) => {
        recorder.addEventListener("dataavailable", event => parts.push(event.data));
        recorder.addEventListener("stop", resolve);
        recorder.addEventListener("error", reject);
    });
    const stop = () => { if (recorder.state !== "inactive") recorder.stop(); };
    const cancel = () => {
        isCancelled = true;
        stop();
    };
    const stopButton = button(text("Stop"), stop);
    panel.replaceChildren(state, clock, level, button(text("Cancel"), cancel), stopButton);
    panel.hidden = false;
    panel.onkeydown = event => {
        if (event.key === "Escape") cancel();
    };
    signal.addEventListener("abort", cancel);
    recorder.start(1000);
    stopButton.focus();
    const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const loudness = Math.min(1, 4 * Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length));
        levels.push(loudness);
        level.style.setProperty("--level", `${loudness}`);
        clock.textContent = clockOf(performance.now() - began);
        if (performance.now() - began >= longest) stop();
    }, sampling);
    let duration = 0;
    try {
        await stopped;
        duration = Math.max(1, Math.round(performance.now() - began));
    } finally {
        clearInterval(timer);
        panel.onkeydown = null;
        signal.removeEventListener("abort", cancel);
        audio.close();
    }
    return isCancelled ? null : { blob: new Blob(parts, { type: recorder.mimeType }), duration, levels };
}

/**
 * Plays it before it is sent.
 * @param {HTMLElement} panel
 * @param {Blob} blob
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} Whether it is sent.
 */
function confirm(panel, blob, signal) {
    const address = URL.createObjectURL(blob);
    const audio = document.createElement("audio");
    audio.controls = true;
    audio.src = address;
    audio.setAttribute("aria-label", text("VoiceRecorded"));
    return /** @type {Promise<boolean>} */ (new Promise(resolve => {
        const send = button(text("Send"), () => resolve(true));
        panel.replaceChildren(audio, button(text("Discard"), () => resolve(false)), send);
        panel.onkeydown = event => {
            if (event.key === "Escape") resolve(false);
        };
        signal.addEventListener("abort", () => resolve(false));
        send.focus();
    })).finally(() => {
        panel.onkeydown = null;
        audio.pause();
        URL.revokeObjectURL(address);
    });
}

/**
 * As the server stores it: milliseconds, and two hexadecimal digits for each bar.
 * @param {{ duration: number, levels: number[] }} recording
 */
function markOf({ duration, levels }) {
    const count = Math.max(1, Math.min(bars, levels.length));
    const loudest = Array.from({ length: count }, (_, index) => {
        const part = levels.slice(Math.floor(index * levels.length / count), Math.floor((index + 1) * levels.length / count));
        return Math.max(0, ...part);
    });
    return `${duration}-${loudest.map(loudness => Math.round(255 * loudness).toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} type */
function nameOf(type) {
    const now = new Date();
    const part = (/** @type {number} */ number) => `${number}`.padStart(2, "0");
    const day = `${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}`;
    return `voice-${day}-${part(now.getHours())}${part(now.getMinutes())}${part(now.getSeconds())}.${type === "audio/mp4" ? "m4a" : type.split("/")[1]}`;
}

/** @param {number} milliseconds */
function clockOf(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} words
 */
function element(name, className, words) {
    const created = document.createElement(name);
    created.className = className;
    created.textContent = words;
    return created;
}

/**
 * @param {string} label
 * @param {() => void} click
 */
function button(label, click) {
    const created = document.createElement("button");
    created.type = "button";
    created.className = "button";
    created.textContent = label;
    created.addEventListener("click", click);
    return created;
}
