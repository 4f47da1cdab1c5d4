// Buttons with data-passkey="create" or "request": obtain a passkey from the browser, put it into the form, and send the form.
// The fields are converted here, in both directions: not every browser has the methods for that, and those of some password
// managers throw. The texts are attributes of the element that shows the error.

document.addEventListener("click", async event => {
    const button = event.target.closest("button[data-passkey]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    const error = form.querySelector("[data-passkey-error]");
    error.textContent = "";
    if (!window.PublicKeyCredential || !navigator.credentials) {
        error.textContent = window.isSecureContext ? error.dataset.unsupported : error.dataset.insecure;
        return;
    }
    try {
        const credential = button.dataset.passkey === "create"
            ? await navigator.credentials.create({ publicKey: toCreationOptions(await options(form, "creation-options")) })
            : await navigator.credentials.get({ publicKey: toRequestOptions(await options(form, "request-options")) });
        form.querySelector("[data-passkey-credential]").value = JSON.stringify(fromCredential(credential));
        form.noValidate = true;
        form.submit();
    } catch (problem) {
        error.textContent = error.dataset[reasonOf(problem)];
    }
});

class Refused extends Error { }

async function options(form, which) {
    const response = await fetch(`/account/passkeys/${which}`, {
        method: "POST",
        headers: { RequestVerificationToken: form.querySelector("input[name=__RequestVerificationToken]").value },
    });
    if (!response.ok) throw new Refused();
    return await response.json();
}

function reasonOf(problem) {
    if (problem instanceof Refused) return "expired";
    switch (problem.name) {
        case "NotAllowedError": return "cancelled";
        case "InvalidStateError": return "exists";
        default: return "failed";
    }
}

function toCreationOptions(json) {
    return {
        ...json,
        challenge: toBytes(json.challenge),
        user: { ...json.user, id: toBytes(json.user.id) },
        excludeCredentials: json.excludeCredentials?.map(toDescriptor),
    };
}

function toRequestOptions(json) {
    return { ...json, challenge: toBytes(json.challenge), allowCredentials: json.allowCredentials?.map(toDescriptor) };
}

function toDescriptor(json) {
    return { ...json, id: toBytes(json.id) };
}

function fromCredential(credential) {
    const response = credential.response;
    const json = {
        id: credential.id,
        rawId: fromBytes(credential.rawId),
        type: credential.type,
        authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
        clientExtensionResults: {},
        response: { clientDataJSON: fromBytes(response.clientDataJSON) },
    };
    if (response.attestationObject) {
        json.response.attestationObject = fromBytes(response.attestationObject);
        json.response.transports = response.getTransports?.() ?? [];
    } else {
        json.response.authenticatorData = fromBytes(response.authenticatorData);
        json.response.signature = fromBytes(response.signature);
        json.response.userHandle = response.userHandle ? fromBytes(response.userHandle) : undefined;
    }
    return json;
}

function toBytes(base64Url) {
    const base64 = base64Url.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}

function fromBytes(buffer) {
    const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
    return base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
