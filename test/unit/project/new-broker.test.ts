import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { simples } from '../../brokers/simple/list.ts';
import { lists } from '../../new-broker/lists.ts';
import { newBroker } from '../../new-broker/write.ts';
import { withoutComments } from '../../support/checks/architecture.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LISTS = Object.keys(lists([]));
const MESSAGES = ['public/_locales/en/messages.json', 'public/_locales/hi/messages.json'];
const own = (id: string) => [
  `utils/shared/brokers/${id}.ts`,
  `backend/src/brokers/${id}.ts`,
  `test/brokers/simple/${id}.ts`,
];

/** All that runs in the extension and in the backend, and the practice brokers. */
const sources = execFileSync(
  'git',
  ['ls-files', 'utils', 'components', 'entrypoints', 'backend/src', 'public', 'test/brokers', 'wxt.config.ts'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((path) => /\.(tsx?|json)$/.test(path))
  .map((path) => ({ path, text: withoutComments(readFileSync(join(ROOT, path), 'utf8')) }));

/** What a background has to load of one broker: the code without its comments and indents. */
const MOST_BYTES = 2_000;

describe('one more broker', () => {
  it.each(Object.keys(brokers))('%s adds at most two kilobytes to what the background loads', (id) => {
    const code = sources.find(({ path }) => path === `utils/shared/brokers/${id}.ts`)?.text ?? '';
    expect(code).not.toBe('');
    expect(code.replaceAll(/^import .*$|^\s+|\n/gm, '').length).toBeLessThan(MOST_BYTES);
  });

  it('writes its three files and its sentence in two languages; the three lists are written by the command', () => {
    const written = Object.keys(newBroker('eleventh')).sort();
    expect(written).toEqual([...own('eleventh'), ...MESSAGES, ...LISTS].sort());
  });

  it('keeps every sentence that was there', () => {
    const written = newBroker('eleventh');
    for (const path of MESSAGES) {
      const { broker_eleventh: sentence, ...rest } = JSON.parse(written[path] ?? '') as Record<string, unknown>;
      expect(sentence).toBeDefined();
      expect(rest).toEqual(JSON.parse(readFileSync(join(ROOT, path), 'utf8')));
    }
  });

  it.each(Object.entries(lists(Object.keys(simples))))(
    'has its line in %s, which is as the command writes it',
    (path, text) => {
      expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
    },
  );

  it.each(Object.keys(simples))('%s is named by its own files, the lists and the sentences alone', (id) => {
    const { name } = brokers[id as keyof typeof simples];
    const named = new RegExp(`(?<![a-z])(?:${id}|${name.replaceAll(' ', '.')})`, 'i');
    const where = sources.filter(({ text }) => named.test(text)).map(({ path }) => path);
    expect(where.sort()).toEqual([...own(id), ...MESSAGES, ...LISTS].sort());
  });
});
