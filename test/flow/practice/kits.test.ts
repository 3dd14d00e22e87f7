import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionReport } from '../../../utils/shared/contract.ts';
import { type Caller, createCaller, madeUpToken } from '../../conformance/caller.ts';
import { refusalOf } from '../../conformance/rule.ts';
import { KITS, type RunningKit, ran, runOnce, startKit } from '../../peers/kits.ts';
import { EXAMPLES, NODE_KIT_FILES } from '../../peers/start.ts';
import { until } from '../../support/until.ts';
import { temporaryDir } from '../backend/harness.ts';

const ACCOUNT = { account: 'zerodha', broker: 'zerodha' } as const;

function callerOf({ url, secret }: RunningKit): Caller {
  return createCaller({ url, secret, ...ACCOUNT });
}

async function report(caller: Caller): Promise<SessionReport> {
  const { answer } = await caller.check();
  if (answer?.type !== 'session.report') throw new Error(JSON.stringify(answer));
  return answer;
}

const isVerified = ({ session }: SessionReport) => session.state === 'verified';
const logIn = (caller: Caller, token = madeUpToken('Login')) => caller.capture(caller.captured(token));

for (const kit of KITS)
  describe(`${kit.name} as a receiver`, () => {
    let running: RunningKit;
    let caller: Caller;
    beforeAll(async () => {
      running = await startKit(kit);
      caller = callerOf(running);
    });
    afterAll(() => running.stop());

    it('survives a POST that is broken off', async () => {
      for (const head of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
        const socket = net.connect(Number(new URL(running.url).port), '127.0.0.1');
        await new Promise((sent) => socket.write(`POST /session HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n{`, sent));
        socket.destroy();
        await new Promise((closed) => socket.once('close', closed));
      }
      expect((await caller.check()).outcome.kind).toBe('reported');
    });

    it('tells nothing to a request that is not signed', async () => {
      await logIn(caller);
      const response = await fetch(running.url, { method: 'POST', body: '{}' });
      expect([response.status, Object.keys(await response.json()).toSorted()]).toEqual([
        401,
        ['id', 'message', 'reason', 'server_time', 'type'],
      ]);
    });

    it('verifies its session, runs the feed, and reports it all as the contract has it', async () => {
      const shown = await until(() => report(caller), isVerified);
      expect(shown.session).toMatchObject({ user: 'AB****' });
      const { feed, queue } = await until(
        () => report(caller),
        (one) => one.feed?.state === 'live',
      );
      expect([feed?.first_tick_at === null, queue?.parked]).toEqual([false, 0]);
    });

    it.each<[what: string, body: string]>([
      ['no JSON', 'hello'],
      ['no object', '[1]'],
      ['null', 'null'],
      ['no type', '{"version":1,"account":"zerodha"}'],
      ['a deep pile', '['.repeat(8_000)],
      ['an account that is a number', '{"version":1,"type":"session.check","account":7}'],
      ['another version', '{"version":true,"type":"session.check","account":"zerodha"}'],
      ['a capture without a token', '{"version":1,"type":"session.captured","account":"zerodha","broker":"zerodha"}'],
      ['text that is no UTF-8', '\uFFFF{'],
    ])('refuses as bad_request what is signed and is %s', async (_what, body) => {
      const reply = await caller.post(body);
      expect([reply.status, refusalOf(reply)]).toEqual([400, 'bad_request']);
    });

    it.each<[field: string, change: Record<string, unknown>]>([
      ['captured_at', { captured_at: 'yesterday' }],
      ['captured_at', { captured_at: '2026-13-45T00:00:00Z' }],
      ['expires_at', { expires_at: 5 }],
      ['token', { token: 'text' }],
      ['token.value', { token: { kind: 'one-time', value: '../../etc/passwd' } }],
      ['token.value', { token: { kind: 'one-time', value: ['ExampleRequestToken0123'] } }],
      ['token.kind', { token: { kind: 'day', value: madeUpToken('Kind') } }],
      ['broker', { broker: 'upstox' }],
      ['broker', { broker: ['zerodha'] }],
      ['expected_user', { expected_user: 7 }],
      ['dry_run', { dry_run: 'yes' }],
    ])('refuses as bad_request a capture whose %s is %o', async (_field, change) => {
      const before = (await report(caller)).session.delivery;
      const message = { ...caller.captured(madeUpToken('Broken')), ...change };
      const reply = await caller.post(JSON.stringify(message), { id: 'ob_broken' });
      expect([reply.status, refusalOf(reply)]).toEqual([400, 'bad_request']);
      expect((await report(caller)).session.delivery).toBe(before);
    });

    it('refuses the token of the other broker, and names its own', async () => {
      const token = { kind: 'day', value: '12345678' } as const;
      const reply = await caller.capture(caller.captured('12345678', { broker: 'icici', token }));
      expect(reply.answer).toMatchObject({ reason: 'wrong_account', message: 'this receiver is for zerodha' });
    });

    it('reads a body that comes in pieces', async () => {
      expect(await inPieces(caller)).toMatchObject({ type: 'session.report' });
    });

    it('writes a fault of the exchange into the log, without the token', async () => {
      const token = madeUpToken('Fault');
      const reply = await logIn(caller, token);
      expect([reply.status, refusalOf(reply)]).toEqual([503, 'unavailable']);
      expect(running.printed()).toMatch(/exchange failed[\s\S]*no such thing as …/);
      expect(running.printed()).not.toContain(token);
    });

    it.each([
      ['Spent', [410, 'token_spent'], [410, 'token_spent']],
      ['Key', [422, 'configuration'], [200, null]],
      ['Flaky', [503, 'unavailable'], [200, null]],
      // A reason that the contract does not have, and answers that are no session.
      ['Word', [503, 'unavailable'], [200, null]],
      ['Nobody', [503, 'unavailable'], [200, null]],
      ['Ends', [503, 'unavailable'], [200, null]],
      ['Blank', [503, 'unavailable'], [200, null]],
      ['Over', [503, 'unavailable'], [200, null]],
    ])('answers an exchange that says %s by %o, and the same token again by %o', async (begin, ...expected) => {
      const message = caller.captured(madeUpToken(begin));
      const replies = [await caller.capture(message), await caller.capture(message)];
      expect(replies.map((reply) => [reply.status, refusalOf(reply)])).toEqual(expected);
    });

    it('keeps its session, its pin and its answers over a restart', async () => {
      const token = madeUpToken('Restart');
      await logIn(caller, token);
      await running.down();
      await running.up();
      expect((await report(caller)).session.state).toMatch(/exchanged|verified/);
      expect((await logIn(caller, token)).answer).toMatchObject({ status: 'replayed' });
    });

    it('keeps its pin against a sender that names another person', async () => {
      const reply = await caller.capture(caller.captured(madeUpToken('Pin'), { expected_user: 'ZZ0000' }));
      expect(refusalOf(reply)).toBe('wrong_account');
      const small = await caller.capture(caller.captured(madeUpToken('Pin'), { expected_user: 'ab1234' }));
      expect(small.outcome.kind).toBe('applied');
    });

    it('leaves its files to its own user', () => {
      const folder = join(running.folder, '.opening-bell');
      const modes = ['', 'zerodha.db', 'zerodha.lead', 'zerodha.exchange'].map(
        (name) => statSync(join(folder, name)).mode & 0o777,
      );
      expect(modes.map((mode) => mode.toString(8))).toEqual(['700', '600', '600', '600']);
    });

    it.each(['Dead', 'False', 'Breeze'])('says that a session is over which the broker refuses: %s', async (begin) => {
      await logIn(caller, madeUpToken(begin));
      const { session } = await until(
        () => report(caller),
        (one) => one.session.state === 'rejected',
      );
      expect(session.problem).toMatch(/refuses/);
    });
  });

describe.each(KITS)('$name without what it needs', (kit) => {
  const good = randomBytes(32).toString('base64');

  it.each<[what: string, secret: string | undefined, says: RegExp]>([
    ['no secret', undefined, /not set/],
    ['an empty secret', '', /not set/],
    ['quotes', `"whsec_${good}"`, /quotes or blanks/],
    ['single quotes', `'whsec_${good}'`, /quotes or blanks/],
    ['a line break', `whsec_${good}\r`, /quotes or blanks/],
    ['no whsec_', good, /is no secret/],
    ['too few bytes', 'whsec_c2hvcnQ=', /is no secret/],
    ['a placeholder', 'whsec_your-secret-here', /is no secret/],
    ['another base64', `whsec_${'-_'.repeat(22)}`, /is no secret/],
    ['a placeholder of the right length', `whsec_${'x'.repeat(43)}=`, /example/],
    ['the secret of docs/contract.md', 'whsec_YW4gZXhhbXBsZSBzZWNyZXQsIG5ldmVyIHVzZSBpdCE=', /example/],
  ])('its server ends with one sentence: %s', async (_what, secret, says) => {
    const { code, printed } = await runOnce(kit, secret === undefined ? {} : { OPENING_BELL_SECRET: secret });
    expect(code).toBe(1);
    expect(printed.trim()).toMatch(says);
    expect(printed.trim()).not.toContain('\n');
    expect(printed).not.toContain(good);
  });

  it.each<[name: string, value: string, says: RegExp]>([
    ['ACCOUNT', '"zerodha"', /ACCOUNT has quotes or blanks/],
    ['ACCOUNT', 'zerodha\r', /ACCOUNT has quotes or blanks/],
    ['ACCOUNT', '“zerodha”', /ACCOUNT is no account/],
    ['USER', "'AB1234'", /USER has quotes or blanks/],
    ['USER', 'AB1234 ', /USER has quotes or blanks/],
    ['USER', 'AB****', /USER is no user id/],
    ['BROKER', '"zerodha"', /BROKER must be/],
  ])('its server ends with one sentence where OPENING_BELL_%s is %j', async (name, value, says) => {
    const { code, printed } = await runOnce(kit, {
      OPENING_BELL_SECRET: `whsec_${good}`,
      [`OPENING_BELL_${name}`]: value,
    });
    expect(code).toBe(1);
    expect(printed.trim()).toMatch(says);
    expect(printed.trim()).not.toContain('\n');
  });

  it('a site that has it goes on: it answers 503 and says why, unsigned, until the secret is there', async () => {
    const text = kit.name.endsWith('.py')
      ? 'import json, opening_bell; print(json.dumps(opening_bell.receive({}, b"{}")[0::2], default=bytes.decode))'
      : "import { receive } from './opening-bell.mjs'; const { status, text } = await receive(() => null, Buffer.from('{}')); console.log(JSON.stringify([status, text])); process.exit();";
    const { code, printed } = await runOnce(kit, {}, text);
    const [status, answer] = JSON.parse(printed.trim().split('\n').at(-1) ?? '');
    expect({ code, status, answer: JSON.parse(answer) }).toMatchObject({
      code: 0,
      status: 503,
      answer: { type: 'session.refused', reason: 'configuration', message: 'OPENING_BELL_SECRET is not set' },
    });
    expect(printed).toMatch(/^Opening Bell answers nothing yet: OPENING_BELL_SECRET is not set\n/);
  });

  it('takes no token, and pins nobody, before exchange is written', async () => {
    const running = await startKit(kit);
    const empty = kit.name.endsWith('.py') ? 'trading.py' : 'trading.mjs';
    await running.down();
    writeFileSync(join(running.folder, empty), '');
    await running.up();
    const caller = callerOf(running);
    const reply = await logIn(caller);
    expect([reply.status, refusalOf(reply), (await report(caller)).session.state]).toEqual([
      422,
      'configuration',
      'none',
    ]);
    await running.stop();
  });
});

it('receiver.py and receiver.mjs close a connection on which nothing comes', async () => {
  const closed = KITS.map(async (kit) => {
    const running = await startKit(kit);
    const socket = net.connect(Number(new URL(running.url).port), '127.0.0.1');
    await new Promise((ended) => socket.resume().once('close', ended));
    await running.stop();
  });
  await Promise.all(closed);
});

describe.each(KITS)('$name', (kit) => {
  const isPython = kit.name.endsWith('.py');
  const inKit = (python: string, node: string) =>
    runOnce(kit, { OPENING_BELL_SECRET: `whsec_${randomBytes(32).toString('base64')}` }, isPython ? python : node);

  it('takes no call that would be forgotten before it is too late', async () => {
    const { code, printed } = await inKit(
      'import opening_bell; opening_bell.acts(within=700_000)(lambda session, key: None)',
      "import { acts } from './opening-bell.mjs'; acts('buy', { within: 700_000 }, () => null);",
    );
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining('within is a week at most') });
  });

  it('keeps its files in its folder, whatever the account is called', async () => {
    const { printed } = await inKit(
      'import os, opening_bell as kit; os.environ["OPENING_BELL_ACCOUNT"] = "my/acc"; print(kit.current()); print(os.listdir(".opening-bell"))',
      "import { readdirSync } from 'node:fs'; import { current } from './opening-bell.mjs'; process.env.OPENING_BELL_ACCOUNT = 'my/acc'; console.log(current()); console.log(readdirSync('.opening-bell'));",
    );
    expect(printed.split('\n').slice(0, 2)).toEqual([isPython ? 'None' : 'null', expect.stringContaining('my_acc.db')]);
  });
});

it('opening_bell.py gives a read its own key, and a forked process its own worker', async () => {
  const [python] = KITS;
  if (!python) throw new Error('there is no kit for Python');
  const { printed } = await runOnce(
    python,
    { OPENING_BELL_SECRET: `whsec_${randomBytes(32).toString('base64')}` },
    `import os, threading, opening_bell as kit
@kit.reads
def quote(session, key): return key
try: quote(key="NSE:INFY")
except kit.AuthRequired: print(kit.calls()[0]["given"], flush=True)
kit.start()
if os.fork() == 0:
    before = threading.active_count()
    kit.start()
    print(before, threading.active_count(), flush=True)
    os._exit(0)
os.wait()
`,
  );
  expect(printed).toBe('[[], {"key": "NSE:INFY"}]\n1 2\n');
});

it('opening-bell.mjs says of a long body that it is too long, also where it comes as one', async () => {
  const node = KITS.find(({ name }) => name.endsWith('.mjs'));
  if (!node) throw new Error('there is no kit for Node');
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const { printed } = await runOnce(
    node,
    { OPENING_BELL_SECRET: secret },
    `import { answer } from './opening-bell.mjs';
    const body = new ReadableStream({ start(to) { to.enqueue(new Uint8Array(20_000)); to.close(); } });
    const { status } = await answer(new Request('http://127.0.0.1/', { method: 'POST', body, duplex: 'half' }));
    console.log(status);
    process.exit();`,
  );
  expect(printed).toBe('400\n');
});

it.each<[how: string, left: string]>([
  ['bytes in rawBody', 'rawBody: Buffer.from(body)'],
  ['a text in rawBody, as many guides for webhooks have it', 'rawBody: body, body: JSON.parse(body)'],
  ['a text in body', 'body'],
])('opening-bell.mjs takes what a parser before it left: %s', async (_, left) => {
  const node = KITS.find(({ name }) => name.endsWith('.mjs'));
  if (!node) throw new Error('there is no kit for Node');
  const { printed } = await runOnce(
    node,
    { OPENING_BELL_SECRET: `whsec_${randomBytes(32).toString('base64')}` },
    `import { createHmac } from 'node:crypto';
    import { respond } from './opening-bell.mjs';
    const body = JSON.stringify({ version: 1, type: 'session.check', account: 'zerodha', note: 'é' });
    const at = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(process.env.OPENING_BELL_SECRET.slice(6), 'base64');
    const signature = 'v1,' + createHmac('sha256', key).update('chk_1.' + at + '.' + body).digest('base64');
    const headers = { 'webhook-id': 'chk_1', 'webhook-timestamp': at, 'webhook-signature': signature };
    const response = { writeHead: (status) => ({ end: () => console.log(status) }) };
    await respond({ headers, ${left}, async *[Symbol.asyncIterator]() {} }, response);
    process.exit();`,
  );
  expect(printed).toBe('200\n');
});

it('opening_bell.py is written in the language of Python 3.9', async () => {
  const text = 'import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 9))';
  const file = join(EXAMPLES, 'python/opening_bell.py');
  expect(await ran('python3', ['-c', text, file], EXAMPLES, {})).toMatchObject({ code: 0, err: '' });
});

it('docs/kit.md says how long each file of the kits is', () => {
  const page = readFileSync(resolve(EXAMPLES, '../docs/kit.md'), 'utf8');
  const said = [...page.matchAll(/^\| \[`[^`]+`\]\(\.\.\/examples\/([^)]+)\) \| (\d+) \|/gm)].map(([, file, lines]) => [
    file,
    lines,
  ]);
  const files = ['python/opening_bell.py', ...NODE_KIT_FILES, 'node/opening-bell.d.mts'];
  const linesOf = (file: string) => readFileSync(join(EXAMPLES, file), 'utf8').trimEnd().split('\n').length;
  expect(said).toEqual(files.map((file) => [file, String(linesOf(file))]));
});

describe('opening-bell.mjs', () => {
  it.each<[type: string | undefined, file: string, text: string]>([
    ['commonjs', 'app.js', "console.log(typeof require('./opening-bell.mjs').receive)"],
    ['commonjs', 'app.js', "import('./opening-bell.mjs').then(({ receive }) => console.log(typeof receive))"],
    [undefined, 'app.js', "console.log(typeof require('./opening-bell.mjs').receive)"],
    ['module', 'app.js', "import { receive } from './opening-bell.mjs'; console.log(typeof receive)"],
  ])('is had in a project whose type is %s', async (type, file, text) => {
    const dir = temporaryDir();
    for (const from of NODE_KIT_FILES) cpSync(join(EXAMPLES, from), join(dir.path, basename(from)));
    writeFileSync(join(dir.path, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(dir.path, file), text);
    const { code, out } = await ran(process.execPath, [file], dir.path, {});
    dir.remove();
    expect({ code, out }).toEqual({ code: 0, out: 'function\n' });
  });
});

describe('opening-bell.d.mts', () => {
  const TYPES = resolve(import.meta.dirname, '../../../node_modules');
  const TSC = join(TYPES, '.bin/tsc');
  const GIVEN = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--typeRoots',
    join(TYPES, '@types'),
    '--types',
    'node',
  ];
  const TEXT = `import { acts, AuthRequired, calls, confirm, current, reads, respond, yours } from './opening-bell.mjs';
    yours({ exchange: async (token) => ({ user: 'AB1234', token }), verify: async () => undefined });
    const quote = reads('quote', async (_session, name: string) => name.length);
    const buy = acts('buy', { within: 60, lookUp: () => null }, (_session, key, count: number) => ({ key, count }));
    export const seen: [Promise<number>, Promise<{ key: string }>] = [quote('A'), buy.keyed('k', 5)];
    export const waits = (error: unknown) => (error instanceof AuthRequired ? error.answer.parked : null);
    export const told = [current()?.user, calls()[0]?.state, confirm(1), respond];
    // @ts-expect-error a number is no name
    void quote(5);
  `;

  it.each(['module', 'commonjs'])('gives a TypeScript project of type %s its types', async (type) => {
    const dir = temporaryDir();
    for (const end of ['mjs', 'd.mts'])
      cpSync(join(EXAMPLES, `node/opening-bell.${end}`), join(dir.path, `opening-bell.${end}`));
    writeFileSync(join(dir.path, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(dir.path, 'app.ts'), TEXT);
    const { code, out } = await ran(TSC, [...GIVEN, 'app.ts'], dir.path, {});
    dir.remove();
    expect({ code, out }).toEqual({ code: 0, out: '' });
  });
});

/** A signed check whose body goes out as two chunks, without a length. */
function inPieces(caller: Caller): Promise<unknown> {
  const { url, account } = caller.target;
  const body = JSON.stringify({ version: 1, type: 'session.check', account });
  return new Promise((done, fail) => {
    const request = http.request(
      url,
      { method: 'POST', headers: caller.sign('chk_pieces', body) },
      async (response) => {
        const chunks = await response.toArray();
        done(JSON.parse(Buffer.concat(chunks).toString()));
      },
    );
    request.on('error', fail);
    request.write(body.slice(0, 10));
    request.end(body.slice(10));
  });
}
