// A message that is scheduled instead of sent. Its text and files stay in the composer until the server has stored it.

import { moment } from "../shared/moment.js";
import { newId } from "../shared/ids.js";
import { text } from "../shared/texts.js";
import { findUpload } from "../files/uploads.js";

/** @typedef {import("../rooms/outbox.js").OutboxFile} OutboxFile */
/** @typedef {{ dueAt: string | null, reason: string }} Scheduled dueAt is the time in words; null when it was not scheduled. */

export class LaterMessage {
    #call;
    #target;
    #isOpen = false;
    /** @type {{ id: string, content: string } | null} */
    #unanswered = null;

    /**
     * @param {(method: string, ...args: unknown[]) => Promise<any>} call
     * @param {import("../files/uploads.js").Target} target
     */
    constructor(call, target) {
        this.#call = call;
        this.#target = target;
    }

    /**
     * The id of the same message when it was scheduled and no answer came. It may be scheduled, so it is sent or scheduled again under this id.
     * @param {string} written
     * @param {OutboxFile[]} files
     * @param {boolean} alsoInRoom
     */
    idOf(written, files, alsoInRoom) {
        return this.#unanswered?.content === JSON.stringify([written, files, alsoInRoom]) ? this.#unanswered.id : undefined;
    }

    /**
     * Asks for the time and schedules the message.
     * @param {string} written
     * @param {OutboxFile[]} files
     * @param {boolean} alsoInRoom
     * @returns {Promise<Scheduled>}
     */
    async schedule(written, files, alsoInRoom) {
        if (this.#isOpen) return failed("");
        this.#isOpen = true;
        try {
            for (const file of files) {
                const upload = findUpload(this.#target, file);
                if (await upload.finish() !== "ready") return failed(upload.reason || text("UploadFailed"));
            }
            const id = this.idOf(written, files, alsoInRoom) ?? newId();
            this.#unanswered = { id, content: JSON.stringify([written, files, alsoInRoom]) };
            const answer = await this.#call("ScheduleAsync", id, written, files.map(file => file.id), alsoInRoom);
            this.#unanswered = null;
            return answer === null ? failed("") : { dueAt: moment(answer.dueAt), reason: "" };
        } catch {
            return failed(text("ConnectionLost"));
        } finally {
            this.#isOpen = false;
        }
    }
}

/**
 * @param {string} reason
 * @returns {Scheduled}
 */
const failed = reason => ({ dueAt: null, reason });
