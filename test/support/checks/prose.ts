/** Words whose dot ends no sentence. */
const SHORT = /\b(?:e\.g|i\.e|etc|vs)\.$/;
const NO_PROSE = [/^```[\s\S]*?^```/gm, /<!--[\s\S]*?-->/g, /^#.*$/gm, /^!\[.*$/gm, /^\|[-| :]+\|$/gm];

/** The sentences of a document as a person reads them: without code, headings, pictures and what marks them up. */
export function proseOf(markdown: string): string[] {
  const bare = NO_PROSE.reduce((text, part) => text.replaceAll(part, ''), markdown);
  return blocksOf(bare).map(readable).flatMap(sentencesIn);
}

/** The number in the middle, of the words that sentences have. */
export function medianWords(sentences: readonly string[]): number {
  const counts = sentences.map((one) => one.split(/\s+/).length).sort((a, b) => a - b);
  return counts[Math.floor(counts.length / 2)] ?? 0;
}

/** Paragraphs, points of a list and cells of a table, each by itself. */
function blocksOf(text: string): string[] {
  return text
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/)
    .flatMap((block) => (/^\s*\|/.test(block) ? block.split(/\n|(?<!\\)\|/) : [block]));
}

function readable(block: string): string {
  return block
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:[-*]|\d+\.) /, '')
    .replaceAll(/[*`]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What ends as a sentence does; a name, a number and the half of a list are none. */
function sentencesIn(block: string): string[] {
  const parts = block.split(/(?<=[.?!।])(?=\s+\S)/).map((part) => part.trim());
  const whole: string[] = [];
  for (const part of parts) {
    const before = whole.at(-1);
    if (before !== undefined && SHORT.test(before)) whole[whole.length - 1] = `${before} ${part}`;
    else whole.push(part);
  }
  return whole.filter((one) => /[.?!।]$/.test(one) && one.includes(' '));
}
