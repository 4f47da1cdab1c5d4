// Files that are not uploaded yet are in the browser's database, so that a reloaded page continues with them. Without a database (some
// browsers have none in private windows) they live as long as the page.

/** @type {Map<string, Blob>} */
const memory = new Map();
/** @type {Promise<IDBDatabase> | null} */
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

/**
 * @param {IDBTransactionMode} mode
 * @param {(files: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<any>}
 */
async function run(mode, work) {
    const database = await open();
    return await new Promise((resolve, reject) => {
        const transaction = database.transaction("files", mode);
        const request = work(transaction.objectStore("files"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
    });
}

/**
 * Copies a file, which may be changed, moved or deleted before it is uploaded. Throws when it can't be read, as a folder.
 * @param {File} file
 */
export async function copyOf(file) {
    return new Blob([await file.arrayBuffer()], { type: file.type });
}

/**
 * Stores a file.
 * @param {string} id
 * @param {File} file
 * @returns {Promise<Blob>} The stored copy.
 */
export async function storeFile(id, file) {
    const copy = await copyOf(file);
    memory.set(id, copy);
    try {
        await run("readwrite", files => files.put(copy, id));
    } catch {
        // The storage is full or forbidden. The page still has the file.
    }
    return copy;
}

/**
 * @param {string} id
 * @returns {Promise<Blob | null>} Null when the file was uploaded or cancelled.
 */
export async function loadFile(id) {
    try {
        return memory.get(id) ?? (await run("readonly", files => files.get(id))) ?? null;
    } catch {
        return null;
    }
}

/** @param {string} id */
export async function forgetFile(id) {
    memory.delete(id);
    try {
        await run("readwrite", files => files.delete(id));
    } catch {
        // There is no database, so it has no file.
    }
}
