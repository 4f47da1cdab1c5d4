// A liveblog's page for its readers: it loads older posts, and follows the stream. The stream has the same HTML as the page. The text that is
// being read never moves: new posts wait for a click, and the page is scrolled by the height of changes above it.

import "../../js/viewer.js";
import { follow as followStream } from "../../js/liveblog-follow.js";
import { textsOf } from "../../js/texts.js";
import { update } from "./PostArticle.razor.js";

const page = document.querySelector("[data-liveblog]");

if (page !== null) follow(page);

function follow(page) {
    const find = name => page.querySelector(`[data-${name}]`);
    const [posts, pinnedPlace, summary, newButton] = [find("posts"), find("pinned-place"), find("summary"), find("new")];
    const message = textsOf(page);
    // The newest versions of posts that are not on the page; a page of older posts may have older versions.
    const newest = new Map();
    const waiting = new Map();
    const title = document.title;
    let revision = Number(page.dataset.revision);
    let noticeTimer = 0;

    if (find("older") !== null) find("older").addEventListener("click", onOlder);
    if (!("live" in page.dataset)) return;
    newButton.addEventListener("click", showWaiting);
    addEventListener("scroll", onScroll, { passive: true });
    document.addEventListener("visibilitychange", onScroll);
    const shows = {
        "liveblog.post.created": showPost,
        "liveblog.post.updated": showPost,
        "liveblog.post.deleted": removePost,
        "liveblog.updated": showHead,
        "liveblog.archived": end,
    };
    const unfollow = followStream(page.dataset.slug, () => revision, { event: onEvent, state: onState });

    function onEvent({ name, revision: at, data }) {
        revision = at;
        shows[name](JSON.parse(data), at);
    }

    function onState(isUp) {
        if (!isUp) {
            if (noticeTimer === 0) noticeTimer = setTimeout(() => notice(message("connection-lost")), 5_000);
            return;
        }
        clearTimeout(noticeTimer);
        noticeTimer = 0;
        notice("");
    }

    function showPost(data, at) {
        const { post_id: id } = data;
        remember(id, at, data);
        keepScroll(() => {
            showKeyEvent(id, data.key_event);
            showUpdated(data.edited_at ?? data.published_at);
        });
        const known = articleOf(id);
        if (known !== null) {
            keepScroll(() => place(data, known));
        } else if (data.is_pinned) {
            waiting.delete(id);
            keepScroll(() => place(data, null));
            announce(data);
        } else if (isOnThisPage(id)) {
            if (mustWait()) waiting.set(id, data);
            else place(data, null);
            announce(data);
        }
        count();
    }

    function removePost({ post_id: id }, at) {
        remember(id, at, null);
        waiting.delete(id);
        keepScroll(() => {
            showKeyEvent(id, undefined);
            articleOf(id)?.remove();
        });
        count();
    }

    function showHead({ title: name, head }) {
        keepScroll(() => {
            find("head").innerHTML = head;
        });
        count(name);
    }

    function end(data) {
        unfollow();
        clearTimeout(noticeTimer);
        showHead(data);
        notice(message("ended"));
    }

    // Puts a post into its place, instead of its older version. Listeners of "post-shown" add to it before keepScroll measures heights.
    function place(data, known) {
        let article = parse(data.article);
        if (known !== null && known.parentElement === (data.is_pinned ? pinnedPlace : posts)) {
            article = update(known, article);
        } else {
            known?.remove();
            if (data.is_pinned) pinnedPlace.replaceChildren(article);
            else if (isOnThisPage(data.post_id)) posts.insertBefore(article, olderThan(data.post_id));
            else return;
        }
        shown(article);
    }

    function olderThan(id) {
        return [...posts.children].find(article => Number(article.dataset.post) < id) ?? null;
    }

    // Older posts than the last one are loaded with their page.
    function isOnThisPage(id) {
        const older = find("older");
        return older === null || id >= Number(new URL(older.querySelector("a").href).searchParams.get("before"));
    }

    function remember(id, at, data) {
        if (find("older") !== null) newest.set(id, { at, data });
    }

    function articleOf(id) {
        return document.getElementById(`post-${id}`);
    }

    function showKeyEvent(id, line) {
        const list = summary.querySelector("ol");
        list.querySelector(`[data-key-event="${id}"]`)?.remove();
        if (line !== undefined) {
            const entry = parse(line);
            list.insertBefore(entry, [...list.children].find(other => Number(other.dataset.keyEvent) < id) ?? null);
        }
        summary.hidden = list.children.length === 0;
    }

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

    // While the editor has the focus, new posts below it do not move it.
    function isWriting() {
        return page.querySelector(".desk:focus-within") !== null && posts.getBoundingClientRect().top > 0;
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
        for (const data of waiting.values()) place(data, null);
        waiting.clear();
        count();
    }

    function count(name) {
        if (name !== undefined) page.dataset.title = name;
        const plain = page.dataset.title === undefined ? title : message("page-title", page.dataset.title);
        document.title = waiting.size === 0 ? plain : `(${waiting.size}) ${plain}`;
        newButton.hidden = waiting.size === 0;
        newButton.textContent = message(waiting.size === 1 ? "new-post" : "new-posts", waiting.size);
        find("empty").hidden = posts.children.length + pinnedPlace.children.length > 0;
    }

    // Makes a change that may change heights, and scrolls so that the text that is being read does not move.
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
            .map(article => ({ id: article.id, place: article.parentElement, top: article.getBoundingClientRect().top }));
        change();
        const anchor = seen.find(({ id, place }) => document.getElementById(id)?.parentElement === place);
        if (anchor === undefined) return;
        const moved = document.getElementById(anchor.id).getBoundingClientRect().top - anchor.top;
        if (moved !== 0) scrollBy({ top: moved, behavior: "instant" });
    }

    function announce({ title: headline, article }) {
        const text = headline !== "" ? headline : parse(article).querySelector(".post-text").textContent.trim().slice(0, 120);
        find("announcement").textContent = message("new-post-announcement", text);
    }

    function notice(text) {
        find("notice").textContent = text;
    }

    async function onOlder(event) {
        const link = event.target.closest("a");
        if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute("aria-disabled") === "true") return;
        event.preventDefault();
        link.setAttribute("aria-disabled", "true");
        try {
            const answer = await fetch(link.href, { headers: { accept: "text/html" } });
            if (!answer.ok) throw new Error(`${answer.status}`);
            append(new DOMParser().parseFromString(await answer.text(), "text/html"));
        } catch {
            // The link works without a script too.
            location.assign(link.href);
        } finally {
            link.removeAttribute("aria-disabled");
        }
    }

    function append(older) {
        const last = posts.lastElementChild;
        for (const article of older.querySelectorAll("[data-posts] > article")) {
            const id = Number(article.dataset.post);
            const known = newest.get(id);
            if (articleOf(id) !== null || waiting.has(id)) continue;
            if (known === undefined || known.at <= Number(article.dataset.revision)) posts.append(document.adoptNode(article));
            else if (known.data !== null && !known.data.is_pinned) posts.append(parse(known.data.article));
            else continue;
            shown(posts.lastElementChild);
        }
        const next = older.querySelector("[data-older] a");
        if (next === null) find("older").remove();
        else find("older").querySelector("a").href = next.getAttribute("href");
        // Readers with a keyboard or a screen reader continue at the first older post.
        const first = last === null ? posts.firstElementChild : last.nextElementSibling;
        if (first !== null) focus(first);
    }

    function shown(article) {
        article.dispatchEvent(new Event("post-shown", { bubbles: true }));
    }

    function focus(article) {
        article.tabIndex = -1;
        article.focus({ preventScroll: true });
    }
}

function parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
}
