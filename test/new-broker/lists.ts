const HEAD = '// Written by `npm run new:broker`: one line a broker.';
const WIDTH = 120;

/** The two that are no simple ones: their order is what a new account's form shows first. */
const FIRST = ['zerodha', 'icici'];

/** The three lists of all brokers, by their paths. Nothing else has to know a broker by its name. */
export function lists(simple: readonly string[]): Record<string, string> {
  const ids = [...FIRST, ...[...simple].sort()];
  return {
    'utils/shared/brokers/list.ts': extension(ids),
    'backend/src/brokers/list.ts': backend(ids),
    'test/brokers/simple/list.ts': practice([...simple].sort()),
  };
}

function extension(ids: readonly string[]): string {
  return `${HEAD}
${imports(ids, (id) => `import { ${id}, ${id}Signs } from './${id}.ts';`)}

${wrapped('export const brokers = {', ids, '};')}
export type BrokerId = keyof typeof brokers;

/** How each broker says that a session has ended, apart from the rest: these run in pages. */
${wrapped(
  'export const SIGNS = [',
  ids.map((id) => `${id}Signs`),
  '];',
)}
`;
}

function backend(ids: readonly string[]): string {
  const shape = "import type { BrokerBackend } from './backend.ts';";
  const own = ids.map((id) => `import { ${id} } from './${id}.ts';`);
  return `${HEAD}
import type { BrokerId } from '../../../utils/shared/contract.ts';
${[shape, ...own].sort(byPath).join('\n')}

${wrapped('export const backends: Record<BrokerId, BrokerBackend> = {', ids, '};')}
`;
}

function practice(ids: readonly string[]): string {
  return `${HEAD}
${imports(ids, (id) => `import { ${id} } from './${id}.ts';`)}

${wrapped('export const simples = {', ids, '};')}
`;
}

function imports(ids: readonly string[], line: (id: string) => string): string {
  return ids.map(line).sort(byPath).join('\n');
}

function byPath(one: string, other: string): number {
  const path = (line: string) => /'(.*)'/.exec(line)?.[1] ?? '';
  return path(one) < path(other) ? -1 : 1;
}

/** On one line where it fits, as the formatter writes it. */
function wrapped(begin: string, items: readonly string[], end: string): string {
  const blank = begin.endsWith('{') ? ' ' : '';
  const line = `${begin}${blank}${items.join(', ')}${blank}${end}`;
  return line.length <= WIDTH ? line : `${begin}\n${items.map((item) => `  ${item},`).join('\n')}\n${end}`;
}
