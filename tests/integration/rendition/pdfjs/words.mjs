// Prints, for each PDF named, what pdf.js finds on its first page: the items of its text, and the font's extent.
import { readFile } from "node:fs/promises";

// Only drawing needs these; without the optional canvas package they are missing outside a browser.
globalThis.DOMMatrix ??= class {};
globalThis.ImageData ??= class {};
globalThis.Path2D ??= class {};
const { getDocument, VerbosityLevel } = await import("pdfjs-dist/legacy/build/pdf.mjs");

const found = {};
for (const path of process.argv.slice(2)) {
  const data = new Uint8Array(await readFile(path));
  const task = getDocument({ data, verbosity: VerbosityLevel.ERRORS });
  const page = await (await task.promise).getPage(1);
  const { items, styles } = await page.getTextContent();
  found[path] = items.map(({ str, transform, width, height, hasEOL, fontName }) => {
    const { ascent, descent } = styles[fontName];
    return { str, transform, width, height, hasEOL, ascent, descent };
  });
  await task.destroy();
}
process.stdout.write(JSON.stringify(found));
