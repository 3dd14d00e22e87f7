import type { AccountForm, DestinationForm } from '../../utils/domain/accounts/settings.ts';
import type { Command, Reply } from '../../utils/domain/hold/messages.ts';
import { writePairing } from '../../utils/shared/pairing.ts';
import { MINUTE, SECOND } from '../../utils/shared/time.ts';
import { NOW, pairing, SECRET } from '../support/samples/samples.ts';
import { openAgenda } from './agenda.ts';
import { type Incoming, type Outgoing, openBrowser, type SimulatedBrowser, type Stores } from './browser.ts';
import { openNetwork } from './network.ts';
import type { Product } from './product.ts';
import { openReceiver } from './receiver.ts';
import type { Fate, Fault, Schedule } from './schedule.ts';
import { openWatcher, type PlainReceiver } from './watcher.ts';

type Setup = Schedule['destination'];
export const REDIRECT_URL = 'http://127.0.0.1:8000/';
const RESTARTED = {
  restart: { event: 'onStartup', keepsAlarm: true, keepsMemory: false },
  'restart-without-alarm': { event: 'onStartup', keepsAlarm: false, keepsMemory: false },
  update: { event: 'onInstalled', keepsAlarm: true, keepsMemory: false },
  'update-keeping-memory': { event: 'onInstalled', keepsAlarm: true, keepsMemory: true },
} as const;

export type World = ReturnType<typeof openWorld>;

/** Two browsers of one person, a network, a receiver with its broker, and the faults that a schedule names. */
export function openWorld(
  product: Product,
  faults: readonly Fault[],
  stores: readonly Stores[],
  start: number,
  holds = false,
) {
  const agenda = openAgenda(start);
  const events: [at: number, who: string, what: string][] = [];
  const wrong: string[] = [];
  const say = (who: string, what: string) => void events.push([agenda.now(), who, what]);
  const complain = (what: string) => {
    say('WRONG', what);
    wrong.push(what);
  };

  const receiver = openReceiver(agenda, SECRET, (what) => say('backend', what), holds);
  const plain: PlainReceiver = { taken: [], accepted: new Set() };
  let lastTroubleAt = start;
  let troubles = 0;
  const trouble = () => {
    lastTroubleAt = agenda.now();
    troubles += 1;
  };

  const network = openNetwork(agenda, (request, mishap, answer) => {
    if (!isPlain(request)) return receiver.receive(request, mishap, answer);
    if (mishap === 'crash-before') return answer(null);
    if (mishap === 'broker-busy') return answer({ status: 429, headers: {}, body: '' });
    plain.taken.push((JSON.parse(request.body) as { request_token: string }).request_token);
    answer(mishap?.startsWith('crash') ? null : { status: 200, headers: {}, body: '{}' });
  });

  // Faults befall the first browser; the second one is only another browser of the same person.
  const called: string[] = [];
  let isArmed = false;
  let effects = 0;
  let requests = 0;
  let alarms = 0;
  const kills = new Set(faults.flatMap((one) => (one.kind === 'kill' ? [one.after] : [])));

  function fateOf(number: number): Fate | null {
    const found = faults.find((one) => one.kind === 'request' && one.number === number);
    return found?.kind === 'request' ? found.fate : null;
  }

  function open(index: number): { browser: SimulatedBrowser; watcher: ReturnType<typeof openWatcher> } {
    const name = index === 0 ? 'A' : 'B';
    const isFirst = index === 0;
    const watcher = openWatcher(() => browser, receiver, plain, agenda.now, complain);
    const browser: SimulatedBrowser = openBrowser(
      name,
      {
        agenda,
        product,
        say,
        wrote: watcher.wrote,
        effect(kind, subject) {
          say(name, `${kind} ${subject}`);
          if (!isFirst || !isArmed || !kills.has(effects++)) return 'live';
          trouble();
          return 'die';
        },
        alarm() {
          const number = isFirst && isArmed ? alarms++ : -1;
          const found = faults.find((one) => one.kind === 'alarm' && one.number === number);
          if (found?.kind !== 'alarm') return { lateMs: 0, twice: false };
          trouble();
          lastTroubleAt += found.lateMs + 30 * SECOND;
          return found;
        },
        send(request, answer) {
          const fate = isFirst && isArmed ? fateOf(requests++) : null;
          const kind = request.body.includes('session.check') ? 'check' : 'token';
          say(name, `sends a ${kind}${fate === null ? '' : `: ${fate}`}`);
          called.push(request.url);
          watcher.sends(request, browser.clock(), isPlain(request));
          if (fate !== null) trouble();
          network(request, fate, (incoming) => {
            say(name, `hears ${incoming === null ? 'nothing' : `${incoming.status} ${incoming.body.slice(0, 60)}`}`);
            if (fate !== null) lastTroubleAt = Math.max(lastTroubleAt, agenda.now() + waitOf(incoming));
            const isTrue =
              incoming !== null && fate !== 'impostor' && incoming.headers['webhook-signature'] !== undefined;
            watcher.hears(request, isTrue, incoming?.status ?? 0, browser.clock());
            answer(incoming);
          });
        },
      },
      { memory: new Map(stores[index]?.memory), records: new Map(stores[index]?.records) },
      index + 1,
    );
    return { browser, watcher };
  }
  const both = [open(0), open(1)] as const;

  function strike(fault: Fault, act: (name: Extract<Fault, { kind: 'act' }>['act']) => void, from: number): void {
    if (fault.kind === 'act') agenda.at(from + fault.at, () => act(fault.act));
    if (fault.kind === 'jump')
      agenda.at(from + fault.at, () => {
        trouble();
        both[0].browser.jump(fault.byMs);
      });
    if (fault.kind === 'restart')
      agenda.at(from + fault.at, () => {
        trouble();
        both[0].browser.restart(RESTARTED[fault.how]);
      });
  }

  return {
    agenda,
    receiver,
    plain,
    say,
    complain,
    wrong,
    first: both[0],
    second: both[1],
    /** The address of every request, in order. */
    destinations: () => called,
    /** True time of the last fault, and how many there were. */
    lastTrouble: () => ({ at: lastTroubleAt, troubles }),
    /** From now on the faults befall; `act` does what a person or a page does. */
    arm(act: Parameters<typeof strike>[1]): void {
      isArmed = true;
      for (const fault of faults) strike(fault, act, agenda.now());
    },
    /** No fault befalls any more. */
    disarm: () => {
      isArmed = false;
    },
    run: (until: number) =>
      agenda.run(until, () => {
        for (const { watcher } of both) watcher.settled();
      }),
    timeline: () =>
      events.map(([at, who, what]) => `${new Date(at + 5.5 * 60 * MINUTE).toISOString().slice(11, 23)} ${who} ${what}`),
  };
}

/** A refusal that asks to wait is trouble until then. */
function waitOf(incoming: Incoming | null): number {
  return Number(incoming?.headers['retry-after'] ?? 0) * SECOND;
}

const SIGNED_URL = 'https://backend.example/session';
const PLAIN_URL = 'https://plain.example/token';
const isPlain = ({ url }: Outgoing) => url === PLAIN_URL;

/** The stores of a browser whose person has set the account up, by the product's own commands. */
export async function pairedStores(product: Product, setup: Setup): Promise<Stores> {
  const world = openWorld(product, [], [], NOW - 60 * MINUTE);
  const { browser } = world.first;
  for (const command of settingUp(setup)) {
    let reply: Reply | undefined;
    world.agenda.at(world.agenda.now(), async () => {
      reply = await browser.command(typeof command === 'function' ? command(accountOf(browser)) : command);
    });
    await world.run(world.agenda.now() + SECOND);
    if (!reply?.ok) throw new Error(JSON.stringify(reply));
  }
  browser.kill();
  return browser.stores();
}

export function accountOf(browser: SimulatedBrowser): string {
  return browser.overview()?.accounts[0]?.settings.id ?? '';
}

function settingUp(setup: Setup): (Command | ((account: string) => Command))[] {
  const value = pairing({
    url: SIGNED_URL,
    broker: setup === 'breeze' ? 'icici' : 'zerodha',
    redirect_url: REDIRECT_URL,
    expected_user: null,
  });
  if (setup !== 'plain') return [{ type: 'pair', text: writePairing(value) }];
  const { account: name, broker, api_key: apiKey, redirect_url: redirectUrl, mode } = value;
  const form: AccountForm = { name, broker, apiKey, redirectUrl, mode, expectedUser: null };
  const destination: DestinationForm = {
    kind: 'plain',
    url: PLAIN_URL,
    method: 'POST',
    format: 'json',
    field: 'request_token',
    authorization: { kind: 'none' },
    success: null,
    secret: '',
  };
  return [
    { type: 'save-account', id: null, form },
    (account) => ({ type: 'save-destination', account, form: destination }),
  ];
}
