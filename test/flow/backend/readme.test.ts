import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { createSender, KEYS, type Sender, temporaryDir, until } from './harness.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGES = [
  'README.md',
  'backend/README.md',
  'backend/operating.md',
  'backend/many-machines.md',
  'backend/behind-a-proxy.md',
  'backend/stolen.md',
  'docs/contract.md',
  'docs/security.md',
];
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
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

const RECEIVERS = [
  {
    full: 'examples/python/opening_bell.py',
    server: 'examples/python/receiver.py',
    program: 'python3',
    placeholder: '    return "AB1234"',
    written: `    time.sleep(0.05)
    is_first = not hasattr(exchange, token)
    setattr(exchange, token, True)
    if is_first and token.startswith("Spent"): raise Refused("token_spent")
    if is_first and token.startswith("Key"): raise Refused("configuration")
    if is_first and token.startswith("Flaky"): raise OSError
`,
  },
  {
    full: 'examples/node/opening-bell.js',
    server: 'examples/node/receiver.js',
    program: process.execPath,
    placeholder: "  return { user: 'AB1234'",
    written: `  await new Promise((wait) => setTimeout(wait, 50));
  const isFirst = !(token in globalThis);
  Object.assign(globalThis, { [token]: true });
  if (isFirst && token.startsWith('Spent')) throw new Refused('token_spent');
  if (isFirst && token.startsWith('Key')) throw new Refused('configuration');
  if (isFirst && token.startsWith('Flaky')) throw new Error();
`,
  },
];

for (const { full, server, program, placeholder, written } of RECEIVERS)
  describe(full, () => {
    const dir = temporaryDir();
    let port = 0;
    let sender: Sender;
    let child: ChildProcess;
    let ended: Promise<unknown>;

    const block = () => read(full);
    const state = async () => (await sender.check()).session;

    function start(env: Record<string, string>): void {
      writeFileSync(join(dir.path, basename(server)), read(server));
      child = spawn(program, [basename(server)], {
        cwd: dir.path,
        env: { PATH: process.env.PATH, PORT: String(port), ...env },
      });
      ended = new Promise((done) => child.once('exit', done));
    }

    async function stop(): Promise<void> {
      child.kill();
      await ended;
    }

    async function run(source: string): Promise<void> {
      writeFileSync(join(dir.path, basename(full)), source);
      start({ OPENING_BELL_SECRET: SECRET });
      await until(
        () => sender.check().catch(() => null),
        (report) => report !== null,
      );
    }

    beforeAll(async () => {
      writeFileSync(join(dir.path, 'secret-zerodha'), `${SECRET}\n`);
      port = await freePort();
      sender = createSender(`http://127.0.0.1:${port}`, dir.path, 'zerodha');
      await run(block());
    });

    afterAll(async () => {
      await stop();
      dir.remove();
    });

    it('proves itself by a signed report before there is any session', async () => {
      expect(await sender.check()).toMatchObject({ account: 'zerodha', session: { state: 'none', delivery: null } });
    });

    it.each([
      ['a wrong signature', { secret: `whsec_${'A'.repeat(44)}` }, 'bad_signature'],
      ['a signature that is no text of ours', { headers: { [HEADER.signature]: 'v1,é' } }, 'bad_signature'],
      ['no signature', { headers: { [HEADER.signature]: '' } }, 'bad_signature'],
      ['an id that nobody should sign', { id: '{"type":"session.report"}' }, 'bad_signature'],
      ['a request from six minutes ago', { at: Date.now() - 360_000 }, 'stale_timestamp'],
      ['a request from six minutes ahead', { at: Date.now() + 360_000 }, 'stale_timestamp'],
    ])('refuses %s and stores nothing', async (_name, sent, reason) => {
      const message = sender.captured(TOKEN);
      const { status, answer } = await sender.deliver(message, sent);
      expect({ status, answer }).toMatchObject({ status: 401, answer: { type: 'session.refused', reason } });
      expect(await state()).toMatchObject({ state: 'none' });
    });

    it('refuses another account', async () => {
      const { status, answer } = await sender.deliver(sender.captured(TOKEN, { account: 'somebody else' }));
      expect({ status, answer }).toMatchObject({ status: 409, answer: { reason: 'wrong_account' } });
    });

    it('reads a dry run and exchanges nothing', async () => {
      const { status, answer } = await sender.deliver(sender.captured(TOKEN, { dry_run: true }));
      expect({ status, answer }).toMatchObject({
        status: 200,
        answer: { status: 'dry_run', session: { state: 'none' } },
      });
      expect(await state()).toMatchObject({ state: 'none' });
    });

    it('keeps its session when the login is of another user, and gives the same answer again', async () => {
      const message = sender.captured(TOKEN, { expected_user: 'ZZ9999' });
      for (const attempt of [1, 2]) {
        const { status, answer } = await sender.deliver(message);
        expect({ attempt, status, answer }).toMatchObject({ status: 409, answer: { reason: 'wrong_account' } });
      }
      expect(await state()).toMatchObject({ state: 'none' });
    });

    it('applies a token, and replays it afterwards', async () => {
      const message = sender.captured(`Another${TOKEN}`, { expected_user: 'AB1234' });
      const id = sender.idOf(message);
      expect((await sender.deliver(message)).answer).toMatchObject({ status: 'applied', session: { delivery: id } });
      expect((await sender.deliver(message)).answer).toMatchObject({ status: 'replayed', session: { delivery: id } });
      expect(await state()).toMatchObject({ state: 'verified', delivery: id, user: 'AB****' });
    });

    it('refuses a capture that is older than its session', async () => {
      const older = sender.captured(`Older${TOKEN}`, { captured_at: '2026-01-01T00:00:00.000Z' });
      const { status, answer } = await sender.deliver(older);
      expect({ status, answer }).toMatchObject({ status: 409, answer: { reason: 'superseded' } });
    });

    it('refuses for good what a written exchange refuses, and tries again what only failed, or where a key was mended', async () => {
      await stop();
      await run(block().replace(placeholder, written + placeholder));
      const said: unknown[] = [];
      for (const word of ['Spent', 'Key', 'Flaky']) {
        const message = sender.captured(word + TOKEN);
        for (const { status, answer } of [await sender.deliver(message), await sender.deliver(message)])
          said.push([status, answer.type === 'session.refused' ? answer.reason : answer.type]);
      }
      expect(said).toEqual([
        [410, 'token_spent'],
        [410, 'token_spent'],
        [422, 'configuration'],
        [200, 'session.applied'],
        [503, 'unavailable'],
        [200, 'session.applied'],
      ]);
    });

    it('exchanges a token once when ten posts of it come at the same time', async () => {
      const message = sender.captured(`Slow${TOKEN}`);
      const replies = await Promise.all(Array.from({ length: 10 }, () => sender.deliver(message)));
      const said = replies.map(({ answer }) => (answer.type === 'session.applied' ? answer.status : answer.type));
      expect(said.toSorted()).toEqual(['applied', ...Array(9).fill('replayed')]);
    });

    it.each<Record<string, string>>([{}, { OPENING_BELL_SECRET: '' }, { OPENING_BELL_SECRET: 'whsec_c2hvcnQ=' }])(
      'does not start without a real secret: %o',
      async (env) => {
        await stop();
        start(env);
        expect(await ended).not.toBe(0);
      },
    );
  });

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
    const growth = [SessionReport, Request, SessionConsented];
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
    const plain = ['rule_failed', 'outcome_unknown', 'logged_out', 'csrf_refused', 'no_tab', 'no_cookies'];
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

describe('README.md says what is there', () => {
  it('shows the routes of examples/ as they stand', () => {
    const shown = [...read('README.md').matchAll(/^```\w+ (examples\/\S+)\n([\s\S]*?)^```$/gm)];
    expect(shown.length).toBeGreaterThan(5);
    for (const [, path = '', code] of shown) expect(code, path).toBe(read(path));
  });

  it('names every permission of the manifest, and no other', () => {
    const config = read('wxt.config.ts');
    const lists = [...config.matchAll(/(?:permissions: |isFirefox \? )\[([^\]]*)\]/g)].map(([, list = '']) => list);
    const declared = lists.flatMap((list) => [...list.matchAll(/'([a-zA-Z]+)'/g)].map(([, name]) => name));
    const told = table('README.md', 'permission').flatMap(([name]) => quoted(name));
    expect(told.toSorted()).toEqual([...new Set(declared)].toSorted());
  });

  it('names every runtime dependency, and no other', () => {
    const declared = ['package.json', 'backend/package.json'].flatMap((path) =>
      Object.keys(JSON.parse(read(path)).dependencies),
    );
    const told = table('README.md', 'runtime dependency').flatMap(([name]) => quoted(name));
    expect(told.toSorted()).toEqual([...new Set(declared)].toSorted());
  });
});

describe('backend/README.md says what the configuration reads', () => {
  const told = table('backend/README.md', 'variable').map(([name, fallback]) => [quoted(name)[0], quoted(fallback)[0]]);
  const defaults = Object.fromEntries(told);

  it('names every variable, and no other', () => {
    const inTable = /^(?!(?:ALICEBLUE|DHAN|FIVEPAISA|FLATTRADE|FYERS|IIFL|UPSTOX)_)/;
    expect(told.map(([name]) => name)).toEqual(VARIABLES.filter((name) => inTable.test(name)));
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

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
