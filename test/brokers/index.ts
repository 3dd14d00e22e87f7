import type { BrokerId } from '../../utils/shared/contract.ts';
import { api as breezeApi } from './breeze/api.ts';
import { type BreezePractice, createBreeze } from './breeze/practice.ts';
import { createStream } from './breeze/stream.ts';
import { browse, type Jar, type Visit } from './browse.ts';
import { makeCertificate } from './certificate.ts';
import type { Fault } from './faults.ts';
import { api as kiteApi } from './kite/api.ts';
import { createLogin } from './kite/login.ts';
import { type App, createKite, type KitePractice } from './kite/practice.ts';
import { createTicker } from './kite/ticker.ts';
import { json, type Seen } from './message.ts';
import { chromiumArgs, nodeEnv, reachFromHere } from './reach.ts';
import { listen } from './server.ts';
import { simples } from './simple/list.ts';
import { answerOf, createSimple, type Simple } from './simple/simple.ts';
import { createYahoo, type YahooPractice } from './yahoo.ts';

export type { BreezePractice, BreezeShape } from './breeze/practice.ts';
export type { Visit } from './browse.ts';
export { FAULTS, type Fault } from './faults.ts';
export type { App, KitePractice, KiteShape } from './kite/practice.ts';

export type SimpleId = keyof typeof simples;

/** What every practice broker can be told and asked. */
export interface Book {
  register(app: App): void;
  /** The tokens of the redirects so far, the latest one last. */
  issued(): string[];
  exchanges: readonly { token: string; outcome: string }[];
  requests: readonly Seen[];
  endSession(): void;
  forget(): void;
}

export interface PracticeBrokers {
  /** One TLS port serves every host name. */
  port: number;
  chromiumArgs: string[];
  /** What a Node process needs in its environment to take the practice brokers for the real ones. */
  nodeEnv: Record<string, string>;
  kite: KitePractice;
  breeze: BreezePractice;
  yahoo: YahooPractice;
  /** The brokers that differ in nothing but their description. */
  simple: Record<SimpleId, Simple>;
  /** Any broker's books, in one shape. */
  book(broker: BrokerId): Book;
  /** Switches, togglable at any time. */
  faults: Set<Fault>;
  /** Opens a login URL without a browser; a jar kept from one visit to the next is a browser that stays open. */
  browse(url: string, jar?: Jar): Promise<Visit>;
  /** Makes this very process take the practice brokers for the real ones, until the returned function is called. */
  reachFromHere(): Promise<() => void>;
  close(): Promise<void>;
}

/** Plays both brokers on their real host names on this machine. `now` is the brokers' clock, in epoch ms. */
export async function startPracticeBrokers(now: () => number = Date.now): Promise<PracticeBrokers> {
  const faults = new Set<Fault>();
  const kite = createKite(faults, now);
  const breeze = createBreeze(faults, now);
  const simple = Object.fromEntries(
    Object.entries(simples).map(([id, description]) => [id, createSimple(description, faults, now)]),
  ) as Record<SimpleId, Simple>;
  const yahoo = createYahoo(now);
  const ticker = createTicker(kite);
  const stream = createStream(breeze);
  const certificate = await makeCertificate();
  const upgradeOnly = () => json({ message: 'Only websockets here.' }, 400);
  const { port, close } = await listen(
    certificate,
    {
      'kite.zerodha.com': { answer: createLogin(kite), requests: kite.requests },
      'api.kite.trade': { answer: (asked) => kiteApi(kite, asked), requests: kite.requests },
      'ws.kite.trade': { answer: upgradeOnly, upgrade: ticker.upgrade, requests: kite.requests },
      'api.icicidirect.com': { answer: (asked) => breezeApi(breeze, asked), requests: breeze.requests },
      'livestream.icicidirect.com': { answer: upgradeOnly, upgrade: stream.upgrade, requests: breeze.requests },
      'query1.finance.yahoo.com': { answer: yahoo.answer, requests: yahoo.requests },
      ...Object.assign({}, ...Object.values(simple).map(sitesOf)),
    },
    now,
  );
  return {
    port,
    chromiumArgs: chromiumArgs(port, certificate),
    nodeEnv: nodeEnv(port, certificate),
    kite,
    breeze,
    yahoo,
    simple,
    book(broker) {
      if (broker === 'zerodha') return { ...kite, issued: () => [...kite.tokens.keys()] };
      if (broker === 'icici') return { ...breeze, issued: () => [...breeze.sessions.keys()] };
      return { ...simple[broker], issued: () => [...simple[broker].codes.keys()] };
    },
    faults,
    browse: (url, jar) => browse(port, certificate, url, jar),
    reachFromHere: () => reachFromHere(port, certificate),
    async close() {
      ticker.close();
      await stream.close();
      await close();
      await certificate.remove();
    },
  };
}

function sitesOf(simple: Simple) {
  const site = { answer: answerOf(simple), requests: simple.requests };
  return Object.fromEntries(simple.description.hosts.map((host) => [host, site]));
}
