// Files that have not got to the server yet are in the browser's database, so that a page which is loaded again goes on with them.
// Without one (some browsers have none in private windows) they live as long as the page.

const memory = new Map();
let opened = null;

function open() {
    opened ??= new Promise((resolve, reject) => {
        const request = indexedDB.open("blazorchat", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("files");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    return opened;
}

async function run(mode, work) {
    const database = await open();
    return await new Promise((resolve, reject) => {
        const transaction = database.transaction("files", mode);
        const request = work(transaction.objectStore("files"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
    });
}

// The file itself may be changed, moved or deleted before its turn comes. Throws when it cannot be read, as a folder.
export async function copyOf(file) {
    return new Blob([await file.arrayBuffer()], { type: file.type });
}

// The copy that is kept.
export async function keepFile(id, file) {
    const copy = await copyOf(file);
    memory.set(id, copy);
    try {
        await run("readwrite", files => files.put(copy, id));
    } catch {
        // Full or forbidden: the page still has it.
    }
    return copy;
}

// Null for one that is not here any more: it is on the server, or was taken back.
export async function keptFile(id) {
    if (memory.has(id)) return memory.get(id);
    try {
        return (await run("readonly", files => files.get(id))) ?? null;
    } catch {
        return null;
    }
}

export async function forgetFile(id) {
    memory.delete(id);
    try {
        await run("readwrite", files => files.delete(id));
    } catch {
        // It was never there.
    }
}
