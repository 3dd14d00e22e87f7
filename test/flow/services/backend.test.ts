import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAll } from '../../../utils/services/store/store.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import {
  cleanUp,
  command,
  expectGone,
  isLink,
  logInWith,
  pair,
  shownAccount,
  troubleOf,
} from '../../support/browsers/extension.ts';
import {
  createSender,
  KITE,
  type Sender,
  type Spawned,
  spawnBackend,
  temporaryDir,
  until,
} from '../backend/harness.ts';

/** The extension's own services against the reference backend as a process, which asks a practice broker. */
let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;
let line: Server;
let sender: Sender;
let losesAnswer: boolean;
/** What the backend answered to each token. */
let told: string[];

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
});
afterAll(() => brokers.close());
beforeEach(async () => {
  dir = temporaryDir();
  losesAnswer = false;
  told = [];
  backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path }, dir.path);
  sender = createSender(backend.url, dir.path, 'zerodha');
  line = await openLine(backend.url);
});
afterEach(async () => {
  await cleanUp();
  line.closeAllConnections();
  await new Promise((closed) => line.close(closed));
  await backend.kill('SIGTERM');
  dir.remove();
  brokers.faults.clear();
  brokers.kite.endSession();
  brokers.kite.forget();
});

/** Passes everything on to the backend, and breaks off before the answer to a token where it `losesAnswer`. */
function openLine(target: string): Promise<Server> {
  const { hostname, port, host } = new URL(target);
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const to = { hostname, port, path: incoming.url, method: incoming.method, headers: { ...incoming.headers, host } };
    const passed = request(to, async (answer) => {
      const said = await buffer(answer);
      if (body.includes('session.captured')) {
        const { status, reason } = JSON.parse(said.toString());
        told.push(status ?? reason);
        if (losesAnswer) return void outgoing.destroy();
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(said);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  });
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

const token = () => brokers.kite.issue(KITE.apiKey);
const pairIt = () => {
  const { port } = line.address() as AddressInfo;
  return pair({ url: `http://127.0.0.1:${port}/session`, secret: sender.secret }, { account: 'zerodha' });
};
/** From here on no check is under way: its report would name the login that is pasted, and end it before it is sent. */
const live = (account: string) => shownAccount(account, (view) => isLink(view, 'live', 'done'));
const verified = (account: string) => shownAccount(account, (view) => isLink(view, 'verified', 'done'));
const waiting = async (state: string) => {
  const found = async () => (await readAll()).deliveries.find((one) => one.state === state && one.sending === null);
  // Asked once: a moment later it may be sent again.
  return (await until(found, (one) => one !== undefined)) ?? expect.fail('it is gone');
};
const deliverAgain = async (state: string) => {
  const { id, destination } = await waiting(state);
  await command({ type: 'redeliver', delivery: id, destination });
};
const paste = async (account: string, text: string) => {
  const { ask = '' } = await command({ type: 'paste', account, text });
  await command({ type: 'accept', ask });
};

describe('a delivery that is asked for again', () => {
  it('is answered from memory where its answer was lost', async () => {
    const account = await pairIt();
    losesAnswer = true;
    await logInWith(account, token());
    await expect.poll(() => told[0]).toBe('applied');
    await deliverAgain('waiting');
    await expect.poll(() => told.length).toBeGreaterThan(1);
    losesAnswer = false;
    await verified(account);
    // By itself it comes again as well.
    expect(new Set(told.slice(1))).toEqual(new Set(['replayed']));
    expect(brokers.kite.exchanges).toHaveLength(1);
  });

  it('is exchanged by the same process once the API key is mended at the broker', async () => {
    brokers.faults.add('kite.exchange.checksum');
    const account = await pairIt();
    await logInWith(account, token());
    await waiting('held');
    expect(await troubleOf(account)).toBe('configuration');
    brokers.faults.clear();
    await deliverAgain('held');
    await verified(account);
    expect(told).toEqual(['configuration', 'applied']);
    expect(brokers.kite.exchanges).toHaveLength(2);
  });
});

describe('a used token that is pasted', () => {
  it('is answered from memory where it was applied, and the session stays', async () => {
    const account = await pairIt();
    const used = token();
    await logInWith(account, used);
    await live(account);
    const before = (await sender.check()).session;
    await paste(account, used);
    await expect.poll(() => told).toEqual(['applied', 'replayed']);
    await verified(account);
    expect((await sender.check()).session).toMatchObject({
      delivery: before.delivery,
      exchanged_at: before.exchanged_at,
    });
    expect(brokers.kite.exchanges).toHaveLength(1);
    await expectGone(used);
  });

  it('is refused as before where the broker called it used', async () => {
    brokers.faults.add('kite.exchange.spent');
    const account = await pairIt();
    const used = token();
    for (const [count, send] of [() => logInWith(account, used), () => paste(account, used)].entries()) {
      await send();
      await expect.poll(() => told.length).toBe(count + 1);
      await shownAccount(account, ({ status }) => status === 'failed');
      expect(await troubleOf(account)).toBe('token_spent');
      await expectGone(used);
      brokers.faults.clear();
    }
    expect(told).toEqual(['token_spent', 'token_spent']);
    expect(brokers.kite.exchanges).toHaveLength(1);
  });
});
