// The editor on the reader's page. Typed text is in the browser's storage until the server has it. Commands call the server, and so does the
// preview after each pause in typing.

import { Activity } from "../../js/circuit/activity.js";
import { answered, connection } from "../../js/circuit/connection.js";
import { newId } from "../../js/shared/ids.js";
import { PostFiles } from "../../js/liveblogs/post-files.js";
import { forget, load, store } from "../../js/shared/storage.js";
import { locales, text } from "../../js/shared/texts.js";
import { namesOfEditors, PostCommands } from "./PostCommands.razor.js";
import { PostForm } from "./PostForm.razor.js";

/** @typedef {import("./PostForm.razor.js").PostText} PostText */
/** @typedef {import("./PostCommands.razor.js").PostEditor} PostEditor */

/**
 * The content of the form: a new post, by the id of its draft, or a published one, by its number and version.
 * @typedef {{
 *     draftId?: string, draft?: PostText | null, scheduledFor?: string | null,
 *     postId?: number, version?: number,
 * }} OpenPost draft is the text that the server has.
 */
/** @typedef {OpenPost & PostText & { when: string }} StoredPost */

/** @type {Intl.DateTimeFormatOptions} */
const scheduleFormat = { dateStyle: "medium", timeStyle: "long" };

/**
 * @param {HTMLElement} root
 * @param {DotNetObject} desk
 * @param {string} owner
 * @param {number} liveblogId
 * @param {number} maxLength
 */
export function attach(root, desk, owner, liveblogId, maxLength) {
    const form = new PostForm(root, render, maxLength);
    const listeners = new AbortController();
    const { signal } = listeners;
    /**
     * @param {string} name
     * @param {(event: MouseEvent) => void} listener
     */
    const onClick = (name, listener) => form.find(name).addEventListener("click", listener, { signal });
    new Activity(() => desk.invokeMethodAsync("Touch").catch(() => {
        // The connection is lost, or the page is being left.
    }), signal);
    const files = new PostFiles(form.find("form"), liveblogId, signal);
    const newKey = `post/${owner}`;
    // The post that this tab was editing before a reload.
    const tabKey = `post-open/${owner}`;
    const reopened = Number(load(tabKey, sessionStorage));

    /** @type {OpenPost} */
    let open = { draftId: newId() };
    /** @type {PostEditor[]} */
    let editors = [];
    let isBusy = false;

    const isEdit = () => open.postId !== undefined;
    /** @param {PostText | null | undefined} post */
    const hasText = post => post != null && isSameText(form.read(), post);
    const key = () => isEdit() ? `post-edit/${owner}/${open.postId}` : newKey;

    function save() {
        if (form.isEmpty && !isEdit()) forget(key());
        else store(key(), { ...open, ...form.read(), when: form.when.value });
    }

    function show() {
        form.show(isEdit());
        if (isEdit()) store(tabKey, open.postId, sessionStorage);
        else forget(tabKey, sessionStorage);
        showOthers();
    }

    function showOthers() {
        form.showOthers(namesOfEditors(editors, open.postId));
    }

    function begin() {
        const stored = loadPost(newKey);
        open = { draftId: stored?.draftId ?? newId(), draft: stored?.draft, scheduledFor: stored?.scheduledFor };
        form.when.value = stored?.when ?? "";
        form.fill(stored ?? { title: "", markdown: "", isKeyEvent: false });
        show();
    }

    /**
     * Calls the server, one call at a time.
     * @param {string} method
     * @param {...any} args
     * @returns {Promise<any>} Null when the call was not made, or has failed.
     */
    async function call(method, ...args) {
        if (isBusy) return null;
        if (connection.isLost) {
            form.showResult(text("EditorOffline"));
            return null;
        }
        isBusy = true;
        root.ariaBusy = "true";
        const waiting = setTimeout(() => form.showResult("", text("WaitingForServer")), 1_000);
        try {
            return await answered(() => desk.invokeMethodAsync(method, ...args));
        } catch {
            form.showResult(text("EditorOffline"));
            return null;
        } finally {
            isBusy = false;
            root.ariaBusy = null;
            clearTimeout(waiting);
        }
    }

    /**
     * @param {string} method
     * @param {...any} args
     * @returns {Promise<boolean>} Whether the server has done it.
     */
    async function command(method, ...args) {
        const answer = await call(method, ...args);
        if (answer === null) return false;
        if (answer.reason !== null) form.showResult(answer.reason);
        if (answer.newest) await showTheirs(answer.newest);
        return answer.reason === null;
    }

    /** @param {{ id: number, version: number, text: PostText }} newest The published version, from here or from another tab; the form edits it now. */
    async function showTheirs(newest) {
        if (!isEdit()) forget(newKey);
        open = { postId: newest.id, version: newest.version };
        save();
        show();
        form.showResult(text("PostConflict", form.reason));
        await form.showTheirs(newest.text.markdown);
    }

    function isUploading() {
        if (files.isBusy) form.showResult(text(files.isRefused ? "PostFileRefused" : "PostFileUploading"));
        return files.isBusy;
    }

    async function publish() {
        if (isUploading() || form.isTooLong()) return;
        if (isEdit()) {
            if (!await command("EditAsync", open.postId, open.version, form.read())) return;
            forget(key());
            await close();
            form.showResult("", text("PostSaved"));
        } else {
            if (!await command("PublishAsync", open.draftId, form.read())) return;
            forget(newKey);
            begin();
            form.showResult("", text("PostPublished"));
        }
        form.text.focus();
    }

    /** @param {string | null} scheduledFor A time in UTC; null for no schedule. */
    async function saveDraft(scheduledFor) {
        if (isUploading() || form.isTooLong()) return false;
        if (!await command("SaveDraftAsync", open.draftId, form.read(), scheduledFor)) return false;
        forget(newKey);
        begin();
        form.showResult("", scheduledFor === null
            ? text("DraftSaved")
            : text("PostScheduled", new Date(scheduledFor).toLocaleString(locales, scheduleFormat)));
        return true;
    }

    async function schedule() {
        const at = new Date(form.when.value);
        if (Number.isNaN(at.getTime())) {
            form.showResult(text("ScheduleTimeMissing"));
            form.when.focus();
            return;
        }
        await saveDraft(at.toISOString());
    }

    // Saves the content of the form before another post is opened in it: a new post as a draft with its schedule, an edit in the browser.
    async function leave() {
        save();
        if (isUploading()) return false;
        if (isEdit() || form.isEmpty) return true;
        if (!hasText(open.draft)) return await saveDraft(open.scheduledFor ?? null);
        forget(newKey);
        return true;
    }

    /** @param {number} postId */
    async function edit(postId) {
        if (!await leave()) return;
        const opened = await call("OpenAsync", postId);
        if (opened === null) return;
        open = { postId, version: opened.version };
        const stored = loadPost(key());
        // A stored edit has the version that it began with, so that it can't overwrite the change of another editor unseen.
        if (stored?.postId === postId) open.version = stored.version;
        form.fill(stored?.postId === postId ? stored : opened.text);
        show();
        root.scrollIntoView({ block: "start" });
        form.text.focus();
    }

    /**
     * @param {string} draftId
     * @param {PostText} draft
     * @param {string | null} scheduledFor
     */
    async function openDraft(draftId, draft, scheduledFor) {
        if (draftId !== open.draftId) {
            if (!await leave()) return;
        } else if (!form.isEmpty && !hasText(open.draft) && !hasText(draft)) {
            form.showResult("", text("DraftOpen"));
            form.text.focus();
            return;
        }
        if (isEdit()) await close();
        const at = scheduledFor === null ? null : new Date(`${scheduledFor.replace(/Z?$/, "Z")}`);
        open = { draftId, draft, scheduledFor: at?.toISOString() };
        form.fill(draft);
        form.when.value = at === null ? "" : localValue(at);
        show();
        save();
        form.text.focus();
    }

    async function close() {
        await call("CloseAsync");
        begin();
    }

    async function cancel() {
        files.clear();
        forget(key());
        await close();
    }

    /** @param {string} markdown */
    async function render(markdown) {
        if (connection.isLost) return "";
        try {
            return await desk.invokeMethodAsync("PreviewAsync", markdown);
        } catch {
            return "";
        }
    }

    function onInput() {
        save();
        form.onInput();
    }

    const commands = new PostCommands(document.querySelector("[data-liveblog]"), root, {
        edit,
        call,
        deleted: async postId => { if (open.postId === postId) await cancel(); },
    }, signal);
    for (const field of [form.title, form.text]) field.addEventListener("input", onInput, { signal });
    form.keyEvent.addEventListener("change", onInput, { signal });
    // The second click of a double click is for the same post.
    onClick("publish", event => { if (event.detail < 2) publish(); });
    onClick("save", () => saveDraft(null));
    onClick("schedule", schedule);
    onClick("cancel", cancel);
    form.find("form").addEventListener("keydown", event => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) return;
        event.preventDefault();
        publish();
    }, { signal });
    begin();
    if (reopened > 0) edit(reopened);
    root.dataset.ready = "";

    return {
        openDraft,
        // Is called when a file of the text has changed.
        showPreview: () => form.showPreview(),
        /** @param {PostEditor[]} others */
        showEditors(others) {
            editors = others;
            showOthers();
            commands.showEditors(others);
        },
        detach() {
            form.detach();
            listeners.abort();
            commands.detach();
        },
    };
}

/**
 * The value of a field for a local date and time.
 * @param {Date} date
 */
function localValue(date) {
    const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
    return local.toISOString().slice(0, 16);
}

/**
 * @param {PostText} a
 * @param {PostText} b
 */
function isSameText(a, b) {
    return a.title === b.title && a.markdown === b.markdown && a.isKeyEvent === b.isKeyEvent;
}

/**
 * @param {string} key
 * @returns {StoredPost | null}
 */
function loadPost(key) {
    const value = load(key);
    return typeof value?.title === "string" && typeof value.markdown === "string" ? value : null;
}
