// The commands of an editor on the posts of the page. Each post has its own row of commands, and names the editors who have it open.

export class PostCommands {
    #page;
    #root;
    #dialog;
    #edit;
    #ask;
    #deleted;
    #message;
    #editors = [];
    #acted = null;

    // edit(postId) opens a post in the form; ask(method, …) calls the server; deleted(postId) is called after a deletion; message is a textsOf.
    constructor(page, root, { edit, ask, deleted, message }, signal) {
        this.#page = page;
        this.#root = root;
        this.#dialog = root.querySelector("[data-delete-dialog]");
        [this.#edit, this.#ask, this.#deleted, this.#message] = [edit, ask, deleted, message];
        const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
        for (const article of this.#articles()) this.#decorate(article);
        on(page, "post-shown", event => this.#decorate(event.target));
        on(page, "click", event => this.#onClick(event));
        on(this.#dialog.querySelector("[data-delete]"), "click", () => this.#delete());
        on(this.#dialog.querySelector("[data-cancel-delete]"), "click", () => this.#dialog.close());
    }

    showEditors(editors) {
        this.#editors = editors;
        for (const article of this.#articles()) this.#showEditing(article);
    }

    detach() {
        for (const commands of this.#page.querySelectorAll("article [data-commands]")) commands.remove();
    }

    #articles() {
        return this.#page.querySelectorAll("article[data-post]");
    }

    #showEditing(article) {
        const note = article.querySelector("[data-editing]");
        if (note !== null) note.textContent = editingNote(this.#editors, Number(article.dataset.post), this.#message);
    }

    // Adds the commands to a post.
    #decorate(article) {
        if (article.querySelector("[data-commands]")) return;
        const commands = this.#root.querySelector("[data-commands-template]").firstElementChild.cloneNode(true);
        const title = article.querySelector(".post-title")?.textContent;
        commands.ariaLabel = title === undefined ? this.#message("commands") : this.#message("commands-of", title);
        for (const unused of ["pinned" in article.dataset ? "pin" : "unpin", "keyEvent" in article.dataset ? "mark" : "unmark"])
            commands.querySelector(`[data-action=${unused}]`).remove();
        article.append(commands);
        this.#showEditing(article);
        // The command rendered the post again; the focus returns to its button.
        if (this.#acted?.postId === Number(article.dataset.post) && document.activeElement === document.body) {
            commands.children[this.#acted.index].focus({ preventScroll: true });
            this.#acted = null;
        }
    }

    async #onClick(event) {
        const button = event.target.closest("[data-action]");
        if (button === null) return;
        const { action } = button.dataset;
        const postId = Number(button.closest("article[data-post]").dataset.post);
        if (action === "edit") await this.#edit(postId);
        else if (action === "delete") this.#confirmDelete(postId);
        else {
            this.#acted = { postId, index: [...button.parentElement.children].indexOf(button) };
            await this.#ask("ActAsync", action, postId);
            if (action === "history") this.#showHistory();
        }
    }

    #showHistory() {
        const history = this.#root.querySelector("[data-history]");
        history?.scrollIntoView({ block: "nearest" });
        history?.focus({ preventScroll: true });
    }

    #confirmDelete(postId) {
        this.#dialog.dataset.post = postId;
        this.#dialog.showModal();
    }

    async #delete() {
        const postId = Number(this.#dialog.dataset.post);
        this.#dialog.close();
        // The post is removed with the focused button, so the focus moves to the next post.
        const article = document.getElementById(`post-${postId}`);
        const next = article?.nextElementSibling ?? article?.previousElementSibling;
        (next?.querySelector("[data-action]") ?? this.#root.querySelector("[data-text]")).focus({ preventScroll: true });
        await this.#ask("ActAsync", "delete", postId);
        await this.#deleted(postId);
    }
}

// Names the other editors who have a post open; "" for none.
export function editingNote(editors, postId, message) {
    const names = editors.filter(other => other.postId === postId).map(other => other.name);
    return names.length === 0 ? "" : message(names.length === 1 ? "editing-one" : "editing-other", names.join(", "));
}
