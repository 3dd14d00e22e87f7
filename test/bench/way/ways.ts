import type { Page } from 'playwright-core';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { openDestination } from '../../support/backend/destination.ts';
import { pairWith } from '../../support/backend/pairing.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startChromium } from '../../support/browsers/chromium.ts';
import { until } from '../../support/until.ts';
import { contentScript, floor, startBare } from './bare.ts';
import { clock, type Landing, openLanding } from './landing.ts';

/** One way of a token from the broker to a backend. */
export interface Way {
  name: WayName;
  /** Opens the broker's login page. */
  open(): Promise<Page>;
  /** What has to be so before the login, such as a dead worker. */
  prepare?(): Promise<void>;
  /** Waits until the way is at rest again. */
  rest?(): Promise<unknown>;
}

export type WayName =
  | 'the backend’s own callback'
  | 'a content script at document_idle'
  | 'the floor, worker awake'
  | 'the floor, worker dead'
  | 'this extension, worker awake'
  | 'this extension, worker dead';

export interface Ways {
  all: Way[];
  brokers: PracticeBrokers;
  /** When the last token came to a backend, epoch ms; zero is never. */
  arrival: { at: number };
  close(): Promise<void>;
}

const CALLBACK_KEY = 'callbackkey';
const PAGE_KEY = 'pagekey';

/** Each in a browser of its own, all of them at once, so that one login after the other can go another way. */
export async function openWays(): Promise<Ways> {
  const arrival = { at: 0 };
  const arrived = () => {
    if (arrival.at === 0) arrival.at = clock();
  };
  const brokers = await startPracticeBrokers(clock);
  const landing = await openLanding(arrived);
  brokers.kite.register(APPS.zerodha);
  brokers.kite.register({ ...APPS.zerodha, apiKey: CALLBACK_KEY, redirectUrl: landing.callback });
  brokers.kite.register({ ...APPS.zerodha, apiKey: PAGE_KEY, redirectUrl: landing.page });
  const parts = [
    await callbackWay(brokers),
    await scriptWay(brokers, landing),
    await floorWays(brokers, landing),
    await extensionWays(brokers, arrived),
  ];
  return {
    all: parts.flatMap(({ ways }) => ways),
    brokers,
    arrival,
    async close() {
      for (const { close } of parts) await close();
      landing.close();
      await brokers.close();
    },
  };
}

interface Part {
  ways: Way[];
  close(): Promise<void>;
}

async function callbackWay(brokers: PracticeBrokers): Promise<Part> {
  const { context, close } = await startBare(brokers, null);
  return { ways: [{ name: 'the backend’s own callback', open: () => openLogin(context, CALLBACK_KEY) }], close };
}

async function scriptWay(brokers: PracticeBrokers, { token }: Landing): Promise<Part> {
  const { context, close } = await startBare(brokers, contentScript(token));
  return { ways: [{ name: 'a content script at document_idle', open: () => openLogin(context, PAGE_KEY) }], close };
}

async function floorWays(brokers: PracticeBrokers, { token }: Landing): Promise<Part> {
  const { context, killWorker, close } = await startBare(brokers, floor(token));
  const open = () => openLogin(context, PAGE_KEY);
  const ways: Way[] = [
    { name: 'the floor, worker awake', open },
    { name: 'the floor, worker dead', open, prepare: killWorker },
  ];
  return { ways, close };
}

async function extensionWays(brokers: PracticeBrokers, arrived: () => void): Promise<Part> {
  const destination = await openDestination();
  destination.answerTokens((_, usual) => {
    arrived();
    return usual();
  });
  const chromium = await startChromium({ brokers });
  await chromium.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*');
  const account = await pairWith(chromium, destination, 'bench');
  const open = () => chromium.loginTab(() => chromium.send({ type: 'log-in', account }));
  const rest = () =>
    until(
      () => chromium.account('bench'),
      (one) => one?.status === 'live',
    );
  const ways: Way[] = [
    { name: 'this extension, worker awake', open, rest },
    { name: 'this extension, worker dead', open, rest, prepare: () => chromium.killWorker() },
  ];
  return {
    ways,
    async close() {
      await chromium.close();
      await destination.close();
    },
  };
}

async function openLogin(context: { newPage(): Promise<Page> }, apiKey: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(`https://kite.zerodha.com/connect/login?v=3&api_key=${apiKey}`);
  return tab;
}
