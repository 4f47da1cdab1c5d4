// The commands of an editor on the posts of the page: each post has its own row of them, and shows who else edits it.

import { closest } from "../../js/shared/dom.js";
import { count, text } from "../../js/shared/texts.js";

/** @typedef {{ postId: number, name: string }} PostEditor */

export class PostCommands {
    #page;
    #root;
    #dialog;
    #on;
    /** @type {PostEditor[]} */
    #editors = [];
    // The post and the button of the last command, for the focus.
    /** @type {{ postId: number, index: number } | null} */
    #acted = null;

    /**
     * @param {HTMLElement} page
     * @param {HTMLElement} root
     * @param {{
     *     edit: (postId: number) => Promise<void>,
     *     call: (method: string, ...args: any[]) => Promise<any>,
     *     deleted: (postId: number) => Promise<void>,
     * }} on edit opens a post in the form, call calls the server.
     * @param {AbortSignal} signal
     */
    constructor(page, root, on, signal) {
        this.#page = page;
        this.#root = root;
        this.#dialog = /** @type {HTMLDialogElement} */ (root.querySelector("[data-delete-dialog]"));
        this.#on = on;
        for (const article of this.#articles()) this.#addCommands(article);
        page.addEventListener("post-shown", ({ target }) => this.#addCommands(/** @type {HTMLElement} */ (target)), { signal });
        page.addEventListener("click", event => this.#onClick(event), { signal });
        this.#dialog.querySelector("[data-delete]").addEventListener("click", () => this.#delete(), { signal });
        this.#dialog.querySelector("[data-cancel-delete]").addEventListener("click", () => this.#dialog.close(), { signal });
    }

    /** @param {PostEditor[]} editors */
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

    /** @param {HTMLElement} article */
    #showEditing(article) {
        const line = /** @type {HTMLElement | null} */ (article.querySelector("[data-editing]"));
        if (line === null) return;
        const names = namesOfEditors(this.#editors, Number(article.dataset.post));
        line.textContent = names.length === 0 ? "" : count("PostEditing", names.length, names.join(", "));
    }

    /** @param {HTMLElement} article A post of the page, or a new one. */
    #addCommands(article) {
        if (article.querySelectorAll("[data-commands]").length > 0) return;
        const title = article.querySelector(".post-title")?.textContent ?? "";
        const template = this.#root.querySelector("[data-commands-template] > [data-commands]");
        const commands = /** @type {HTMLElement} */ (template.cloneNode(true));
        commands.ariaLabel = title === "" ? text("PostCommands") : text("PostCommandsNamed", title);
        for (const unused of ["pinned" in article.dataset ? "pin" : "unpin", "keyEvent" in article.dataset ? "mark" : "unmark"])
            commands.querySelector(`[data-action=${unused}]`).remove();
        article.append(commands);
        this.#showEditing(article);
        // The post of the last command was rendered again: the focus returns to the button.
        if (this.#acted?.postId === Number(article.dataset.post) && document.activeElement === document.body) {
            commands.querySelectorAll("button")[this.#acted.index].focus({ preventScroll: true });
            this.#acted = null;
        }
    }

    /** @param {MouseEvent} event */
    async #onClick(event) {
        const button = closest(event, "[data-action]");
        const article = closest(event, "article[data-post]");
        if (button === null || article === null) return;
        const { action } = button.dataset;
        const postId = Number(article.dataset.post);
        if (action === "edit") await this.#on.edit(postId);
        else if (action === "delete") this.#confirmDelete(postId);
        else {
            this.#acted = { postId, index: [...article.querySelectorAll("[data-action]")].indexOf(button) };
            await this.#on.call("ActAsync", action, postId);
            if (action === "history") this.#showHistory();
        }
    }

    #showHistory() {
        const history = /** @type {HTMLElement | null} */ (this.#root.querySelector("[data-history]"));
        history?.scrollIntoView({ block: "nearest" });
        history?.focus({ preventScroll: true });
    }

    /** @param {number} postId */
    #confirmDelete(postId) {
        this.#dialog.dataset.post = `${postId}`;
        this.#dialog.showModal();
    }

    async #delete() {
        const postId = Number(this.#dialog.dataset.post);
        this.#dialog.close();
        // The focus moves to the commands of the next post.
        const article = document.getElementById(`post-${postId}`);
        const next = article?.nextElementSibling ?? article?.previousElementSibling;
        (next?.querySelector("[data-action]") ?? this.#root.querySelector("[data-text]")).focus({ preventScroll: true });
        await this.#on.call("ActAsync", "delete", postId);
        await this.#on.deleted(postId);
    }
}

/**
 * The names of those who edit a post.
 * @param {PostEditor[]} editors
 * @param {number | undefined} postId
 */
export function namesOfEditors(editors, postId) {
    return editors.filter(other => other.postId === postId).map(other => other.name);
}
