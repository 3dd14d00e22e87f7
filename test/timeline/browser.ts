import messages from '../../public/_locales/en/messages.json' with { type: 'json' };
import { languageOf } from '../../utils/domain/base/words.ts';
import type { Command, Reply } from '../../utils/domain/hold/messages.ts';
import type { Overview } from '../../utils/domain/view/overview.ts';
import { generator } from '../support/samples/random.ts';
import type { Agenda } from './agenda.ts';
import { mac } from './mac.ts';
import type { Product, Surroundings } from './product.ts';

/** What outlives the background: stores, the alarm, the clock. A store that a browser restart empties says so. */
export interface Stores {
  /** storage.session: gone with the browser. */
  memory: Map<string, unknown>;
  /** IndexedDB. */
  records: Map<string, unknown>;
}

/** A request as it leaves the browser; `answer` is called once, with null when no answer can come any more. */
export interface Outgoing {
  from: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}
export interface Incoming {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Outside {
  agenda: Agenda;
  product: Product;
  /** Carries a request; calls back with its answer, or null where the connection broke. */
  send(request: Outgoing, answer: (incoming: Incoming | null) => void): void;
  /** Hears every effect, with its number; says whether the background dies right after it. */
  effect(name: string, subject: string): 'live' | 'die';
  /** How an alarm misfires: by how much, and whether twice. */
  alarm(): { lateMs: number; twice: boolean };
  /** What is written where, before it is: the place to look for secrets and false screens. */
  wrote(store: keyof Stores, key: string, value: unknown): void;
  say(who: string, what: string): void;
}

const ENGLISH = languageOf('en-IN', messages);
const ID = 'openingbell';
const ORIGIN = `chrome-extension://${ID}`;
const IDLE_MS = 30_000;
const NEAREST_ALARM_MS = 30_000;
const NEVER = new Promise<never>(() => {});

type Listener = (...args: unknown[]) => unknown;
const EVENTS = [
  'onMessage',
  'onConnect',
  'onStartup',
  'onInstalled',
  'onAlarm',
  'onAdded',
  'onRemoved',
  'onHeadersReceived',
  'onBeforeRequest',
  'onBeforeSendHeaders',
  'onSendHeaders',
  'onBeforeRedirect',
  'onCompleted',
  'onErrorOccurred',
  'onUpdateAvailable',
  'onClicked',
  'online',
] as const;
type EventName = (typeof EVENTS)[number];

/** One life of the background: its timers, locks and listeners die with it. */
interface Life {
  number: number;
  isDead: boolean;
  lastActivity: number;
  listeners: Record<EventName, Listener[]>;
  timers: Map<number, () => void>;
  lock: { isHeld: boolean; queue: (() => void)[] };
  calls: Map<string, number>;
}

class Key {
  readonly text: string;
  constructor(bytes: Uint8Array) {
    this.text = Buffer.from(bytes).toString('base64');
  }
}

export type SimulatedBrowser = ReturnType<typeof openBrowser>;

/** A browser with the extension in it, as far as its background can tell. */
export function openBrowser(name: string, outside: Outside, stores: Stores, seed: number) {
  const { agenda, say } = outside;
  let { memory, records } = stores;
  const preferences = new Map<string, unknown>();
  let skewMs = 0;
  let lives = 0;
  let life: Life | null = null;
  let alarm: { when: number; periodMs: number | null; cancel: () => void } | null = null;
  let nextTab = 1;
  let nextRequest = 1;
  let movedBack = false;
  let badge = '';
  const tabs = new Map<number, string>();
  const random = generator(seed);
  const wall = () => agenda.now() + skewMs;

  function kill(why: string): void {
    if (!life) return;
    say(name, `background ${life.number} ends: ${why}`);
    life.isDead = true;
    for (const cancel of life.timers.values()) cancel();
    life = null;
  }

  /** The background that lives now; one that was idle too long has ended meanwhile. */
  function awake(): Life | null {
    if (life && agenda.now() - life.lastActivity >= IDLE_MS) kill('idle');
    return life;
  }

  function wake(): Life {
    const living = awake();
    if (living) return living;
    const born: Life = {
      number: ++lives,
      isDead: false,
      lastActivity: agenda.now(),
      listeners: Object.fromEntries(EVENTS.map((event) => [event, []])) as unknown as Life['listeners'],
      timers: new Map(),
      lock: { isHeld: false, queue: [] },
      calls: new Map(),
    };
    life = born;
    say(name, `background ${born.number} begins`);
    outside.product(surroundings(born));
    return born;
  }

  function dispatch(event: EventName, ...args: unknown[]): Promise<unknown> {
    const living = wake();
    living.lastActivity = agenda.now();
    return Promise.all(living.listeners[event].map((listener) => listener(...args))).catch(() => undefined);
  }

  /** A call to the browser that changes something: a kill may follow it, and a dead background changes nothing. */
  function effect<T>(of: Life, kind: string, subject: string, change: () => T): Promise<T> {
    if (of.isDead) return NEVER;
    of.lastActivity = agenda.now();
    const result = change();
    if (outside.effect(kind, subject) === 'live') return Promise.resolve(result);
    kill(`killed after ${kind} ${subject}`);
    return NEVER;
  }

  function read<T>(of: Life, look: () => T): Promise<T> {
    if (of.isDead) return NEVER;
    of.lastActivity = agenda.now();
    return Promise.resolve(look());
  }

  function setAlarm(when: number, periodMs: number | null): void {
    alarm?.cancel();
    movedBack = false;
    const { lateMs, twice } = outside.alarm();
    const due = Math.max(when, wall() + NEAREST_ALARM_MS);
    const fire = () => {
      if (!alarm) return;
      say(name, `alarm rings${lateMs === 0 ? '' : `, ${lateMs} ms late`}${twice ? ', twice' : ''}`);
      if (periodMs === null) alarm = null;
      else setAlarm(wall() + periodMs, periodMs);
      void dispatch('onAlarm', { name: 'pulse' });
      if (twice) void dispatch('onAlarm', { name: 'pulse' });
    };
    alarm = { when: due, periodMs, cancel: agenda.at(due - skewMs + lateMs, fire) };
  }

  function write(store: keyof Stores, of: Life, values: Record<string, unknown>): Promise<void> {
    return effect(of, 'writes', Object.keys(values).join(), () => {
      for (const [key, value] of Object.entries(values)) {
        outside.wrote(store, key, value);
        (store === 'memory' ? memory : records).set(key, value);
      }
    });
  }

  function surroundings(of: Life): Surroundings {
    const on = (event: EventName) => ({
      addListener: (listener: Listener) => void of.listeners[event].push(listener),
      removeListener: (listener: Listener) => {
        of.listeners[event] = of.listeners[event].filter((one) => one !== listener);
      },
    });
    const setBadgeText = ({ text }: { text: string }) =>
      effect(of, 'shows', `the badge ${text}`, () => {
        badge = text;
      });
    const browser = {
      runtime: {
        id: ID,
        getURL: (path: string) => `${ORIGIN}/${path.replace(/^\//, '')}`,
        onMessage: on('onMessage'),
        onConnect: on('onConnect'),
        onStartup: on('onStartup'),
        onInstalled: on('onInstalled'),
        onUpdateAvailable: on('onUpdateAvailable'),
        openOptionsPage: () => read(of, () => undefined),
      },
      alarms: {
        onAlarm: on('onAlarm'),
        get: () => read(of, () => (alarm ? { name: 'pulse', scheduledTime: alarm.when } : undefined)),
        create: (_: string, { when, periodInMinutes }: { when: number; periodInMinutes?: number }) =>
          effect(of, 'sets', 'the alarm', () =>
            setAlarm(when, periodInMinutes === undefined ? null : periodInMinutes * 60_000),
          ),
        clear: () =>
          effect(of, 'clears', 'the alarm', () => {
            alarm?.cancel();
            alarm = null;
          }),
      },
      storage: {
        session: {
          get: (key: string | null) =>
            read(of, () =>
              key === null ? Object.fromEntries(memory) : memory.has(key) ? { [key]: memory.get(key) } : {},
            ),
          // What is set together is there together: it is one message to the browser.
          set: (values: Record<string, unknown>) => write('memory', of, values),
          remove: (keys: string[]) =>
            effect(of, 'removes', keys.join(), () => {
              for (const key of keys) memory.delete(key);
            }),
          onChanged: { addListener() {}, removeListener() {} },
        },
        local: {
          get: (key: string) => read(of, () => (preferences.has(key) ? { [key]: preferences.get(key) } : {})),
          set: (values: Record<string, unknown>) =>
            effect(of, 'writes', 'a preference', () => {
              for (const [key, value] of Object.entries(values)) preferences.set(key, value);
            }),
        },
      },
      permissions: {
        getAll: () => read(of, () => ({ origins: ['<all_urls>'] })),
        contains: () => read(of, () => false),
        onAdded: on('onAdded'),
        onRemoved: on('onRemoved'),
      },
      webRequest: {
        onHeadersReceived: on('onHeadersReceived'),
        onBeforeRequest: on('onBeforeRequest'),
        onBeforeSendHeaders: on('onBeforeSendHeaders'),
        onSendHeaders: on('onSendHeaders'),
        onBeforeRedirect: on('onBeforeRedirect'),
        onCompleted: on('onCompleted'),
        onErrorOccurred: on('onErrorOccurred'),
      },
      scripting: {
        getRegisteredContentScripts: () => read(of, () => []),
        registerContentScripts: () => read(of, () => undefined),
        unregisterContentScripts: () => read(of, () => undefined),
      },
      declarativeNetRequest: {
        getDynamicRules: () => read(of, () => []),
        updateDynamicRules: () => read(of, () => undefined),
      },
      action: {
        setBadgeText,
        setBadgeBackgroundColor: read0,
        setBadgeTextColor: read0,
        setTitle: read0,
        setIcon: read0,
      },
      tabs: {
        create: ({ url }: { url: string }) =>
          effect(of, 'opens', 'a tab', () => {
            tabs.set(nextTab, url);
            return { id: nextTab++ };
          }),
        update: () => read(of, () => undefined),
        get: (tab: number) =>
          tabs.has(tab) ? read(of, () => ({ id: tab, windowId: 1 })) : Promise.reject(new Error('no such tab')),
        query: () => read(of, () => [...tabs.keys()].map((id) => ({ id, windowId: 1 }))),
        remove: (tab: number) => effect(of, 'closes', 'a tab', () => void tabs.delete(tab)),
      },
      i18n: { getMessage: (word: string, values: string[] = []) => ENGLISH.sentence(word, values) },
      contextMenus: {
        onClicked: on('onClicked'),
        removeAll: () => read(of, () => undefined),
        create: () => undefined,
      },
    };
    return {
      browser,
      chrome: browser,
      database: {
        createStore: () => null,
        entries: () => read(of, () => [...records]),
        set: (key: string, value: unknown) => write('records', of, { [key]: value }),
        del: (key: string) => effect(of, 'removes', key, () => void records.delete(key)),
        clear: () => effect(of, 'removes', 'every record', () => records.clear()),
      },
      Date: class extends Date {
        static override now = wall;
      },
      navigator: { locks: { request: (_: string, work: () => Promise<unknown>) => inTurn(of, work) } },
      CryptoKey: Key,
      crypto: {
        randomUUID: () => `life-${name}-${of.number}`,
        getRandomValues: (bytes: Uint8Array) => bytes.map((_, index, all) => (all[index] = random() * 256)),
        subtle: {
          importKey: async (_: string, bytes: Uint8Array) => new Key(bytes),
          sign: async (_: string, { text: key }: Key, text: Uint8Array) => mac(key, textOf(text)),
          verify: async (_: string, { text: key }: Key, given: Uint8Array, text: Uint8Array) =>
            mac(key, textOf(text)).equals(given),
        },
      },
      AbortSignal: {
        timeout: (ms: number) => ({ ms }),
        any: ([timeout, given]: [Timeout, AbortSignal]) => ({ ...timeout, given }),
      },
      fetch: (url: string, init: FetchInit) => call(of, url, init),
      setTimeout: (what: () => void, ms: number) => {
        const id = of.timers.size + 1;
        const cancel = agenda.at(agenda.now() + ms, () => {
          of.timers.set(id, () => {});
          if (awake() === of) what();
        });
        of.timers.set(id, cancel);
        return id;
      },
      clearTimeout: (id: number) => of.timers.get(id)?.(),
      // A clock that no jump of the wall clock moves.
      performance: { now: () => agenda.now() },
      addEventListener: (event: EventName, listener: Listener) => on(event).addListener(listener),
    };
  }

  function inTurn<T>(of: Life, work: () => Promise<T>): Promise<T> {
    if (of.isDead) return NEVER;
    const { lock } = of;
    return new Promise<T>((done, failed) => {
      const begin = () => {
        lock.isHeld = true;
        work()
          .then(done, failed)
          .finally(() => {
            lock.isHeld = false;
            lock.queue.shift()?.();
          });
      };
      if (lock.isHeld || lock.queue.length > 0) lock.queue.push(begin);
      else begin();
    });
  }

  function call(of: Life, url: string, { headers, body, signal }: FetchInit): Promise<unknown> {
    if (of.isDead) return NEVER;
    const answered = new Promise<unknown>((done, failed) => {
      const out = of.calls.get(url) ?? 0;
      of.calls.set(url, out + 1);
      let isOver = false;
      const end = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        of.calls.set(url, (of.calls.get(url) ?? 1) - 1);
        if (awake() === of) settle();
      };
      signal.given?.addEventListener('abort', () => end(() => failed(new DOMException('', 'AbortError'))));
      agenda.at(agenda.now() + signal.ms, () => end(() => failed(new DOMException('', 'TimeoutError'))));
      outside.send({ from: name, url, headers, body: body ?? '' }, (incoming) =>
        end(() => (incoming ? done(responseOf(incoming)) : failed(new TypeError('Failed to fetch')))),
      );
    });
    return effect(of, 'calls', url, () => undefined).then(() => answered);
  }

  return {
    name,
    stores: () => ({ memory, records }),
    clock: wall,
    skewMs: () => skewMs,
    /** When the alarm will ring by the browser's clock, or null. */
    alarmAt: () => alarm?.when ?? null,
    tabUrl: (tab: number) => tabs.get(tab) ?? '',
    newestTab: () => nextTab - 1,
    /** True from a clock that is set back to the next alarm that is set: until then the old one rings late. */
    hasMovedBack: () => movedBack,
    isLocked: () => life?.lock.isHeld ?? false,
    callsOut: () => Math.max(0, ...(life?.calls.values() ?? [])),
    badge: () => badge,
    overview: () => (memory.get('overview') as Overview | undefined) ?? null,
    start: () => void wake(),
    kill: () => kill('killed'),
    /** A command of one of our own pages. */
    async command(command: Command): Promise<Reply | undefined> {
      const replies = await dispatch('onMessage', command, { id: ID, origin: ORIGIN });
      return (replies as Reply[] | undefined)?.[0];
    },
    /** A redirect header of the broker. */
    header(tab: number, from: string, to: string): void {
      void dispatch('onHeadersReceived', {
        tabId: tab,
        frameId: 0,
        url: from,
        responseHeaders: [{ name: 'location', value: to }],
      });
    },
    /** A request for a page, with the page that started it. */
    request(tab: number, url: string, initiator: string, form?: Record<string, string[]>): void {
      const requestBody = form && { formData: form };
      const details = { requestId: String(nextRequest++), tabId: tab, frameId: 0, url, initiator };
      void dispatch('onBeforeRequest', { ...details, requestBody });
      void dispatch('onBeforeSendHeaders', { ...details, requestHeaders: [] });
    },
    jump(byMs: number): void {
      skewMs += byMs;
      say(name, `clock jumps by ${byMs} ms`);
      movedBack ||= byMs < 0;
      if (!alarm) return;
      const { when, periodMs } = alarm;
      alarm.cancel();
      // An alarm that the jump left behind rings at once; one that it moved away stays where the clock says.
      const fire = () => {
        if (periodMs === null) alarm = null;
        else setAlarm(wall() + periodMs, periodMs);
        void dispatch('onAlarm', { name: 'pulse' });
      };
      alarm = { when, periodMs, cancel: agenda.at(when - skewMs, fire) };
    },
    /** The browser ends and starts again, or updates the extension: memory is gone, and in Firefox the alarm as well. */
    restart({ keepsAlarm, keepsMemory, event }: Restart): void {
      kill(event === 'onStartup' ? 'the browser restarts' : 'the extension is updated');
      if (!keepsMemory) memory = new Map();
      if (!keepsAlarm) {
        alarm?.cancel();
        alarm = null;
      }
      void dispatch(event, { reason: 'update' });
    },
  };
}

export interface Restart {
  keepsAlarm: boolean;
  keepsMemory: boolean;
  event: 'onStartup' | 'onInstalled';
}

interface FetchInit {
  headers: Record<string, string>;
  body?: string;
  signal: Timeout;
}

/** When a call is over by itself, and the signal that ends it before. */
interface Timeout {
  ms: number;
  given?: AbortSignal;
}

const read0 = () => Promise.resolve();
const encoder = new TextEncoder();

function responseOf({ status, headers, body }: Incoming): unknown {
  const chunks = [encoder.encode(body)];
  const read = async () => ({ done: chunks.length === 0, value: chunks.shift() });
  return {
    type: 'basic',
    status,
    headers: { get: (name: string) => headers[name] ?? null },
    body: { getReader: () => ({ read }) },
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
