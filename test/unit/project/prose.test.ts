import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { medianWords, proseOf } from '../../support/checks/prose.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const MOST_WORDS = 20;
const documents = ['.', 'docs', 'backend', 'store'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

describe('the sentences of a document', () => {
  it.each([
    ['One. Two!', []],
    ['One is one. Two is two?', ['One is one.', 'Two is two?']],
    ['- A [link](x.md#a) is `read`.\n- No sentence\n1. It is *one*.', ['A link is read.', 'It is one.']],
    ['| a | It is a cell. |\n|---|---|\n| It\nis', ['It is a cell.']],
    ['# It is a heading.\n\n```\nIt is code.\n```\n<!-- It is hidden. -->\n![It is a picture.](x.png)', []],
    ['It goes over\ntwo lines.', ['It goes over two lines.']],
    ['Node 20.1 is no end, e.g. here.', ['Node 20.1 is no end, e.g. here.']],
    ['यह एक वाक्य है। यह दूसरा है।', ['यह एक वाक्य है।', 'यह दूसरा है।']],
  ])('%j are %j', (text, sentences) => expect(proseOf(text)).toEqual(sentences));

  it.each(documents)(`have at most ${MOST_WORDS} words by the median in %s`, (path) => {
    const sentences = proseOf(readFileSync(join(ROOT, path), 'utf8'));
    expect(sentences.length).toBeGreaterThan(0);
    expect(medianWords(sentences)).toBeLessThanOrEqual(MOST_WORDS);
  });

  it('are counted by words', () => expect(medianWords(['a b c.', 'a b.', `${'a '.repeat(40)}b.`])).toBe(3));
});
