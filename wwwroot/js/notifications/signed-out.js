// The person has signed out of this browser: it shows no more notifications, and none of those that came before.

async function forget() {
    const registration = await navigator.serviceWorker?.getRegistration();
    if (registration === undefined) return;
    const subscription = await registration.pushManager?.getSubscription();
    await subscription?.unsubscribe();
    for (const notification of await registration.getNotifications()) notification.close();
    if ("clearAppBadge" in navigator) await navigator.clearAppBadge();
}

forget().catch(() => {
    // The server has forgotten the subscription anyway.
});
