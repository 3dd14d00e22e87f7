import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePairing } from '../../../utils/shared/pairing.ts';
import { startPracticeBrokers } from '../../brokers/index.ts';
import { play } from '../../conformance/play.ts';
import { FLAWS, type Flaw, openReceiver } from '../../conformance/receiver.ts';
import { drive, kitOf } from '../../peers/kits.ts';
import { BUSY_PEERS, PEERS } from '../../peers/peers.ts';
import { startPeer } from '../../peers/start.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import { KITE, spawnBackend, temporaryDir } from '../backend/harness.ts';

const MAIN = resolve(import.meta.dirname, '../../conformance/main.ts');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
type Answering = { location: string } | null;
const ACCOUNT = { account: 'zerodha', broker: 'zerodha' } as const;

const RULES = [...new Set(Object.values(FLAWS))];

describe('the conformance of a receiver', () => {
  it('is whole where nothing is wrong: every rule is seen and holds', async () => {
    const receiver = await openReceiver(SECRET, null);
    const played = await play({ url: receiver.url, secret: SECRET, ...ACCOUNT }, null);
    await receiver.close();
    expect(played.filter(({ found }) => found !== 'ok')).toEqual([]);
    expect(played.map(({ rule }) => rule).toSorted()).toEqual(RULES.toSorted());
  });

  it.each(Object.entries(FLAWS))('of a receiver whose flaw is “%s” breaks %s and nothing else', async (flaw, rule) => {
    const receiver = await openReceiver(SECRET, flaw as Flaw);
    const played = await play({ url: receiver.url, secret: SECRET, ...ACCOUNT }, null);
    await receiver.close();
    const wrong = played.filter(({ found }) => found === 'broken' || found === 'advice');
    expect(wrong.map(({ rule }) => rule)).toEqual([rule]);
    expect(wrong[0]).toMatchObject({
      found: rule === 'refusals' ? 'advice' : 'broken',
      mend: expect.stringMatching(/\.$/),
    });
  });

  // Beside its tests' exchange, which takes any token but a spent one, each has a feed, two reads and an order that wait.
  for (const peer of [...PEERS, ...BUSY_PEERS])
    it.skipIf(peer.missing() !== null)(`holds for the receiver in ${peer.name}`, async () => {
      const running = await startPeer(peer, ACCOUNT.account, { env: { PRACTICE_FEED: 'yes' } });
      const kit = kitOf(peer);
      if (!kit) throw new Error(`${peer.name} has no kit`);
      await drive(kit, running, [
        ['quote', 'A'],
        ['buy', 'B'],
        ['quote', 'C'],
      ]);
      const played = await play({ url: running.url, secret: running.secret, ...ACCOUNT }, null);
      await running.stop();
      // Django's own server reads no body without its length.
      const unseen = peer.name === 'Django 4.2' ? ['pieces unseen'] : [];
      expect(played.filter(({ found }) => found !== 'ok').map(({ rule, found }) => `${rule} ${found}`)).toEqual(unseen);
    });
});

describe('the reference backend', () => {
  it.each<[what: string, hasTokens: boolean, unseen: string[]]>([
    ['keeps every rule with tokens of its broker', true, ['queue']],
    [
      'has made-up tokens refused there',
      false,
      ['queue', 'feed', 'parallel', 'replay', 'named', 'user', 'superseded', 'wait'],
    ],
  ])('%s', async (_what, hasTokens, unseen) => {
    const brokers = await startPracticeBrokers();
    brokers.kite.register(KITE);
    const dir = temporaryDir();
    const backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path }, dir.path);
    const secret = readFileSync(resolve(dir.path, 'secret-zerodha'), 'utf8').split('\n')[0] ?? '';
    const token = hasTokens ? () => brokers.kite.issue(KITE.apiKey) : undefined;
    const played = await play({ url: `${backend.url}/session`, secret, ...ACCOUNT }, 'SpentSpentSpentSpent', token);
    await backend.kill('SIGTERM');
    await brokers.close();
    dir.remove();
    const others = played.filter(({ found }) => found !== 'ok');
    expect(others.map(({ rule, found }) => `${rule} ${found}`)).toEqual(unseen.map((rule) => `${rule} unseen`));
  });
});

it('docs/contract.md tells every rule', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/contract.md'), 'utf8');
  const rows = page.slice(page.indexOf('| rule |')).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  expect(rows.map((row) => /`(.+?)`/.exec(row)?.[1])).toEqual(RULES);
});

describe('npm run conformance', () => {
  it.each<[flaw: Flaw | null, code: number, says: RegExp]>([
    [null, 0, /✓ proof[\s\S]*Let it forget them\.\nNo rule is broken; 0 to improve, 0 not seen\.\n$/],
    ['twice', 1, /✕ twice +It exchanged the same delivery twice\.\n +Remember the id[\s\S]*1 broken/],
    ['refusals', 0, /! refusals[\s\S]*No rule is broken; 1 to improve/],
  ])('of a receiver whose flaw is %s ends with %i', async (flaw, code, says) => {
    const receiver = await openReceiver(SECRET, flaw);
    const ended = await run([receiver.url], SECRET);
    await receiver.close();
    expect(ended).toMatchObject({ code, out: expect.stringMatching(says) });
    expect(ended.out + ended.err).not.toContain(SECRET);
  });

  it('takes a pairing string from standard input, and writes JSON', async () => {
    const receiver = await openReceiver(SECRET, 'version');
    const pairing = writePairing({
      ...ACCOUNT,
      url: receiver.url,
      secret: SECRET,
      api_key: 'key',
      redirect_url: 'http://127.0.0.1/',
      mode: 'seal',
      expected_user: null,
    });
    const { code, out } = await run(['--json'], `${pairing}\n`);
    await receiver.close();
    const { broken, rules } = JSON.parse(out);
    expect({ code, broken }).toEqual({ code: 1, broken: 1 });
    expect(rules.find(({ found }: { found: string }) => found === 'broken')).toMatchObject({ rule: 'version' });
  });

  it('takes what npm run pair prints, and of several accounts the one that was asked for', async () => {
    const receiver = await openReceiver(SECRET, null);
    const line = (account: string, secret: string) =>
      `${account}: ${writePairing({
        account,
        broker: 'zerodha',
        url: receiver.url,
        secret,
        api_key: 'key',
        redirect_url: 'http://127.0.0.1/',
        mode: 'seal',
        expected_user: null,
      })}`;
    const printed = `\n> opening-bell@0.1.0 pair\n\n${line('icici', OTHER_SECRET)}\n${line('zerodha', SECRET)}\n`;
    const { code } = await run(['--account', 'zerodha'], printed);
    await receiver.close();
    expect(code).toBe(0);
  });

  it.each<[what: string, answer: Answering, says: string]>([
    ['nothing listens', null, 'Start the receiver'],
    ['a login stands in front', { location: '/accounts/login/?next=/session' }, 'A login stands in front'],
    ['a slash is missing', { location: '/session/' }, 'with its last slash'],
    ['it is elsewhere', { location: '/api/session' }, 'Enter the final address'],
    ['it wants https', { location: 'https://127.0.0.1/session' }, 'with https://'],
  ])('says how to mend it where %s, and plays nothing else', async (_what, answer, says) => {
    const server = createServer((_request, response) => response.writeHead(307, answer ?? {}).end());
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/session`;
    const close = () => new Promise((closed) => server.close(closed));
    if (answer === null) await close();
    const played = await play({ url, secret: SECRET, ...ACCOUNT }, null);
    if (answer !== null) await close();
    expect(played).toMatchObject([{ rule: 'redirect', found: 'broken', mend: expect.stringContaining(says) }]);
  });

  it.each([
    ['no secret', ['http://127.0.0.1:1'], ''],
    ['no address', [], SECRET],
    ['an address that tokens must not go to', ['http://backend.example/'], SECRET],
  ])('does not begin with %s', async (_what, args, input) => {
    const { code, err } = await run(args, input);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('npm run conformance') });
  });
});

async function run(args: string[], input: string): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...PROCESS_ENV } });
  child.stdin.end(input);
  const text = async (stream: NodeJS.ReadableStream & { toArray?(): Promise<Buffer[]> }) =>
    Buffer.concat((await stream.toArray?.()) ?? []).toString();
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { out, err, code: await ended };
}
