import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A source file with its path from the root of the project. */
export interface Source {
  path: string;
  text: string;
}

export interface Packages {
  extension: readonly string[];
  backend: readonly string[];
}

interface Import {
  /** The path from the root for a file of ours, the package's name otherwise. */
  target: string;
  isOurs: boolean;
  isType: boolean;
  names: string[];
}

interface Layer {
  folder: string;
  mayImport(found: Import, path: string, packages: Packages): boolean;
  instead: string;
}

const within = (folder: string) => (found: Import) => found.isOurs && found.target.startsWith(folder);
const inShared = within('utils/shared/');
const inDomain = (found: Import) => inShared(found) || within('utils/domain/')(found);
const isOnly = (path: string, only: string, found: Import, name: string) => path === only && found.target === name;
/** Both are text in, verdict out, and pull no schema library into a page. */
const PAGE_SAFE = ['utils/domain/dashboards/signal.ts', 'utils/domain/dashboards/effect.ts'];
/** The domain's folders from the ground up: each may import those before it. */
const DOMAIN_ORDER = [
  'base',
  'accounts',
  'capture',
  'dashboards',
  'doctor',
  'delivery',
  'session',
  'view',
  'history',
  'reminders',
  'records',
  'transfer',
  'hold',
];
/** A type, or a constant: what carries no decision. */
const isPassive = ({ isType, names }: Import) => isType || names.every((name) => /^type |^[A-Z][A-Z0-9_]*$/.test(name));
const SDKS = ['kiteconnect', 'breezeconnect', 'socket.io-client', 'socket.io'];

const LAYERS: Layer[] = [
  {
    folder: 'utils/shared/',
    mayImport: (found, path) => inShared(found) || isOnly(path, 'utils/shared/schema.ts', found, 'zod'),
    instead:
      'the backend runs it too: leave to utils/domain what only the extension decides, and sentences to who speaks; zod comes from ./schema.ts',
  },
  {
    folder: 'utils/domain/',
    mayImport: (found, path) =>
      inShared(found) ||
      (inDomain(found) && isBelow(found.target, path)) ||
      (found.isType && isOnly(path, 'utils/domain/base/words.ts', found, 'public/_locales/en/messages.json')),
    instead: `take what you need as a parameter, zod from utils/shared/schema.ts; of the domain's folders each may import those before it: ${DOMAIN_ORDER.join(', ')}`,
  },
  {
    // It runs in the dashboard's own page, beside the page's scripts.
    folder: 'utils/hold/main-world/',
    mayImport: (found) =>
      within('utils/hold/main-world/')(found) ||
      (inDomain(found) && (found.isType || PAGE_SAFE.includes(found.target))),
    instead:
      'only its own files, types of utils/domain, signal.ts and effect.ts stand in a page; decide in utils/hold/isolated/holding.ts, which no page can reach',
  },
  {
    // It runs in the dashboard's tab, in a world of its own.
    folder: 'utils/hold/isolated/',
    mayImport: (found) => within('utils/hold/isolated/')(found) || inDomain(found),
    instead: 'it runs in a dashboard’s tab: ask the background by a message of page-link.ts',
  },
  {
    folder: 'utils/platform/',
    mayImport: (found, path) =>
      within('utils/platform/')(found) ||
      (inDomain(found) && isPassive(found)) ||
      // Encodings decide nothing.
      found.target === 'utils/shared/bytes.ts' ||
      isOnly(path, 'utils/platform/browser.ts', found, 'webextension-polyfill') ||
      isOnly(path, 'utils/platform/storage/database.ts', found, 'idb-keyval'),
    instead:
      'decide in utils/domain and join the two in utils/services; here only its types and constants, browser from ./browser.ts and records from ./database.ts',
  },
  {
    folder: 'utils/services/',
    mayImport: (found, path) =>
      ['utils/shared/', 'utils/domain/', 'utils/platform/', 'utils/services/'].some((folder) =>
        within(folder)(found),
      ) ||
      // The one store that screens and background share is where the view library's signal is filled.
      isOnly(path, 'utils/services/screen.ts', found, '@preact/signals'),
    instead: 'reach the browser and every package through a file of utils/platform; views belong in components',
  },
  {
    folder: 'components/',
    mayImport: (found) =>
      inDomain(found) || within('components/')(found) || ['preact', '@preact/signals'].includes(found.target),
    instead: 'take it as a property: an entrypoint passes actions and the view model in',
  },
  {
    folder: 'entrypoints/',
    mayImport: (found, _path, packages) =>
      ['utils/', 'components/', 'entrypoints/'].some((folder) => within(folder)(found)) ||
      packages.extension.includes(found.target) ||
      found.target === 'wxt',
    instead: 'list the package in package.json with a reason in test/architecture.test.ts, or leave it to the backend',
  },
  {
    folder: 'backend/',
    mayImport: (found, _path, packages) =>
      inShared(found) ||
      within('backend/')(found) ||
      found.target.startsWith('node:') ||
      packages.backend.includes(found.target),
    instead: 'list the package in backend/package.json, or move what both sides need into utils/shared',
  },
];

const PURE = ['utils/domain/', 'utils/shared/'];
const FORBIDDEN_IN_PURE: [what: RegExp, instead: string][] = [
  [/\bDate\.now\(/, 'take `now` as a parameter'],
  [/\bnew Date\(\s*\)/, 'take `now` as a parameter'],
  [/\bMath\.random\b/, 'take the id or the number as a parameter'],
  [/\b(?<!\.)crypto\./, 'take the id or the digest as a parameter; utils/platform/storage/keys.ts makes it'],
  [/\b(?<!\.)fetch\(/, 'return what to call; utils/platform/network/http.ts calls it'],
  [/\bset(Timeout|Interval)\(/, 'return when to wake; utils/platform/runtime/alarms.ts waits'],
  [/\b(?<!\.)(browser|chrome)\./, 'return what to do; a file of utils/platform does it'],
];

/** Everything in a file that its layer forbids: the file, what it does, and what to do instead. */
export function violations(source: Source, packages: Packages): string[] {
  const { path } = source;
  const layer = LAYERS.find(({ folder }) => path.startsWith(folder));
  const found = importsOf(source);
  const wrong = found.flatMap((one) => {
    const said = `${path} imports ${one.target}`;
    if (one.isOurs && one.target.startsWith('test/') && !path.startsWith('test/'))
      return [`${said}: nothing that ships may know the tests; move what is shared to utils/shared`];
    if (SDKS.includes(one.target) && !/^(backend|test)\//.test(path))
      return [`${said}: a broker SDK runs in the backend only; the extension hands the token over`];
    return layer && !layer.mayImport(one, path, packages) ? [`${said}: ${layer.instead}`] : [];
  });
  if (!PURE.includes(layer?.folder ?? '')) return wrong;
  const code = withoutText(source.text);
  const impure = FORBIDDEN_IN_PURE.flatMap(([what, instead]) => {
    const match = what.exec(code);
    return match ? [`${path} uses ${match[0]}: ${instead}`] : [];
  });
  return [...wrong, ...impure];
}

function isBelow(target: string, path: string): boolean {
  const [floor, of] = [target, path].map((one) => DOMAIN_ORDER.indexOf(one.split('/')[2] ?? ''));
  return floor !== undefined && of !== undefined && floor !== -1 && of !== -1 && floor <= of;
}

/** Each circle of files that import each other, types included, as the paths on it. */
export function circles(sources: readonly Source[]): string[][] {
  const paths = new Set(sources.map(({ path }) => path));
  const targets = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap(({ target }) => (paths.has(target) ? target : [])),
    ]),
  );
  const isDone = new Set<string>();
  const found: string[][] = [];
  const follow = (path: string, way: readonly string[]) => {
    const start = way.indexOf(path);
    if (start !== -1) found.push([...way.slice(start), path]);
    if (start !== -1 || isDone.has(path)) return;
    for (const target of targets.get(path) ?? []) follow(target, [...way, path]);
    isDone.add(path);
  };
  for (const path of paths) follow(path, []);
  return found;
}

/** Each folder with more files than a person reads at a glance, and how many. */
export function crowded(paths: readonly string[], most: number): string[] {
  const counts = Map.groupBy(paths, dirname);
  return [...counts].flatMap(([folder, { length }]) => (length > most ? [`${folder} has ${length} files`] : []));
}

const STATEMENT = /^\s*(import|export)\b(?:([^'"`;]*?)\bfrom\s*)?\s*(['"])([^'"]+)\3/gm;
const DYNAMIC = /\b(?:import|require)\(\s*(['"`])([^'"`]+)\1/g;

function importsOf({ path, text }: Source): Import[] {
  const code = withoutComments(text);
  const statements = [...code.matchAll(STATEMENT)].map(([, , clause = '', , target = '']) => ({ clause, target }));
  const dynamic = [...code.matchAll(DYNAMIC)].map(([, , target = '']) => ({ clause: '', target }));
  return [...statements, ...dynamic].map(({ clause, target }) => {
    const isOurs = target.startsWith('.');
    const names = /\{([^}]*)\}/.exec(clause)?.[1]?.split(',') ?? [clause];
    return {
      isOurs,
      target: isOurs ? normalize(join(dirname(path), target)) : packageOf(target),
      isType: /^\s*type\b/.test(clause),
      names: names.map((name) => name.trim()).filter((name) => name !== ''),
    };
  });
}

function packageOf(target: string): string {
  const parts = target.split('/');
  return parts.slice(0, target.startsWith('@') ? 2 : 1).join('/');
}

/** Code without what is said beside it. */
export function withoutComments(text: string): string {
  return text.replaceAll(
    /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/.*$/gm,
    '$1',
  );
}

// A template keeps its text, since code can stand in it.
function withoutText(text: string): string {
  return withoutComments(text).replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

/** The names under `dependencies` of a package.json. */
export function dependenciesOf(path: string): string[] {
  return Object.keys((JSON.parse(readFileSync(path, 'utf8')) as { dependencies?: object }).dependencies ?? {});
}
