// Buttons with data-show-password="id" show and hide the text in the password box with that id.

for (const button of document.querySelectorAll("button[data-show-password]"))
    button.hidden = false;

document.addEventListener("click", event => {
    const button = event.target.closest("button[data-show-password]");
    if (!button) return;
    const box = document.getElementById(button.dataset.showPassword);
    const show = box.type === "password";
    box.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", show);
    [button.textContent, button.dataset.otherLabel] = [button.dataset.otherLabel, button.textContent];
    box.focus();
});

// A box whose text is visible would be remembered as ordinary text by the browser.
document.addEventListener("submit", event => {
    for (const button of event.target.querySelectorAll("button[data-show-password]"))
        document.getElementById(button.dataset.showPassword).type = "password";
}, true);
