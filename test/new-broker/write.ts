import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simples } from '../brokers/simple/list.ts';
import { lists } from './lists.ts';

const ROOT = join(import.meta.dirname, '../..');
/** A login with a state, an exchange in the usual way, a profile: the commonest shape is where a new one begins. */
const PATTERN = { id: 'upstox', name: 'Upstox' };
const OWN_FILES = ['utils/shared/brokers', 'backend/src/brokers', 'test/brokers/simple'];
const MESSAGES = ['en', 'hi'].map((language) => `public/_locales/${language}/messages.json`);

/** Everything that a new broker writes, by path: its three files and its sentence by hand, the three lists by this command. */
export function newBroker(id: string): Record<string, string> {
  const own = OWN_FILES.map((folder) => [`${folder}/${id}.ts`, renamed(read(`${folder}/${PATTERN.id}.ts`), id)]);
  const messages = MESSAGES.map((path) => [path, withSentence(read(path), id)]);
  return { ...Object.fromEntries([...own, ...messages]), ...lists([...Object.keys(simples), id]) };
}

/** What a person has to fill in, file by file. */
export function leftToDo(id: string): string[] {
  return [
    `utils/shared/brokers/${id}.ts: name, console, hosts, login URL, where the API key stands in it, the token's names, life and form, the end of a session, the words of an ended one`,
    `backend/src/brokers/${id}.ts: the exchange, its refusals by class, the call that tells whose session it is`,
    `test/brokers/simple/${id}.ts: the same as the broker plays it, with each failure as a switch`,
    `${MESSAGES.join(', ')}: broker_${id}, the usual mistake at this broker`,
    'docs/brokers.md: its row, and what is peculiar; backend/README.md: its prefix',
  ];
}

function renamed(text: string, id: string): string {
  const name = id.charAt(0).toUpperCase() + id.slice(1);
  return text
    .replaceAll(/[\w-]+\.upstox\.com/g, (host) => host.replace('upstox.com', `${id}.example`))
    .replaceAll(PATTERN.id.toUpperCase(), id.toUpperCase())
    .replaceAll(PATTERN.id, id)
    .replaceAll(PATTERN.name, name);
}

function withSentence(text: string, id: string): string {
  const messages = JSON.parse(text) as Record<string, { message: string }>;
  const sentences = { ...messages, [`broker_${id}`]: { message: `FILL IN: the usual mistake at ${id}.` } };
  const sorted = Object.entries(sentences).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
