// The Markdown of a table of HTML: of a page, or of cells of a spreadsheet.

// A merged cell is as large at most, and a table has as many cells as the server renders.
const maxSpan = 200;
const maxCells = 2_000;

/** @typedef {{ text: string, align: string }} Cell */

/**
 * Whether a table arranges parts of a page, as in mail.
 * @param {HTMLTableElement} table
 */
export function isLayout(table) {
    return table.querySelectorAll("table, ul, ol, pre, blockquote, h1, h2, h3, h4, h5, h6, hr").length > 0;
}

/**
 * The rows of a table, each of the same length. The value of a merged cell is in its first one.
 * @param {HTMLTableElement} table
 * @param {(cell: HTMLTableCellElement, isHead: boolean) => string} read
 * @returns {Cell[][] | null} Null when there are too many.
 */
export function cellsOf(table, read) {
    /** @type {Cell[][]} */
    const rows = [];
    const shown = [...table.rows].filter(row => row.style.display !== "none");
    if (shown.length > maxCells) return null;
    for (const [index, row] of shown.entries()) {
        const cells = rows[index] ??= [];
        let column = 0;
        for (const cell of row.cells) {
            if (cell.style.display === "none") continue;
            while (cells[column] !== undefined) column++;
            const [width, height] = [Math.min(cell.colSpan, maxSpan), Math.min(cell.rowSpan || 1, maxSpan, shown.length - index)];
            if (column + width > maxCells) return null;
            const align = cell.style.textAlign || cell.align;
            for (let down = 0; down < height; down++) {
                const line = rows[index + down] ??= [];
                for (let right = 0; right < width; right++) line[column + right] = { text: "", align: right + down === 0 ? align : "" };
            }
            cells[column].text = read(cell, index === 0);
            column += width;
        }
    }
    const columns = Math.max(0, ...rows.map(row => row.findLastIndex(cell => cell !== undefined && cell.text !== "") + 1));
    const last = rows.findLastIndex(row => row.some(cell => cell !== undefined && cell.text !== ""));
    if (columns * (last + 2) > maxCells) return null;
    return rows.slice(0, last + 1).map(row => Array.from({ length: columns }, (_, column) => row[column] ?? { text: "", align: "" }));
}

/** @param {Cell[][]} rows At least two, the first of which is the head. */
export function writeTable(rows) {
    const [head, ...body] = rows;
    const rule = head.map((_, column) => {
        const cells = body.map(row => row[column]).filter(cell => cell.text !== "");
        if (cells.length === 0) return "---";
        return cells.every(cell => cell.align === "right") ? "--:" : cells.every(cell => cell.align === "center") ? ":-:" : "---";
    });
    return [line(head.map(cell => cell.text)), `|${rule.join("|")}|`, ...body.map(row => line(row.map(cell => cell.text)))].join("\n");
}

/** @param {string[]} cells */
function line(cells) {
    return `| ${cells.map(text => withoutBars(text.replace(/\s+/g, " ").trim())).join(" | ")} |`;
}

/** @param {string} text In code a bar is no end of a cell, and a backslash would be shown. */
function withoutBars(text) {
    return text.split(/(\x60+[^\x60]+\x60+)/).map((part, index) => index % 2 === 1 ? part : part.replace(/\|/g, String.raw`\|`)).join("");
}
