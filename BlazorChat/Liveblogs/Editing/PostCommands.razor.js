// What an editor can do with the posts on the page: each has its own row of commands, and says who else changes it.

export class PostCommands {
    #page;
    #root;
    #dialog;
    #edit;
    #ask;
    #deleted;
    #editors = [];
    #acted = null;

    // Edit opens a post in the form; ask asks the server for one thing; deleted is told when a post has been.
    constructor(page, root, { edit, ask, deleted }, signal) {
        this.#page = page;
        this.#root = root;
        this.#dialog = root.querySelector("[data-delete-dialog]");
        [this.#edit, this.#ask, this.#deleted] = [edit, ask, deleted];
        const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
        for (const article of this.#articles()) this.#decorate(article);
        on(page, "post-shown", event => this.#decorate(event.target));
        on(page, "click", event => this.#onClick(event));
        on(this.#dialog.querySelector("[data-delete]"), "click", () => this.#delete());
        on(this.#dialog.querySelector("[data-keep]"), "click", () => this.#dialog.close());
    }

    showEditors(editors) {
        this.#editors = editors;
        for (const article of this.#articles()) this.#showEditing(article);
    }

    detach() {
        for (const commands of this.#page.querySelectorAll("[data-commands]")) commands.remove();
    }

    #articles() {
        return this.#page.querySelectorAll("article[data-post]");
    }

    #showEditing(article) {
        const mark = article.querySelector("[data-editing]");
        if (mark === null) return;
        const others = whoChange(this.#editors, Number(article.dataset.post));
        mark.textContent = others === "" ? "" : `${others} changing this post.`;
    }

    // Each post on the page, and each that comes, gets its commands.
    #decorate(article) {
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
        this.#showEditing(article);
        // The focus stays on the post of the command, which was rendered again.
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
        // The post goes with its commands; the next one is where to go on.
        const article = document.getElementById(`post-${postId}`);
        const next = article?.nextElementSibling ?? article?.previousElementSibling;
        (next?.querySelector("[data-action]") ?? this.#root.querySelector("[data-text]")).focus({ preventScroll: true });
        await this.#ask("ActAsync", "delete", postId);
        await this.#deleted(postId);
    }
}

// "Ada is", "Ada, Max are": who has a post in their form; "" for nobody.
export function whoChange(editors, postId) {
    const names = editors.filter(other => other.postId === postId).map(other => other.name);
    return names.length === 0 ? "" : `${names.join(", ")} ${names.length === 1 ? "is" : "are"}`;
}
