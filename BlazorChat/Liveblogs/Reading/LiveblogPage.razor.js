// The page of a liveblog for its readers: it loads older posts, and shows changes as they happen. Posts arrive as the HTML of which the page
// is made. A reader who has scrolled keeps the scroll position: new posts wait for a click, and changes above are compensated.

import { closest, hasModifier } from "../../js/shared/dom.js";
import { follow as followStream } from "../../js/liveblogs/liveblog-follow.js";
import { count, text } from "../../js/shared/texts.js";
import "../../js/files/viewer.js";
import { renew } from "./PostArticle.razor.js";

/**
 * An event of a post.
 * @typedef {{
 *     post_id: number, title: string, article: string, is_pinned: boolean, key_event?: string, published_at: string, edited_at?: string,
 * }} PostData
 */

const page = /** @type {HTMLElement | null} */ (document.querySelector("[data-liveblog]"));

if (page !== null) follow(page);

/** @param {HTMLElement} page */
function follow(page) {
    /** @param {string} name */
    const find = name => page.querySelector(`[data-${name}]`);
    /** @param {string} name */
    const has = name => page.querySelectorAll(`[data-${name}]`).length > 0;
    const [posts, pinnedArea, summary, newButton] = [find("posts"), find("pinned-area"), find("summary"), find("new")];
    // Changes of posts that are not on the page, newer than a page of older posts may be; null for a deletion.
    /** @type {Map<number, { at: number, data: PostData | null }>} */
    const changes = new Map();
    /** @type {Map<number, PostData>} */
    const waiting = new Map();
    const title = document.title;
    let revision = Number(page.dataset.revision);
    let noticeTimer = 0;

    if (has("older")) find("older").addEventListener("click", onOlder);
    if (!("live" in page.dataset)) return;
    newButton.addEventListener("click", showWaiting);
    addEventListener("scroll", onScroll, { passive: true });
    document.addEventListener("visibilitychange", onScroll);
    /** @type {Record<string, (data: any, at: number) => void>} */
    const shows = {
        "liveblog.post.created": showPost,
        "liveblog.post.updated": showPost,
        "liveblog.post.deleted": removePost,
        "liveblog.updated": showHead,
        "liveblog.archived": end,
    };
    const unfollow = followStream(page.dataset.slug ?? "", () => revision, { event: onEvent, state: onState });

    /** @param {import("../../js/liveblogs/liveblog-stream.js").StreamEvent} event */
    function onEvent({ name, revision: at, data }) {
        revision = at;
        shows[name](JSON.parse(data), at);
    }

    /** @param {boolean} isUp */
    function onState(isUp) {
        if (!isUp) {
            if (noticeTimer === 0) noticeTimer = setTimeout(() => notice(text("FollowInterrupted")), 5_000);
            return;
        }
        clearTimeout(noticeTimer);
        noticeTimer = 0;
        notice("");
    }

    /**
     * @param {PostData} data
     * @param {number} at
     */
    function showPost(data, at) {
        const { post_id: id } = data;
        remember(id, at, data);
        keepScroll(() => {
            showKeyEvent(id, data.key_event);
            showUpdated(data.edited_at ?? data.published_at);
        });
        const known = articleOf(id);
        if (known !== null) {
            keepScroll(() => insert(data, known));
        } else if (data.is_pinned) {
            waiting.delete(id);
            keepScroll(() => insert(data, null));
            announce(data);
        } else if (isOnThisPage(id)) {
            if (mustWait()) waiting.set(id, data);
            else insert(data, null);
            announce(data);
        }
        showCounts();
    }

    /**
     * @param {{ post_id: number }} data
     * @param {number} at
     */
    function removePost({ post_id: id }, at) {
        remember(id, at, null);
        waiting.delete(id);
        keepScroll(() => {
            showKeyEvent(id, undefined);
            articleOf(id)?.remove();
        });
        showCounts();
    }

    /** @param {{ title: string, head: string }} data */
    function showHead({ title: name, head }) {
        keepScroll(() => {
            find("head").innerHTML = head;
        });
        page.dataset.title = name;
        showCounts();
    }

    /** @param {{ title: string, head: string }} data */
    function end(data) {
        unfollow();
        clearTimeout(noticeTimer);
        showHead(data);
        notice(text("LiveblogEnded"));
    }

    /**
     * Puts a post where it belongs. Listeners of "post-shown" add to it before heights are compared.
     * @param {PostData} data
     * @param {HTMLElement | null} known Its older version on the page.
     */
    function insert(data, known) {
        let article = parse(data.article);
        if (known !== null && known.parentElement === (data.is_pinned ? pinnedArea : posts)) {
            article = renew(known, article);
        } else {
            known?.remove();
            if (data.is_pinned) pinnedArea.replaceChildren(article);
            else if (isOnThisPage(data.post_id)) posts.insertBefore(article, olderThan(data.post_id));
            else return;
        }
        shown(article);
    }

    /** @param {number} id */
    function olderThan(id) {
        return articlesIn(posts).find(article => Number(article.dataset.post) < id) ?? null;
    }

    /** @param {number} id Of a post; older ones are loaded by the link to them. */
    function isOnThisPage(id) {
        return !has("older") || id >= Number(new URL(find("older").querySelector("a").href).searchParams.get("before"));
    }

    /**
     * @param {number} id
     * @param {number} at
     * @param {PostData | null} data
     */
    function remember(id, at, data) {
        if (has("older")) changes.set(id, { at, data });
    }

    /** @param {number} id */
    function articleOf(id) {
        return document.getElementById(`post-${id}`);
    }

    /**
     * @param {number} id
     * @param {string | undefined} line Undefined for no key event.
     */
    function showKeyEvent(id, line) {
        const list = summary.querySelector("ol");
        for (const entry of list.querySelectorAll(`[data-key-event="${id}"]`)) entry.remove();
        if (line !== undefined) {
            list.insertBefore(parse(line), [...list.querySelectorAll("li")].find(other => Number(other.dataset.keyEvent) < id) ?? null);
        }
        summary.hidden = list.children.length === 0;
    }

    /** @param {string} at */
    function showUpdated(at) {
        const time = document.createElement("time");
        time.dateTime = at;
        time.dataset.time = "short";
        find("updated-at").replaceChildren(time);
        find("updated").hidden = false;
    }

    function mustWait() {
        return document.visibilityState !== "visible" || (scrollY > 4 && !isWriting());
    }

    // New posts below the editor do not move somebody who writes in it.
    function isWriting() {
        return page.querySelectorAll(".desk:focus-within").length > 0 && posts.getBoundingClientRect().top > 0;
    }

    function onScroll() {
        if (waiting.size > 0 && !mustWait()) release();
    }

    function showWaiting() {
        const first = Math.max(...waiting.keys());
        release();
        scrollTo({ top: 0, behavior: "instant" });
        const article = articleOf(first);
        if (article === null) return;
        if (article.getBoundingClientRect().top > innerHeight / 2) article.scrollIntoView({ block: "start", behavior: "instant" });
        focus(article);
    }

    function release() {
        for (const data of waiting.values()) insert(data, null);
        waiting.clear();
        showCounts();
    }

    function showCounts() {
        const plain = page.dataset.title === undefined ? title : text("PageTitle", page.dataset.title, page.dataset.site ?? "");
        document.title = waiting.size === 0 ? plain : `(${waiting.size}) ${plain}`;
        newButton.hidden = waiting.size === 0;
        newButton.textContent = count("NewPosts", waiting.size);
        find("empty").hidden = posts.children.length + pinnedArea.children.length > 0;
    }

    /** @param {() => void} change It may change heights; the posts in view stay where they are. */
    function keepScroll(change) {
        if (scrollY <= 4) {
            change();
            return;
        }
        if (isWriting()) {
            const desk = page.querySelector(".desk");
            const top = desk.getBoundingClientRect().top;
            change();
            scrollBy({ top: desk.getBoundingClientRect().top - top, behavior: "instant" });
            return;
        }
        const seen = [...page.querySelectorAll("article[data-post]")]
            .filter(article => article.getBoundingClientRect().bottom > 0)
            .slice(0, 8)
            .map(article => ({ id: article.id, parent: article.parentElement, top: article.getBoundingClientRect().top }));
        change();
        const anchor = seen.find(({ id, parent }) => document.getElementById(id)?.parentElement === parent);
        if (anchor === undefined) return;
        const moved = (document.getElementById(anchor.id)?.getBoundingClientRect().top ?? anchor.top) - anchor.top;
        if (moved !== 0) scrollBy({ top: moved, behavior: "instant" });
    }

    /** @param {PostData} data */
    function announce({ title: headline, article }) {
        find("announcement").textContent = text("NewPost", headline || (parse(article).querySelector(".post-text").textContent ?? "").trim().slice(0, 120));
    }

    /** @param {string} words */
    function notice(words) {
        find("notice").textContent = words;
    }

    /** @param {MouseEvent} event */
    async function onOlder(event) {
        const link = closest(event, "a");
        if (!(link instanceof HTMLAnchorElement) || hasModifier(event) || link.ariaDisabled === "true") return;
        event.preventDefault();
        link.ariaDisabled = "true";
        try {
            const answer = await fetch(link.href, { headers: { accept: "text/html" } });
            if (!answer.ok) throw new Error(`${answer.status}`);
            append(new DOMParser().parseFromString(await answer.text(), "text/html"));
        } catch {
            // The link leads to a page of older posts.
            location.assign(link.href);
        } finally {
            link.ariaDisabled = null;
        }
    }

    /** @param {Document} older The page of older posts. */
    function append(older) {
        const added = [];
        for (const article of older.querySelectorAll("[data-posts] > article")) {
            const id = Number(article.dataset.post);
            const change = changes.get(id);
            if (articleOf(id) !== null || waiting.has(id)) continue;
            if (change === undefined || change.at <= Number(article.dataset.revision)) added.push(document.adoptNode(article));
            else if (change.data !== null && !change.data.is_pinned) added.push(parse(change.data.article));
        }
        for (const article of added) {
            posts.append(article);
            shown(article);
        }
        const next = /** @type {HTMLAnchorElement | null} */ (older.querySelector("[data-older] a"));
        if (next === null) find("older").remove();
        else find("older").querySelector("a").href = next.getAttribute("href") ?? "";
        // Keyboards and screen readers continue with the first older post.
        if (added.length > 0) focus(added[0]);
    }

    /** @param {HTMLElement} article */
    function shown(article) {
        article.dispatchEvent(new Event("post-shown", { bubbles: true }));
    }

    /** @param {HTMLElement} article */
    function focus(article) {
        article.tabIndex = -1;
        article.focus({ preventScroll: true });
    }
}

/** @param {Element} parent */
function articlesIn(parent) {
    return [...parent.querySelectorAll("article")];
}

/** @param {string} html */
function parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return /** @type {HTMLElement} */ (template.content.firstElementChild);
}
