// Whether the circuit can be called. A call while the page reconnects is never answered, because the new connection has no circuit yet.
export const connection = { isLost: false };

addEventListener("connection-lost", () => { connection.isLost = true; });
addEventListener("connection-restored", () => { connection.isLost = false; });
