import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type AccountName, brokerOf } from '../../../backend/src/config/account-name.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import {
  Answer,
  deliveryId,
  deliveryText,
  HEADER,
  type SessionCaptured,
  type SessionReport,
  signedText,
} from '../../../utils/shared/contract.ts';
import { z } from '../../../utils/shared/schema.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import { programKey } from '../../support/backend/program-key.ts';

import { until } from '../../support/until.ts';

export { until };

const MAIN = resolve(import.meta.dirname, '../../../backend/src/main.ts');

export const KITE = { apiKey: 'kitekey', apiSecret: 'kitesecret', redirectUrl: 'http://127.0.0.1/', userId: 'AB1234' };
export const BREEZE = {
  apiKey: 'breeze+key=',
  apiSecret: 'breezesecret',
  redirectUrl: 'http://127.0.0.1/',
  userId: 'CD5678',
};

export const KEYS = {
  ZERODHA_API_KEY: KITE.apiKey,
  ZERODHA_API_SECRET: KITE.apiSecret,
  BREEZE_API_KEY: BREEZE.apiKey,
  BREEZE_API_SECRET: BREEZE.apiSecret,
};

export function temporaryDir() {
  const path = mkdtempSync(join(tmpdir(), 'opening-bell-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Spawned {
  url: string;
  pid: number;
  output(): string;
  /** Standard output alone. */
  stdout(): string;
  /** The header by which the person's own programs come in. */
  key(): { authorization: string };
  /** Ends it and gives its exit code. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** The real backend as a process of its own, on a free port. */
export async function spawnBackend(env: Record<string, string>, cwd: string): Promise<Spawned> {
  const child = spawn(process.execPath, [MAIN], { env: { ...PROCESS_ENV, PORT: '0', ...KEYS, ...env }, cwd });
  let output = '';
  let stdout = '';
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const url = await new Promise<string>((ready, fail) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (found) ready(found[0]);
    };
    child.stdout?.on('data', (chunk) => (stdout += chunk));
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => fail(new Error(output)));
  });
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  const key = () => programKey(resolve(cwd, env.DATA_DIR ?? '.data'));
  return { url, pid: child.pid ?? 0, output: () => output, stdout: () => stdout, key, kill };
}

/** Waits until a backend has printed this: its two streams and its answers come on ways of their own, in any order. */
export function printed(backend: Spawned, words: string): Promise<string> {
  return until(
    () => backend.output(),
    (text) => text.includes(words),
  );
}

export interface Reply {
  status: number;
  headers: Headers;
  answer: Answer;
}

export interface Sent {
  id?: string;
  /** Epoch ms. */
  at?: number;
  headers?: Record<string, string>;
  secret?: string;
}

/** How a request goes out: through a proxy, it is another way than fetch. */
export type Send = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string },
) => Promise<Response>;

/** One destination as the extension sees it: signs what it sends, and believes only answers that are signed. */
export function createSender(url: string, dataDir: string, account: AccountName, send: Send = fetch) {
  const secret = readFileSync(join(dataDir, `secret-${account}`), 'utf8').split('\n')[0] ?? '';

  const idOf = ({ account, broker, token }: SessionCaptured) =>
    deliveryId(mac(secret, deliveryText(account, broker, token.value)));

  const raw = (body: string, { id = 'check_1', at = Date.now(), headers, secret: other = secret }: Sent = {}) => {
    const timestamp = String(Math.floor(at / 1_000));
    const signature = `v1,${mac(other, signedText(id, timestamp, body)).toString('base64')}`;
    const signed = { [HEADER.id]: id, [HEADER.timestamp]: timestamp, [HEADER.signature]: signature };
    return send(`${url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed, ...headers },
      body,
    });
  };

  const post = async (body: string, sent: Sent = {}): Promise<Reply> => {
    const response = await raw(body, sent);
    const text = await response.text();
    const answer = z.parse(Answer, JSON.parse(text));
    const timestamp = response.headers.get(HEADER.timestamp) ?? '';
    const expected = `v1,${mac(secret, signedText(answer.id, timestamp, text)).toString('base64')}`;
    if (response.headers.get(HEADER.signature) !== expected) throw new Error(`an answer that is not signed: ${text}`);
    if (response.headers.get(HEADER.id) !== answer.id) throw new Error('an answer to another request');
    return { status: response.status, headers: response.headers, answer };
  };

  const deliver = (message: SessionCaptured, sent: Sent = {}) =>
    post(JSON.stringify(message), { id: idOf(message), ...sent });

  return {
    secret,
    raw,
    post,
    idOf,
    deliver,
    /** Delivers again and again, as the extension does, while the answer is *in progress*. */
    deliverAtLast: (message: SessionCaptured) =>
      until(
        () => deliver(message),
        ({ answer }) => answer.type !== 'session.refused' || answer.reason !== 'in_progress',
      ),
    async check(): Promise<SessionReport> {
      const { answer } = await post(JSON.stringify({ version: 1, type: 'session.check', account }));
      if (answer.type !== 'session.report') throw new Error(JSON.stringify(answer));
      return answer;
    },
    captured(token: string, change: Partial<SessionCaptured> = {}): SessionCaptured {
      const now = Date.now();
      return {
        version: 1,
        type: 'session.captured',
        account,
        broker: brokerOf(account),
        token: { kind: brokers[brokerOf(account)].token.kind, value: token },
        captured_at: new Date(now).toISOString(),
        expires_at: new Date(now + 120_000).toISOString(),
        expected_user: null,
        ...change,
      };
    },
  };
}
export type Sender = ReturnType<typeof createSender>;

function mac(secret: string, text: string): Buffer {
  return createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(text)
    .digest();
}
