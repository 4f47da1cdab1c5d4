// Whether the circuit can be called. While the page comes back, its new connection has no circuit yet: what is called then is never
// answered.
export const connection = { isGone: false };

addEventListener("connection-gone", () => { connection.isGone = true; });
addEventListener("connection-back", () => { connection.isGone = false; });
