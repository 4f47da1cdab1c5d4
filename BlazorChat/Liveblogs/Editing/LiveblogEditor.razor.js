// The editor on the reader's page. The browser stores the text until the server has saved it. The server is called once for each command, and
// for a preview after each pause in typing.

import { connection } from "../../js/connection.js";
import { newId } from "../../js/ids.js";
import { PostFiles } from "../../js/post-files.js";
import { forget, load, store } from "../../js/storage.js";
import { editingNote, PostCommands } from "./PostCommands.razor.js";
import { PostForm } from "./PostForm.razor.js";

export function attach(root, desk, place, liveblogId, maxLength) {
    const form = new PostForm(root, render, maxLength);
    const { message } = form;
    const listeners = new AbortController();
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal: listeners.signal });
    const files = new PostFiles(form.find("form"), liveblogId, listeners.signal);
    const newKey = `post/${place}`;
    // The post that this tab had open before its page was loaded again.
    const tabKey = `post-open/${place}`;
    const reopened = Number(load(tabKey, sessionStorage));

    // The content of the form: a new post with the id of its draft, and the saved draft if it was opened from one; or a published post with its
    // id and the version that was opened.
    let open = { draftId: newId() };
    let editors = [];
    let busy = false;

    const isEdit = () => open.postId !== undefined;
    const holds = text => text != null && sameText(form.read(), text);
    const key = () => isEdit() ? `post-edit/${place}/${open.postId}` : newKey;

    function storeForm() {
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
        form.showOthers(editingNote(editors, open.postId, message));
    }

    function begin() {
        const stored = loadText(newKey);
        open = { draftId: stored?.draftId ?? newId(), draft: stored?.draft, scheduledFor: stored?.scheduledFor };
        form.when.value = stored?.when ?? "";
        form.fill(stored ?? { title: "", markdown: "", isKeyEvent: false });
        show();
    }

    // Calls the server, one call at a time; null when the call was not made or failed.
    async function ask(method, ...args) {
        if (busy) return null;
        if (connection.isGone) {
            form.showError(message("connection-lost"));
            return null;
        }
        busy = true;
        root.setAttribute("aria-busy", "true");
        const waiting = setTimeout(() => form.showStatus(message("waiting")), 1_000);
        try {
            return await desk.invokeMethodAsync(method, ...args);
        } catch {
            form.showError(message("connection-lost"));
            return null;
        } finally {
            busy = false;
            root.removeAttribute("aria-busy");
            clearTimeout(waiting);
        }
    }

    // True when the command was carried out.
    async function command(method, ...args) {
        const answer = await ask(method, ...args);
        if (answer === null) return false;
        if (answer.reason !== null) form.showError(answer.reason);
        if (answer.newest) await showTheirs(answer.newest);
        return answer.reason === null;
    }

    // The form now edits the published post, which this tab or another one published before, or another editor changed.
    async function showTheirs(newest) {
        if (!isEdit()) forget(newKey);
        open = { postId: newest.id, version: newest.version };
        storeForm();
        show();
        form.showError(message("conflict", form.error));
        await form.showTheirs(newest.text.markdown);
    }

    function isUploading() {
        if (files.isBusy) form.showError(message(files.isRefused ? "file-refused" : "file-uploading"));
        return files.isBusy;
    }

    async function publish() {
        if (isUploading() || form.isTooLong()) return;
        if (isEdit()) {
            if (!await command("EditAsync", open.postId, open.version, form.read())) return;
            forget(key());
            await close();
            form.showStatus(message("saved"));
        } else {
            if (!await command("PublishAsync", open.draftId, form.read())) return;
            forget(newKey);
            begin();
            form.showStatus(message("published"));
        }
        form.text.focus();
    }

    async function saveDraft(scheduledFor) {
        if (isUploading() || form.isTooLong()) return false;
        if (!await command("SaveDraftAsync", open.draftId, form.read(), scheduledFor)) return false;
        forget(newKey);
        begin();
        form.showStatus(message(scheduledFor === null ? "draft-saved" : "scheduled"));
        return true;
    }

    async function schedule() {
        const at = new Date(form.when.value);
        if (Number.isNaN(at.getTime())) {
            form.showError(message("time-required"));
            form.when.focus();
            return;
        }
        await saveDraft(at.toISOString());
    }

    // Saves the content of the form before it is replaced: a new post as a draft, with its scheduled time, and a change in the browser.
    async function saveForm() {
        storeForm();
        if (isUploading()) return false;
        if (isEdit() || form.isEmpty) return true;
        if (!holds(open.draft)) return await saveDraft(open.scheduledFor ?? null);
        forget(newKey);
        return true;
    }

    async function edit(postId) {
        if (!await saveForm()) return;
        const opened = await ask("OpenAsync", postId);
        if (opened === null) return;
        open = { postId, version: opened.version };
        const stored = loadText(key());
        const isStored = stored?.postId === postId;
        // A stored change is saved against the version that it began with, so that it does not overwrite a newer one unseen.
        if (isStored) open.version = stored.version;
        form.fill(isStored ? stored : opened.text);
        show();
        root.scrollIntoView({ block: "start" });
        form.text.focus();
    }

    async function openDraft(draftId, draft, scheduledFor) {
        if (draftId !== open.draftId) {
            if (!await saveForm()) return;
        } else if (!form.isEmpty && !holds(open.draft) && !holds(draft)) {
            form.showStatus(message("draft-open"));
            form.text.focus();
            return;
        }
        if (isEdit()) await close();
        const at = scheduledFor === null ? null : new Date(`${scheduledFor.replace(/Z?$/, "Z")}`);
        open = { draftId, draft, scheduledFor: at?.toISOString() };
        form.fill(draft);
        form.when.value = at === null ? "" : localValue(at);
        show();
        storeForm();
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
        storeForm();
        form.onInput();
    }

    const commands = new PostCommands(document.querySelector("[data-liveblog]"), root, {
        edit,
        ask,
        deleted: async postId => { if (open.postId === postId) await cancel(); },
        message,
    }, listeners.signal);
    for (const field of [form.title, form.text]) on(field, "input", onInput);
    on(form.keyEvent, "change", onInput);
    // The second click of a double click is ignored.
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
        // Called when the thumbnails of files are ready.
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
