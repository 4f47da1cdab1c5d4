// Buttons with data-passkey="create" or "request": obtain a passkey from the browser, put it into the form, and send the form.

document.addEventListener("click", async event => {
    const button = event.target.closest("button[data-passkey]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    const error = form.querySelector("[data-passkey-error]");
    error.textContent = "";
    if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
        error.textContent = window.isSecureContext
            ? "This browser cannot use passkeys."
            : "Passkeys need an https address.";
        return;
    }
    try {
        const credential = button.dataset.passkey === "create"
            ? await navigator.credentials.create({
                publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(await options(form, "creation-options")),
            })
            : await navigator.credentials.get({
                publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(await options(form, "request-options")),
            });
        form.querySelector("[data-passkey-credential]").value = JSON.stringify(credential);
        form.noValidate = true;
        form.submit();
    } catch (problem) {
        error.textContent = problem.name === "NotAllowedError" ? "No passkey was given." : "That did not work. Please try again.";
    }
});

async function options(form, which) {
    const response = await fetch(`/account/passkeys/${which}`, {
        method: "POST",
        headers: { RequestVerificationToken: form.querySelector("input[name=__RequestVerificationToken]").value },
    });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return await response.json();
}
