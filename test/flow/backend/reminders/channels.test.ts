import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../../backend/src/config/config.ts';
import { channelsOf } from '../../../../backend/src/reminders/channels.ts';
import { deliver, WAITS_MS } from '../../../../backend/src/reminders/deliver.ts';
import type { Channel, Message, Sent } from '../../../../backend/src/reminders/message.ts';
import { post } from '../../../../backend/src/reminders/post.ts';
import { holdPort, startMailServer, startReceiver } from '../../../support/backend/receivers.ts';
import { ist } from '../../../support/samples/samples.ts';
import { KEYS } from '../harness.ts';

const MESSAGE: Message = {
  kind: 'morning',
  account: 'zerodha',
  at: ist('2026-11-20 08:45'),
  title: 'Zerodha: log in',
  text: 'There is no session yet <today> & so on.',
  link: 'https://bell.example.net/admin/login?login=zerodha',
};
const BOT_TOKEN = '123456:practice-token-of-a-bot';

let http: Awaited<ReturnType<typeof startReceiver>>;
let smtp: Awaited<ReturnType<typeof startMailServer>>;
let dead: Awaited<ReturnType<typeof holdPort>>;
beforeAll(async () => {
  http = await startReceiver();
  smtp = await startMailServer();
  dead = await holdPort(smtp.port);
});
afterAll(async () => {
  dead.close();
  await http.close();
  await smtp.close();
});
beforeEach(() => {
  http.heard.length = 0;
  http.answer = { status: 200, body: '{"ok":true}' };
  smtp.mails.length = 0;
  smtp.refuse = null;
});

type Way = (http: string, mailPort: number, password?: string) => Record<string, string>;
const WAYS: Record<Channel['name'], Way> = {
  webhook: (url) => ({ ALERT_WEBHOOK_URL: `${url}/hook` }),
  ntfy: (url) => ({ REMIND_NTFY_URL: `${url}/my-topic`, REMIND_NTFY_TOKEN: 'tk_practice' }),
  telegram: (url) => ({
    REMIND_TELEGRAM_URL: url,
    REMIND_TELEGRAM_TOKEN: BOT_TOKEN,
    REMIND_TELEGRAM_CHAT: '4711',
  }),
  slack: (url) => ({ REMIND_SLACK_URL: `${url}/services/T0/B0/practice` }),
  'e-mail': (_url, port, password = 'mail%20password') => ({
    REMIND_MAIL_SERVER: `smtp://me:${password}@127.0.0.1:${port}`,
    REMIND_MAIL_FROM: 'bell@example.net',
    REMIND_MAIL_TO: 'me@example.net',
  }),
};
const NAMES = Object.keys(WAYS) as Channel['name'][];
const BY_HTTP = NAMES.filter((name) => name !== 'e-mail');

function channel(name: Channel['name'], url = http.url, port = smtp.port, password?: string): Channel {
  const config = readConfig({ ...KEYS, ...WAYS[name](url, port, password) });
  const [found, ...more] = config.ok ? channelsOf(config.value) : [];
  if (found?.name !== name || more.length > 0) throw new Error(`not ${name} alone`);
  return found;
}

describe('a reminder arrives', () => {
  it('at a webhook, in the form of an alert', async () => {
    expect(await channel('webhook').send(MESSAGE)).toEqual({ ok: true });
    expect(http.heard).toMatchObject([{ path: '/hook', headers: { 'content-type': 'application/json' } }]);
    expect(JSON.parse(http.heard[0]?.body ?? '')).toEqual({
      alert: 'morning',
      reminder: 'morning',
      account: 'zerodha',
      at: '2026-11-20T03:15:00.000Z',
      text: `${MESSAGE.title}. ${MESSAGE.text}`,
      login: MESSAGE.link,
    });
  });

  it('at a topic of ntfy, with the login behind a tap', async () => {
    expect(await channel('ntfy').send(MESSAGE)).toEqual({ ok: true });
    const headers = { title: MESSAGE.title, click: MESSAGE.link, authorization: 'Bearer tk_practice' };
    expect(http.heard).toMatchObject([{ path: '/my-topic', headers, body: MESSAGE.text }]);
  });

  it('in a chat of Telegram', async () => {
    expect(await channel('telegram').send(MESSAGE)).toEqual({ ok: true });
    expect(http.heard[0]?.path).toBe(`/bot${BOT_TOKEN}/sendMessage`);
    expect(JSON.parse(http.heard[0]?.body ?? '')).toEqual({
      chat_id: '4711',
      text: `${MESSAGE.title}\n${MESSAGE.text}\n${MESSAGE.link}`,
      link_preview_options: { is_disabled: true },
    });
  });

  it('at Slack, with nothing that Slack reads as a sign of its own', async () => {
    expect(await channel('slack').send(MESSAGE)).toEqual({ ok: true });
    expect(JSON.parse(http.heard[0]?.body ?? '').text).toBe(
      '*Zerodha: log in*\nThere is no session yet &lt;today&gt; &amp; so on.\n<https://bell.example.net/admin/login?login=zerodha>',
    );
  });

  it('as a mail, from a person who signs in at the server', async () => {
    expect(await channel('e-mail').send(MESSAGE)).toEqual({ ok: true });
    expect(smtp.mails).toMatchObject([{ from: 'bell@example.net', to: ['me@example.net'], user: 'me' }]);
    expect(smtp.mails[0]?.text).toContain('Subject: Zerodha: log in');
    expect(smtp.mails[0]?.text.replaceAll('=\r\n', '').replaceAll('=3D', '=')).toContain(MESSAGE.link);
  });
});

describe('a reminder that does not arrive', () => {
  it.each(
    BY_HTTP.flatMap((name) => [
      { name, answer: { status: 404 }, sent: { ok: false, why: 'answered 404', again: false } },
      {
        name,
        answer: { status: 301, headers: { location: '/' } },
        sent: { ok: false, why: 'answered 301', again: false },
      },
      { name, answer: { status: 503 }, sent: { ok: false, why: 'answered 503', again: true } },
      {
        name,
        answer: { status: 429, headers: { 'retry-after': '7' } },
        sent: { ok: false, why: 'answered 429', again: true, retryAfterMs: 7_000 },
      },
      {
        name,
        answer: { status: 429, body: '{"ok":false,"parameters":{"retry_after":9}}' },
        sent: { ok: false, why: 'answered 429', again: true, retryAfterMs: 9_000 },
      },
    ]),
  )('by $name is told by its number alone: $answer', async ({ name, answer, sent }) => {
    http.answer = answer;
    expect(await channel(name).send(MESSAGE)).toEqual(sent);
    expect(http.heard).toHaveLength(1);
  });

  it.each(NAMES)('by %s where nobody listens says so, without address and secret', async (name) => {
    const sent = await channel(name, `http://127.0.0.1:${dead.port}`, dead.port).send(MESSAGE);
    expect(sent).toEqual({ ok: false, why: expect.stringMatching(/^cannot be reached \([A-Z]+\)$/), again: true });
  });

  it('is given up where no answer comes', async () => {
    http.answer = null;
    expect(await post({ url: http.url, body: 'text' }, 1)).toEqual({
      ok: false,
      why: 'did not answer in time',
      again: true,
    });
  });

  it.each<[what: string, refuse: number, again: boolean]>([
    ['an address that there is not', 550, false],
    ['a mailbox that is busy', 450, true],
  ])('by e-mail to %s', async (_what, refuse, again) => {
    smtp.refuse = refuse;
    expect(await channel('e-mail').send(MESSAGE)).toEqual({ ok: false, why: `answered ${refuse}`, again });
  });

  it('by e-mail with a wrong password', async () => {
    const sent = await channel('e-mail', http.url, smtp.port, 'wrong').send(MESSAGE);
    expect(sent).toEqual({ ok: false, why: 'answered 535', again: false });
  });
});

describe('an attempt that failed', () => {
  const again: Sent = { ok: false, why: 'answered 503', again: true };
  const never: Sent = { ok: false, why: 'answered 404', again: false };
  const soon: Sent = { ok: false, why: 'answered 429', again: true, retryAfterMs: 60_000 };
  const hour: Sent = { ok: false, why: 'answered 429', again: true, retryAfterMs: 3_600_000 };
  const good: Sent = { ok: true };

  it.each<[answers: Sent[], waits: number[], end: Sent]>([
    [[good], [], good],
    [[again, good], WAITS_MS.slice(0, 1), good],
    [[again, again, again, again], [...WAITS_MS], again],
    [[never], [], never],
    [[soon, good], [60_000], good],
    [[hour], [], hour],
  ])('is followed by at most three others: %j', async (answers, waits, end) => {
    const left = [...answers];
    const waited: number[] = [];
    const one: Channel = { name: 'slack', takes: () => true, send: async () => left.shift() ?? end };
    const wait = async (ms: number) => void waited.push(ms);
    expect(await deliver(() => one.send(MESSAGE), { wait })).toEqual(end);
    expect(waited).toEqual(waits);
    expect(left).toEqual([]);
  });

  it('is followed by none once the process ends', async () => {
    let count = 0;
    const ended = new AbortController();
    const one: Channel = {
      name: 'slack',
      takes: () => true,
      send: async () => {
        count++;
        ended.abort();
        return again;
      },
    };
    await deliver(() => one.send(MESSAGE), { signal: ended.signal });
    expect(count).toBe(1);
  });
});
