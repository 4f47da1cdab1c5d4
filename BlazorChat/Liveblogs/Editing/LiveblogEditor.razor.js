// The editor on the reader's page. What is typed lives in the browser and is kept in its storage until the server has it; the server is
// asked once per command, and once per pause in typing for the preview.

import { connection } from "../../js/connection.js";
import { newId } from "../../js/ids.js";
import { PostFiles } from "../../js/post-files.js";
import { forget, load, store } from "../../js/storage.js";
import { PostCommands, whoChange } from "./PostCommands.razor.js";
import { PostForm } from "./PostForm.razor.js";

const gone = "The connection is gone. Your text is kept here; try again when it is back.";
const uploading = "A file is not uploaded yet. Wait until it is there, or cancel it.";
const refused = "A file can't be uploaded. Cancel it first.";

export function attach(root, desk, place, liveblogId, maxLength) {
    const form = new PostForm(root, render, maxLength);
    const listeners = new AbortController();
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal: listeners.signal });
    const files = new PostFiles(form.find("form"), liveblogId, listeners.signal);
    const newKey = `post/${place}`;
    // Which post this tab was changing when its page was loaded again.
    const tabKey = `post-open/${place}`;
    const reopened = Number(load(tabKey, sessionStorage));

    // What the form holds: a post to be, by its draft's id, with the draft as the server has it when it was opened from there, or one that
    // is changed, by its number and version.
    let open = { draftId: newId() };
    let editors = [];
    let busy = false;

    const isEdit = () => open.postId !== undefined;
    const holds = text => text != null && sameText(form.read(), text);
    const key = () => isEdit() ? `post-edit/${place}/${open.postId}` : newKey;

    function keep() {
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
        form.showOthers(whoChange(editors, open.postId));
    }

    function begin() {
        const kept = loadText(newKey);
        open = { draftId: kept?.draftId ?? newId(), draft: kept?.draft, scheduledFor: kept?.scheduledFor };
        form.when.value = kept?.when ?? "";
        form.fill(kept ?? { title: "", markdown: "", isKeyEvent: false });
        show();
    }

    // Asks the server for one thing at a time; null when it was not done.
    async function ask(method, ...args) {
        if (busy) return null;
        if (connection.isGone) {
            form.say(gone);
            return null;
        }
        busy = true;
        root.setAttribute("aria-busy", "true");
        const waiting = setTimeout(() => form.say("", "The server has not answered yet…"), 1_000);
        try {
            return await desk.invokeMethodAsync(method, ...args);
        } catch {
            form.say(gone);
            return null;
        } finally {
            busy = false;
            root.removeAttribute("aria-busy");
            clearTimeout(waiting);
        }
    }

    // True when it is done.
    async function command(method, ...args) {
        const answer = await ask(method, ...args);
        if (answer === null) return false;
        if (answer.reason !== null) form.say(answer.reason);
        if (answer.newest) await showTheirs(answer.newest);
        return answer.reason === null;
    }

    // What was published already, from here or by another tab, is from now on what the form changes.
    async function showTheirs(newest) {
        if (!isEdit()) forget(newKey);
        open = { postId: newest.id, version: newest.version };
        keep();
        show();
        form.say(`${form.reason} Your text is still here: saving it again replaces what is there now.`);
        await form.showTheirs(newest.text.markdown);
    }

    function isUploading() {
        if (files.isBusy) form.say(files.isRefused ? refused : uploading);
        return files.isBusy;
    }

    async function publish() {
        if (isUploading() || form.isTooLong()) return;
        if (isEdit()) {
            if (!await command("EditAsync", open.postId, open.version, form.read())) return;
            forget(key());
            await close();
            form.say("", "Saved.");
        } else {
            if (!await command("PublishAsync", open.draftId, form.read())) return;
            forget(newKey);
            begin();
            form.say("", "Published.");
        }
        form.text.focus();
    }

    async function saveDraft(scheduledFor) {
        if (isUploading() || form.isTooLong()) return false;
        if (!await command("SaveDraftAsync", open.draftId, form.read(), scheduledFor)) return false;
        forget(newKey);
        begin();
        form.say("", scheduledFor === null ? "Saved as a draft." : "It will be published by itself.");
        return true;
    }

    async function schedule() {
        const at = new Date(form.when.value);
        if (Number.isNaN(at.getTime())) {
            form.say("Say when to publish it.");
            form.when.focus();
            return;
        }
        await saveDraft(at.toISOString());
    }

    // What is in the form is not lost to what is opened instead: a post to be is saved as a draft, with the time that it has, and a change
    // is kept for its post.
    async function makeRoom() {
        keep();
        if (isUploading()) return false;
        if (isEdit() || form.isEmpty) return true;
        if (!holds(open.draft)) return await saveDraft(open.scheduledFor ?? null);
        forget(newKey);
        return true;
    }

    async function edit(postId) {
        if (!await makeRoom()) return;
        const opened = await ask("OpenAsync", postId);
        if (opened === null) return;
        open = { postId, version: opened.version };
        const kept = loadText(key());
        // What was begun on an older version is compared with that version, so that nobody's change is overwritten unseen.
        if (kept?.postId === postId) open.version = kept.version;
        form.fill(kept?.postId === postId ? kept : opened.text);
        show();
        root.scrollIntoView({ block: "start" });
        form.text.focus();
    }

    async function openDraft(draftId, draft, scheduledFor) {
        if (draftId !== open.draftId) {
            if (!await makeRoom()) return;
        } else if (!form.isEmpty && !holds(open.draft) && !holds(draft)) {
            form.say("", "This draft is open already, with changes that are not saved yet.");
            form.text.focus();
            return;
        }
        if (isEdit()) await close();
        const at = scheduledFor === null ? null : new Date(`${scheduledFor.replace(/Z?$/, "Z")}`);
        open = { draftId, draft, scheduledFor: at?.toISOString() };
        form.fill(draft);
        form.when.value = at === null ? "" : localValue(at);
        show();
        keep();
        form.text.focus();
    }

    async function close() {
        await ask("CloseAsync");
        begin();
    }

    async function cancel() {
        files.clear();
        forget(key());
        await close();
    }

    async function render(markdown) {
        if (connection.isGone) return "";
        try {
            return await desk.invokeMethodAsync("PreviewAsync", markdown);
        } catch {
            return "";
        }
    }

    function onInput() {
        keep();
        form.typed();
    }

    const commands = new PostCommands(document.querySelector("[data-liveblog]"), root, {
        edit,
        ask,
        deleted: async postId => { if (open.postId === postId) await cancel(); },
    }, listeners.signal);
    for (const field of [form.title, form.text]) on(field, "input", onInput);
    on(form.keyEvent, "change", onInput);
    // The second click of a double click means the same post.
    on(form.find("publish"), "click", event => { if (event.detail < 2) publish(); });
    on(form.find("save"), "click", () => saveDraft(null));
    on(form.find("schedule"), "click", schedule);
    on(form.find("cancel"), "click", cancel);
    on(form.find("form"), "keydown", event => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) return;
        event.preventDefault();
        publish();
    });
    begin();
    if (reopened > 0) edit(reopened);
    root.dataset.ready = "";

    return {
        openDraft,
        // What its files look like has changed.
        showPreview: () => form.showPreview(),
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

function localValue(date) {
    const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
    return local.toISOString().slice(0, 16);
}

function sameText(a, b) {
    return a.title === b.title && a.markdown === b.markdown && a.isKeyEvent === b.isKeyEvent;
}

function loadText(key) {
    const value = load(key);
    return typeof value?.title === "string" && typeof value.markdown === "string" ? value : null;
}
