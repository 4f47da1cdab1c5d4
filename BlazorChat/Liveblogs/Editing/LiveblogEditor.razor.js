// The editor on the reader's page. What is typed lives in the browser and is kept in its storage until the server has it; the server is
// asked once per command, and once per pause in typing for the preview. Each post on the page gets its own row of commands.

import { connection } from "../../js/connection.js";
import { newId } from "../../js/ids.js";

const previewPause = 300;

const gone = "The connection is gone. Your text is kept here; try again when it is back.";

export function attach(root, desk, place, maxLength) {
    const page = document.querySelector("[data-liveblog]");
    const find = name => root.querySelector(`[data-${name}]`);
    const [title, text, keyEvent, when] = [find("title"), find("text"), find("key-event"), find("when")];
    const [error, done, preview] = [find("error"), find("done"), find("preview")];
    const dialog = find("delete-dialog");
    const listeners = new AbortController();
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal: listeners.signal });
    const newKey = `post/${place}`;
    // Which post this tab was changing when its page was loaded again.
    const tabKey = `post-open/${place}`;
    const reopened = Number(load(tabKey, sessionStorage));

    // What the form holds: a post to be, by its draft's id, or one that is changed, by its number and version.
    let open = { draftId: newId() };
    let editors = [];
    let previewing = 0;
    let busy = false;
    let acted = null;

    const isEdit = () => open.postId !== undefined;
    const key = () => isEdit() ? `post-edit/${place}/${open.postId}` : newKey;
    const read = () => ({ title: title.value, markdown: wellFormed(text.value), isKeyEvent: keyEvent.checked });
    const isEmpty = () => title.value.trim() === "" && text.value.trim() === "";

    function keep() {
        if (isEmpty() && !isEdit()) forget(key());
        else store(key(), { ...open, ...read(), when: when.value });
    }

    function fill({ title: headline, markdown, isKeyEvent }) {
        title.value = headline;
        text.value = markdown;
        keyEvent.checked = isKeyEvent;
        say("");
        find("theirs").hidden = true;
        grow();
        showPreview();
    }

    function show() {
        find("form-name").textContent = isEdit() ? "Change the post" : "New post";
        find("publish").textContent = isEdit() ? "Save" : "Publish";
        find("save").hidden = isEdit();
        find("schedule-place").hidden = isEdit();
        find("cancel").hidden = !isEdit();
        if (isEdit()) store(tabKey, open.postId, sessionStorage);
        else forget(tabKey, sessionStorage);
        showOthers();
    }

    function say(reason, good = "") {
        error.textContent = reason;
        done.textContent = good;
    }

    function begin() {
        const kept = loadText(newKey);
        open = { draftId: kept?.draftId ?? newId() };
        when.value = kept?.when ?? "";
        fill(kept ?? { title: "", markdown: "", isKeyEvent: false });
        show();
    }

    // Asks the server for one thing at a time; true when it is done.
    async function ask(method, ...args) {
        if (busy) return null;
        if (connection.isGone) {
            say(gone);
            return null;
        }
        busy = true;
        root.setAttribute("aria-busy", "true");
        const waiting = setTimeout(() => say("", "The server has not answered yet…"), 1_000);
        try {
            return await desk.invokeMethodAsync(method, ...args);
        } catch {
            say(gone);
            return null;
        } finally {
            busy = false;
            root.removeAttribute("aria-busy");
            clearTimeout(waiting);
        }
    }

    async function command(method, ...args) {
        const answer = await ask(method, ...args);
        if (answer === null) return false;
        if (answer.reason !== null) say(answer.reason);
        if (answer.newest) await showTheirs(answer.newest);
        return answer.reason === null;
    }

    // What was published already, from here or by another tab, is from now on what the form changes.
    async function showTheirs(newest) {
        if (!isEdit()) forget(newKey);
        open = { postId: newest.id, version: newest.version };
        keep();
        show();
        say(`${error.textContent} Your text is still here: saving it again replaces what is there now.`);
        find("theirs-text").innerHTML = await render(newest.text.markdown);
        find("theirs").hidden = false;
        find("theirs").open = true;
    }

    async function publish() {
        if (isTooLong()) return;
        if (isEdit()) {
            if (!await command("EditAsync", open.postId, open.version, read())) return;
            forget(key());
            await close();
            say("", "Saved.");
        } else {
            if (!await command("PublishAsync", open.draftId, read())) return;
            forget(newKey);
            begin();
            say("", "Published.");
        }
        text.focus();
    }

    async function saveDraft(scheduledFor) {
        if (isTooLong()) return false;
        if (!await command("SaveDraftAsync", open.draftId, read(), scheduledFor)) return false;
        forget(newKey);
        begin();
        say("", scheduledFor === null ? "Saved as a draft." : "It will be published by itself.");
        return true;
    }

    async function schedule() {
        if (when.value === "") {
            say("Say when to publish it.");
            when.focus();
            return;
        }
        await saveDraft(new Date(when.value).toISOString());
    }

    function isTooLong() {
        if (text.value.length <= maxLength) return false;
        say(`A post has at most ${maxLength.toLocaleString()} characters; this one has ${text.value.length.toLocaleString()}.`);
        return true;
    }

    // What is in the form is not lost to what is opened instead: a post to be is saved as a draft, a change is kept for its post.
    async function makeRoom() {
        keep();
        if (isEdit() || isEmpty()) return true;
        return await saveDraft(null);
    }

    async function edit(postId) {
        if (!await makeRoom()) return;
        const opened = await ask("OpenAsync", postId);
        if (opened === null) return;
        open = { postId, version: opened.version };
        const kept = loadText(key());
        // What was begun on an older version is compared with that version, so that nobody's change is overwritten unseen.
        if (kept?.postId === postId) open.version = kept.version;
        fill(kept?.postId === postId ? kept : opened.text);
        show();
        root.scrollIntoView({ block: "start" });
        text.focus();
    }

    async function reopen() {
        if (reopened > 0) await edit(reopened);
    }

    async function openDraft(draftId, draft, scheduledFor) {
        if (draftId !== open.draftId && !await makeRoom()) return;
        if (isEdit()) await close();
        open = { draftId };
        fill(draft);
        when.value = scheduledFor === null ? "" : localValue(new Date(`${scheduledFor.replace(/Z?$/, "Z")}`));
        show();
        keep();
        text.focus();
    }

    async function close() {
        await ask("CloseAsync");
        begin();
    }

    async function cancel() {
        forget(key());
        await close();
    }

    function onInput() {
        say("");
        keep();
        grow();
        clearTimeout(previewing);
        previewing = setTimeout(showPreview, previewPause);
    }

    // Twelve lines at most; then it scrolls.
    function grow() {
        text.style.height = "auto";
        text.style.height = `${Math.min(text.scrollHeight + 2, 320)}px`;
    }

    async function render(markdown) {
        if (connection.isGone) return "";
        try {
            return await desk.invokeMethodAsync("Preview", markdown);
        } catch {
            return "";
        }
    }

    async function showPreview() {
        const markdown = wellFormed(text.value);
        const html = markdown.trim() === "" || markdown.length > maxLength ? "" : await render(markdown);
        if (markdown !== wellFormed(text.value)) return;
        preview.innerHTML = html;
        find("preview-place").hidden = html === "";
    }

    function showOthers() {
        const names = editors.filter(other => other.postId === open.postId).map(other => other.name);
        const others = find("others");
        others.hidden = names.length === 0;
        others.textContent = names.length === 0 ? "" : `${names.join(", ")} ${names.length === 1 ? "is" : "are"} changing this post, too.`;
        for (const article of page.querySelectorAll("article[data-post]")) showEditing(article);
    }

    function showEditing(article) {
        const names = editors.filter(other => other.postId === Number(article.dataset.post)).map(other => other.name);
        const mark = article.querySelector("[data-editing]");
        if (mark === null) return;
        mark.textContent = names.length === 0 ? "" : `${names.join(", ")} ${names.length === 1 ? "is" : "are"} changing this post.`;
    }

    // Each post on the page, and each that comes, gets its commands.
    function decorate(article) {
        if (article.querySelector("[data-commands]")) return;
        const isPinned = "pinned" in article.dataset;
        const isKeyEvent = "keyEvent" in article.dataset;
        const commands = document.createElement("div");
        commands.className = "post-commands";
        commands.dataset.commands = "";
        commands.role = "group";
        commands.ariaLabel = `Commands for ${article.querySelector(".post-title")?.textContent ?? "this post"}`;
        for (const [action, label] of [
            ["edit", "Edit"],
            [isPinned ? "unpin" : "pin", isPinned ? "Unpin" : "Pin"],
            [isKeyEvent ? "unmark" : "mark", isKeyEvent ? "No key event" : "Key event"],
            ["history", "History"],
            ["delete", "Delete"],
        ]) {
            const button = document.createElement("button");
            button.type = "button";
            button.className = "post-command";
            button.dataset.action = action;
            button.textContent = label;
            commands.append(button);
        }
        const mark = document.createElement("span");
        mark.dataset.editing = "";
        commands.append(mark);
        article.append(commands);
        showEditing(article);
        // Who gave a command goes on from the same post, which came anew.
        if (acted?.postId === Number(article.dataset.post) && document.activeElement === document.body) {
            commands.children[acted.index].focus({ preventScroll: true });
            acted = null;
        }
    }

    async function onCommand(event) {
        const button = event.target.closest("[data-action]");
        if (button === null) return;
        const { action } = button.dataset;
        const postId = Number(button.closest("article[data-post]").dataset.post);
        if (action === "edit") await edit(postId);
        else if (action === "delete") confirmDelete(postId);
        else {
            acted = { postId, index: [...button.parentElement.children].indexOf(button) };
            await ask("ActAsync", action, postId);
            if (action === "history") showHistory();
        }
    }

    function showHistory() {
        const history = root.querySelector("[data-history]");
        history?.scrollIntoView({ block: "nearest" });
        history?.focus({ preventScroll: true });
    }

    function confirmDelete(postId) {
        dialog.dataset.post = postId;
        dialog.showModal();
    }

    async function remove() {
        const postId = Number(dialog.dataset.post);
        dialog.close();
        // The post goes with its commands; the next one is where to go on.
        const article = document.getElementById(`post-${postId}`);
        const next = article?.nextElementSibling ?? article?.previousElementSibling;
        (next?.querySelector("[data-action]") ?? text).focus({ preventScroll: true });
        await ask("ActAsync", "delete", postId);
        if (open.postId === postId) await cancel();
    }

    for (const article of page.querySelectorAll("article[data-post]")) decorate(article);
    on(page, "post-shown", event => decorate(event.target));
    on(page, "click", onCommand);
    for (const field of [title, text]) on(field, "input", onInput);
    on(keyEvent, "change", onInput);
    // The second click of a double click means the same post.
    on(find("publish"), "click", event => { if (event.detail < 2) publish(); });
    on(find("save"), "click", () => saveDraft(null));
    on(find("schedule"), "click", schedule);
    on(find("cancel"), "click", cancel);
    on(find("delete"), "click", remove);
    on(find("keep"), "click", () => dialog.close());
    on(find("form"), "keydown", event => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) return;
        event.preventDefault();
        publish();
    });
    begin();
    reopen();
    root.dataset.ready = "";

    return {
        openDraft,
        showEditors(others) {
            editors = others;
            showOthers();
        },
        detach() {
            clearTimeout(previewing);
            listeners.abort();
            for (const commands of page.querySelectorAll("[data-commands]")) commands.remove();
        },
    };
}

// Half a surrogate pair cannot cross the wire.
function wellFormed(text) {
    return text.toWellFormed?.() ?? text;
}

function localValue(date) {
    const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
    return local.toISOString().slice(0, 16);
}

function store(key, value, storage = localStorage) {
    try {
        storage.setItem(key, JSON.stringify(value));
    } catch {
        // Storage is full or forbidden: the text is still on the page.
    }
}

function forget(key, storage = localStorage) {
    try {
        storage.removeItem(key);
    } catch {
        // It was never there.
    }
}

function load(key, storage = localStorage) {
    try {
        return JSON.parse(storage.getItem(key));
    } catch {
        return null;
    }
}

function loadText(key) {
    const value = load(key);
    return typeof value?.title === "string" && typeof value.markdown === "string" ? value : null;
}
