import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../backend/src/config/config.ts';
import { VARIABLES } from '../../../backend/src/config/settings.ts';
import { check } from '../../../utils/domain/base/check.ts';
import { CONSEQUENCES, TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import {
  HEADER,
  REFUSAL_STATUS,
  Request,
  SessionApplied,
  SessionConsented,
  SessionRefused,
  SessionReport,
} from '../../../utils/shared/contract.ts';
import { parseJson } from '../../../utils/shared/schema.ts';
import { createSender, KEYS, temporaryDir } from './harness.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const GUIDES = ['kit', 'django', 'fastapi', 'flask', 'express', 'nextjs', 'plain'].map((name) => `docs/${name}.md`);
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'PRIVACY.md',
  'backend/README.md',
  'backend/operating.md',
  'backend/many-machines.md',
  'backend/behind-a-proxy.md',
  'backend/stolen.md',
  ...[
    'contract',
    'security',
    'using',
    'brokers',
    'openalgo',
    'permissions',
    'clock',
    'dashboards',
    'browsers',
    'public-reports',
  ].map((name) => `docs/${name}.md`),
  ...GUIDES,
];
const TOKEN = 'ExampleRequestToken0123456789abc';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The fenced blocks of one language. */
function blocks(page: string, language: string): string[] {
  return [...read(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, code = '']) =>
    name === language ? [code] : [],
  );
}

/** The rows of the table whose first column has this title, cell by cell. */
function table(page: string, title: string): string[][] {
  const lines = read(page).split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${title} |`));
  const body = head === -1 ? [] : lines.slice(head + 2);
  const end = body.findIndex((line) => !line.startsWith('|'));
  return body.slice(0, end === -1 ? undefined : end).map(cells);
}

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const quoted = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

describe.each(PAGES)('%s', (page) => {
  it('names only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read(page).matchAll(/npm (?:run )?(start|test|(?<=run )[\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('links to files that exist, and to headings that are there', () => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^https?:/.test(link)).map((link) => link.split('#'));
    const missing = local.filter(([path = '', anchor]) => {
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !headings(target).includes(anchor));
    });
    expect(missing).toEqual([]);
  });
});

describe('docs/contract.md says what the code does', () => {
  it('shows messages that the schemas accept', () => {
    const examples = blocks('docs/contract.md', 'json').map((text) => parseJson(text));
    const growth = [SessionReport, Request, SessionConsented, Request];
    const schemas = [Request, SessionReport, Request, SessionApplied, ...growth, SessionRefused];
    expect(examples).toHaveLength(schemas.length);
    const results = schemas.map((schema, index) => check(schema, examples[index]));
    expect(results.flatMap((result) => (result.ok ? [] : result.problems))).toEqual([]);
  });

  it('names every refusal with its status and what follows', () => {
    const told = table('docs/contract.md', 'reason').map(([reason, status, , then]) => [
      quoted(reason)[0],
      status,
      then,
    ]);
    const known = Object.entries(REFUSAL_STATUS).map(([reason, status]) => [reason, String(status), follows(reason)]);
    expect(told).toEqual(known);
  });

  it('names what else can come back, and what follows', () => {
    const told = table('docs/contract.md', 'what').map(([, code, then]) => [quoted(code)[0], then]);
    expect(told).toEqual(told.map(([code]) => [code, follows(code)]));
    const capture = ['lost', 'callback_silent', 'callback_failed', 'expired', 'destination_changed', 'no_key'];
    const plain = [
      'rule_failed',
      'outcome_unknown',
      'logged_out',
      'csrf_refused',
      'no_tab',
      'no_cookies',
      'app_no_key',
      'app_unproven',
    ];
    const ours = ['no_permission', 'not_made', 'unforeseen', ...capture, ...plain];
    const codes = [...told.map(([code]) => code), ...Object.keys(REFUSAL_STATUS), ...ours];
    expect([...new Set(codes)].toSorted()).toEqual([...TroubleCode.options].toSorted());
  });

  it('names the three headers', () => {
    expect(table('docs/contract.md', 'header').flatMap(([name]) => quoted(name))).toEqual(Object.values(HEADER));
  });

  it('computes its example of a signature and of an id', () => {
    const value = (name: string) => quoted(cells(read('docs/contract.md').split(`| ${name} `)[1] ?? '')[0])[0] ?? '';
    const dir = temporaryDir();
    writeFileSync(join(dir.path, 'secret-zerodha'), value('secret'));
    const sender = createSender('http://127.0.0.1:1', dir.path, 'zerodha');
    dir.remove();
    expect(read('docs/contract.md')).toContain(`it is \`${sender.idOf(sender.captured(TOKEN))}\``);
    const key = Buffer.from(value('secret').slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update(value('signed text')).digest('base64');
    expect(value('signature')).toBe(`v1,${mac}`);
  });
});

describe.each(GUIDES)('%s', (page) => {
  it('is at most 80 lines long', () => {
    expect(read(page).split('\n').length - 1).toBeLessThanOrEqual(80);
  });

  it('shows the files of examples/ as they stand', () => {
    const shown = [...read(page).matchAll(/^```\w+ (examples\/\S+)\n([\s\S]*?)^```$/gm)];
    for (const [, path = '', code] of shown) expect(code, path).toBe(read(path));
    const folder = `examples/${page.slice('docs/'.length, -'.md'.length)}`;
    const files = existsSync(join(ROOT, folder))
      ? readdirSync(join(ROOT, folder), { recursive: true }).map(String)
      : [];
    const own = files.filter((file) => /\.(py|m?js)$/.test(file)).map((file) => `${folder}/${file}`);
    expect(shown.map(([, path]) => path).toSorted()).toEqual(own.toSorted());
  });
});

describe('README.md', () => {
  it('is at most 120 lines long', () => expect(read('README.md').split('\n').length - 1).toBeLessThanOrEqual(120));
});

describe('CONTRIBUTING.md says what is there', () => {
  it('names every runtime dependency, and no other', () => {
    const declared = ['package.json', 'backend/package.json'].flatMap((path) =>
      Object.keys(JSON.parse(read(path)).dependencies),
    );
    const told = table('CONTRIBUTING.md', 'package').flatMap(([name]) => quoted(name));
    expect(told.toSorted()).toEqual([...new Set(declared)].toSorted());
  });
});

describe('backend/README.md says what the configuration reads', () => {
  const told = table('backend/README.md', 'variable').map(([name, fallback]) => [quoted(name)[0], quoted(fallback)[0]]);
  const defaults = Object.fromEntries(told);

  it('names every variable, and no other', () => {
    // The two that came first stand in the table, the others below it.
    const { zerodha, icici, ...others } = brokers;
    const isInTable = (name: string) =>
      !Object.values(others).some(({ variables }) => name.startsWith(`${variables.prefix}_`));
    expect(told.map(([name]) => name)).toEqual(VARIABLES.filter(isInTable));
    for (const { variables } of Object.values(brokers)) {
      expect(read('backend/README.md')).toContain(`\`${variables.prefix}_`);
      for (const more of variables.more) expect(read('backend/README.md')).toContain(`\`${variables.prefix}_${more}\``);
    }
  });

  it('names the defaults', () => {
    const config = readConfig(KEYS);
    expect(config).toMatchObject({
      ok: true,
      value: {
        port: Number(defaults.PORT),
        dataDir: defaults.DATA_DIR,
        publicUrl: null,
        breezeStreams: [defaults.BREEZE_STREAMS],
        accounts: ['ZERODHA', 'BREEZE'].map((broker) => ({
          redirectUrl: defaults[`${broker}_REDIRECT_URL`],
          redirectMode: defaults[`${broker}_REDIRECT_MODE`],
          orderMarket: defaults[`${broker}_ORDER_MARKET`],
          user: null,
        })),
      },
    });
  });
});

function follows(code: unknown): string {
  return CONSEQUENCES[TroubleCode.options.find((one) => one === code) ?? 'not_contract'].then;
}

/** The headings of a page as the anchors that lead to them. */
function headings(page: string): string[] {
  const titles = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase());
  return titles.map((title) => title.replaceAll(/[^a-z0-9 -]/g, '').replaceAll(' ', '-'));
}

function _freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
