// Buttons with data-passkey="create" or "request" get a passkey from the browser, put it into the form, and send the form. The fields are
// converted here, because not every browser has the methods for that, and those of some password managers throw.

import { closest } from "../shared/dom.js";
import { text } from "../shared/texts.js";

document.addEventListener("click", async event => {
    const button = closest(event, "button[data-passkey]");
    if (!(button instanceof HTMLButtonElement) || button.form === null) return;
    event.preventDefault();
    const form = button.form;
    const error = form.querySelector("[data-passkey-error]");
    error.textContent = "";
    if (!window.PublicKeyCredential || !navigator.credentials) {
        error.textContent = text(window.isSecureContext ? "PasskeysUnsupported" : "PasskeysNeedHttps");
        return;
    }
    try {
        const credential = button.dataset.passkey === "create"
            ? await navigator.credentials.create({ publicKey: toCreationOptions(await fetchOptions(form, "creation-options")) })
            : await navigator.credentials.get({ publicKey: toRequestOptions(await fetchOptions(form, "request-options")) });
        field(form, "[data-passkey-credential]").value = JSON.stringify(fromCredential(/** @type {PublicKeyCredential} */ (credential)));
        form.noValidate = true;
        form.submit();
    } catch (problem) {
        error.textContent = explain(problem);
    }
});

class Refused extends Error {}

/**
 * @param {HTMLFormElement} form
 * @param {string} selector
 */
function field(form, selector) {
    return /** @type {HTMLInputElement} */ (form.querySelector(selector));
}

/**
 * @param {HTMLFormElement} form
 * @param {string} path
 */
async function fetchOptions(form, path) {
    const response = await fetch(`/account/passkeys/${path}`, {
        method: "POST",
        headers: { RequestVerificationToken: field(form, "input[name=__RequestVerificationToken]").value },
    });
    if (!response.ok) throw new Refused(`${response.status}`);
    return await response.json();
}

/** @param {unknown} problem */
function explain(problem) {
    if (problem instanceof Refused) return text("PageExpired");
    switch (problem instanceof Error ? problem.name : "") {
        case "NotAllowedError": return text("PasskeyMissing");
        case "InvalidStateError": return text("PasskeyExists");
        default: return text("PasskeyFailed");
    }
}

/**
 * @param {any} json
 * @returns {PublicKeyCredentialCreationOptions}
 */
function toCreationOptions(json) {
    return {
        ...json,
        challenge: toBytes(json.challenge),
        user: { ...json.user, id: toBytes(json.user.id) },
        excludeCredentials: json.excludeCredentials?.map(toDescriptor),
    };
}

/**
 * @param {any} json
 * @returns {PublicKeyCredentialRequestOptions}
 */
function toRequestOptions(json) {
    return { ...json, challenge: toBytes(json.challenge), allowCredentials: json.allowCredentials?.map(toDescriptor) };
}

/** @param {any} json */
function toDescriptor(json) {
    return { ...json, id: toBytes(json.id) };
}

/** @param {PublicKeyCredential} credential */
function fromCredential(credential) {
    return {
        id: credential.id,
        rawId: fromBytes(credential.rawId),
        type: credential.type,
        authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
        clientExtensionResults: {},
        response: { clientDataJSON: fromBytes(credential.response.clientDataJSON), ...fromResponse(credential.response) },
    };
}

/** @param {AuthenticatorResponse} response */
function fromResponse(response) {
    if ("attestationObject" in response) {
        const { attestationObject } = /** @type {AuthenticatorAttestationResponse} */ (response);
        const transports = /** @type {AuthenticatorAttestationResponse} */ (response).getTransports?.() ?? [];
        return { attestationObject: fromBytes(attestationObject), transports };
    }
    const { authenticatorData, signature, userHandle } = /** @type {AuthenticatorAssertionResponse} */ (response);
    return {
        authenticatorData: fromBytes(authenticatorData),
        signature: fromBytes(signature),
        userHandle: userHandle ? fromBytes(userHandle) : undefined,
    };
}

/** @param {string} base64Url */
function toBytes(base64Url) {
    const base64 = base64Url.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function fromBytes(buffer) {
    const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
    return base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
