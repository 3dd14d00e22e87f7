/**
 * How the older backend came from a token to ticks, in a process of its own: the callback exchanges and writes `.env`, a
 * watcher sees the file change, the old connection is stopped, three seconds pass for its clean-up, the new one starts.
 * Broker client and feed are those of today's backend, so that only the way between them differs.
 */

import { mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { zerodhaClient } from '../../../backend/src/brokers/zerodha.ts';
import { kiteFeed } from '../../../backend/src/feed/kite-feed.ts';
import { speakEnglish } from '../../support/speak-english.ts';
import { accountOf, OLDER_APP } from './apps.ts';

speakEnglish();
const CLEAN_UP_MS = 3_000;

const folder = mkdtempSync(join(tmpdir(), 'opening-bell-older-'));
const file = join(folder, '.env');
writeFileSync(file, '');
process.once('exit', () => rmSync(folder, { recursive: true }));

const client = zerodhaClient(accountOf(OLDER_APP));
let known = '';
let stop = () => {};

watch(folder, () => {
  const accessToken = parseEnv(readFileSync(file, 'utf8')).ZERODHA_ACCESS_TOKEN ?? '';
  if (accessToken === '' || accessToken === known) return;
  known = accessToken;
  void reconnect(accessToken);
});

async function reconnect(accessToken: string): Promise<void> {
  stop();
  await sleep(CLEAN_UP_MS);
  let hasTicked = false;
  const session = {
    account: 'zerodha',
    generation: 1,
    user: '',
    accessToken,
    dayToken: null,
    exchangedAt: 0,
    expiresAt: 0,
  } as const;
  stop = kiteFeed(OLDER_APP.apiKey)(session, {
    subscribed() {},
    ticked() {
      if (!hasTicked) console.log(`first tick ${Date.now()}`);
      hasTicked = true;
    },
    down() {},
  });
}

const server = createServer(async (request, response) => {
  const token = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('request_token') ?? '';
  const exchanged = await client.exchange(token);
  if (exchanged.ok) writeFileSync(file, `ZERODHA_ACCESS_TOKEN='${exchanged.accessToken}'\n`);
  response.end(exchanged.ok ? 'ok' : exchanged.words);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));
