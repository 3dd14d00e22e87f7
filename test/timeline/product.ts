import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'vite';
import type { Damaged } from '../../utils/domain/base/records.ts';
import type { Mutation } from '../support/checks/mutant.ts';

const ROOT = join(import.meta.dirname, '../..');
const UTILS = join(ROOT, 'utils');
/** Both are pure, so all lives may share them. */
const PURE = /(?:^|\/)((?:domain|shared)\/.+)$/;

/** What a background finds around it: the names that its code takes from the browser. */
export type Surroundings = Record<(typeof NAMES)[number], unknown>;
const NAMES = [
  'browser',
  'chrome',
  'database',
  'Date',
  'navigator',
  'crypto',
  'CryptoKey',
  'AbortSignal',
  'fetch',
  'setTimeout',
  'clearTimeout',
  'performance',
  'addEventListener',
] as const;

/** Starts one life of the background: its modules are evaluated anew, as in a worker that was woken. */
export type Product = (surroundings: Surroundings) => void;

/**
 * The extension's own background, its entry file and all that it imports, as a function of the browser around it.
 * Two packages alone are stood in for: the browser's API, and the one over IndexedDB. A mutation breaks one rule.
 */
export async function buildProduct(mutation?: Mutation): Promise<Product> {
  const plugins = [surroundings, ...(mutation ? [breaking(mutation)] : [])];
  const [background, domain] = await Promise.all([
    bundle(join(ROOT, 'entrypoints/background.ts'), plugins, (id) => PURE.test(id)),
    bundle(WHOLE_DOMAIN, [...plugins, wholeDomain], () => false),
  ]);
  // The domain remembers nothing, so all lives may share it; whatever has a memory is in the background's own code.
  const exports: Record<string, unknown> = {};
  new Function('exports', domain)(exports);
  const records = nameOf('domain/base/records.ts');
  const domainOf = { ...exports, [records]: rememberReadings(exports[records] as Record<string, unknown>) };
  const require = (id: string) => (domainOf as Record<string, unknown>)[nameOf(PURE.exec(id)?.[1] ?? id)];
  const start = new Function('module', 'require', ...NAMES, background);
  return (around) => {
    const module = { exports: { main: () => {} } };
    start(module, require, ...NAMES.map((name) => around[name]));
    module.exports.main();
  };
}

type Unwrap = (kind: object, record: unknown) => object;
type UnwrapAll = (schema: object, records: Map<string, unknown>, prefix: string, damaged: Damaged[]) => unknown[];

const MOST_READINGS = 50_000;

/**
 * Reading a stored record again gives what it gave before: most of a story's time, and the same records come in many
 * stories. What was read is frozen, so that nobody can change it for the next reader.
 */
function rememberReadings(records: Record<string, unknown>): Record<string, unknown> {
  const unwrapAll = records.unwrapAll as UnwrapAll;
  const known = new Map<string, { schema: object; values: unknown[] }>();
  const remembering: UnwrapAll = (schema, all, prefix, damaged) =>
    [...all].flatMap(([key, record]) => {
      const { version, json, sum } = record as { version: number; json: string; sum: string };
      const name = `${version} ${sum} ${json}`;
      const reading = known.get(name);
      if (reading?.schema === schema) return reading.values;
      const before = damaged.length;
      const values = unwrapAll(schema, new Map([[key, record]]), prefix, damaged);
      if (known.size > MOST_READINGS) known.clear();
      if (damaged.length === before) known.set(name, { schema, values: values.map(frozen) });
      return values;
    });
  return { ...records, unwrap: rememberingOne(records.unwrap as Unwrap), unwrapAll: remembering };
}

function rememberingOne(unwrap: Unwrap): Unwrap {
  const known = new Map<object, Map<string, object>>();
  return (kind, record) => {
    const { version, json, sum } = (record ?? {}) as { version?: number; json?: string; sum?: string };
    if (json === undefined) return unwrap(kind, record);
    const readings = known.get(kind) ?? new Map<string, object>();
    known.set(kind, readings);
    const name = `${version} ${sum} ${json}`;
    const reading = readings.get(name) ?? frozen(unwrap(kind, record));
    if (readings.size > MOST_READINGS) readings.clear();
    readings.set(name, reading);
    return reading;
  };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  return value;
}

const surroundings: Plugin = {
  name: 'surroundings',
  enforce: 'pre',
  resolveId: (id) => (id in STAND_INS ? `\0${id}` : undefined),
  load: (id) => STAND_INS[id.slice(1)],
};
const STAND_INS: Record<string, string> = {
  'webextension-polyfill': 'export default browser;',
  'idb-keyval':
    // Many records at once are written by an import alone, and no story imports.
    `const { clear, createStore, del, entries, set } = database;
    const promisifyRequest = () => { throw new Error('no transaction in a story'); };
    export { clear, createStore, del, entries, promisifyRequest, set };`,
};

const WHOLE_DOMAIN = 'whole-domain';
const wholeDomain: Plugin = {
  name: WHOLE_DOMAIN,
  enforce: 'pre',
  resolveId: (id) => (id.endsWith(WHOLE_DOMAIN) ? `\0${WHOLE_DOMAIN}` : undefined),
  load: (id) => (id === `\0${WHOLE_DOMAIN}` ? domainFiles().map(reExport).join('\n') : undefined),
};

function domainFiles(): string[] {
  const all = ['domain', 'shared'].flatMap((folder) =>
    readdirSync(join(UTILS, folder), { recursive: true, withFileTypes: true }),
  );
  return all.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

function reExport(file: string): string {
  return `export * as ${nameOf(relative(UTILS, file))} from ${JSON.stringify(file)};`;
}

function nameOf(path: string): string {
  return path.replaceAll(/\W/g, '_');
}

function breaking({ file, from, to }: Mutation): Plugin {
  if (readFileSync(join(ROOT, file), 'utf8').split(from).length !== 2)
    throw new Error(`${file} does not hold exactly once: ${from}`);
  return {
    name: 'mutation',
    enforce: 'pre',
    transform: (code, id) => (id.endsWith(file) ? code.replace(from, to) : undefined),
  };
}

async function bundle(entry: string, plugins: Plugin[], external: (id: string) => boolean): Promise<string> {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    define: { 'import.meta.env.FIREFOX': 'false' },
    plugins,
    build: {
      write: false,
      minify: false,
      lib: { entry, formats: ['cjs'] },
      rolldownOptions: { external: (id) => external(id) },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('nothing was built');
  return output.output[0].code;
}
