import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCaller, madeUpToken } from '../../conformance/caller.ts';
import { KITS, type Kit, type RunningKit, runOnce, startKit } from '../../peers/kits.ts';
import { until } from '../../support/until.ts';

/** The same few lines of a person in both languages. Each says what came of it as one line of JSON. */
interface Program {
  python: string;
  node: string;
}

const PYTHON = `
import json, logging, os, sys, time, opening_bell as kit
logging.basicConfig(stream=sys.stderr)
MADE = {"user": "AB1234", "access_token": "LongSecretToken"}
def say(value): print("SAID " + json.dumps(value), flush=True)
def until(is_so):
    while not is_so(): time.sleep(0.05)
def log_in(**facts):
    kit.keep("session", {**kit.NONE, "state": "exchanged", "exchanged_at": kit.iso(),
                         "expires_at": kit.iso(time.time() + 3600), "made": MADE, **facts})
def park(call, *args):
    try: call(*args)
    except kit.AuthRequired: pass
def told(): return [[one["name"], one["state"], one["problem"], one.get("result")] for one in kit.calls()]
def fails(run):
    try: run()
    except Exception as error: return [type(error).__name__, str(error)]
`;

const NODE = `
import * as kit from './opening-bell.mjs';
import { keep, kept, NONE } from './opening-bell.store.mjs';
const MADE = { user: 'AB1234', access_token: 'LongSecretToken' };
const say = (value) => { console.log('SAID ' + JSON.stringify(value)); process.exit(); };
const until = async (isSo) => { while (!isSo()) await new Promise((woken) => setTimeout(woken, 50)); };
const logIn = (facts) => keep('session', { ...NONE, state: 'exchanged', exchanged_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 3_600_000).toISOString(), made: MADE, ...facts });
const park = (call, ...args) => call(...args).catch(() => null);
const told = () => kit.calls().map((one) => [one.name, one.state, one.problem, one.result ?? null]);
const fails = (run) => Promise.resolve().then(run).then(() => null, (error) => [error.name, error.message]);
`;

async function said(kit: Kit, { python, node }: Program): Promise<{ said: unknown; printed: string }> {
  const secret = { OPENING_BELL_SECRET: `whsec_${randomBytes(32).toString('base64')}` };
  const text = kit.name.endsWith('.py') ? PYTHON + python : NODE + node;
  const { printed } = await runOnce(kit, secret, text);
  const line = /^SAID (.*)$/m.exec(printed)?.[1];
  if (line === undefined) throw new Error(printed);
  return { said: JSON.parse(line), printed };
}

const HANGS = (name: string) => `${name} has not come back within 2 seconds`;

describe.each(KITS)('$name', (kit) => {
  it.each<[what: string, state: string, python: string, node: string]>([
    ['nothing', 'verified', 'None', 'undefined'],
    [
      'data',
      'verified',
      '{"Success": [], "Status": 200, "Error": None}',
      '({ Success: [], Status: 200, Error: null })',
    ],
    [
      'Breeze’s refusal of too many calls',
      'exchanged',
      '{"Success": "", "Status": 5, "Error": "Limit exceed: API call per minute:"}',
      "({ Success: '', Status: 5, Error: 'Limit exceed: API call per minute:' })",
    ],
    [
      'JSON of Kite that says the session is gone',
      'rejected',
      '{"status": "error", "message": "Incorrect api_key", "error_type": "TokenException"}',
      "({ status: 'error', message: 'Incorrect api_key', error_type: 'TokenException' })",
    ],
    [
      'JSON of Kite with another error',
      'exchanged',
      '{"status": "error", "error_type": "NetworkException"}',
      "({ status: 'error', error_type: 'NetworkException' })",
    ],
    [
      'a response that is none of 2xx',
      'exchanged',
      'type("Response", (), {"ok": False})()',
      "new Response('', { status: 403 })",
    ],
  ])(
    'takes no error for a proof: a verify that gives back %s leaves the session %s',
    async (_what, state, python, node) => {
      const program = {
        python: `
@kit.yours
def verify(session): return ${python}
log_in()
kit.start()
until(lambda: kit.kept("session").get("proof_due") or kit.kept("session")["state"] == "rejected")
say(kit.kept("session")["state"])`,
        node: `
kit.yours({ verify: () => ${node} });
logIn();
kit.start();
await until(() => kept('session').proofDue || kept('session').state === 'rejected');
say(kept('session').state);`,
      };
      expect((await said(kit, program)).said).toBe(state);
    },
  );

  it('asks the broker again after the clock was set back', async () => {
    const program = {
      python: `
@kit.yours
def verify(session): pass
log_in(state="verified", proof_due=time.time() + 7200)
kit.start()
until(lambda: kit.kept("session")["verified_at"])
say(kit.kept("session")["state"])`,
      node: `
kit.yours({ verify: () => null });
logIn({ state: 'verified', proofDue: Date.now() + 7_200_000 });
kit.start();
await until(() => kept('session').verified_at);
say(kept('session').state);`,
    };
    expect((await said(kit, program)).said).toBe('verified');
  });

  it('runs a read once whose result cannot be kept, and then the next', async () => {
    const program = {
      python: `
seen = []
@kit.yours
def verify(session): pass
@kit.reads
def by_strike(session):
    seen.append(1)
    return {("NIFTY", 26000): 5}
@kit.reads
def after(session): return 7
park(by_strike); park(after)
log_in()
kit.start()
until(lambda: kit.calls()[1]["state"] == "done")
say([len(seen), told()])`,
      node: `
let seen = 0;
kit.yours({ verify: () => null });
const around = {};
around.request = { response: around };
const first = kit.reads('by_strike', () => { seen += 1; return around; });
const after = kit.reads('after', () => 7);
await park(first);
await park(after);
logIn();
kit.start();
await until(() => kit.calls()[1].state === 'done');
say([seen, told()]);`,
    };
    expect((await said(kit, program)).said).toEqual([
      1,
      [
        ['by_strike', 'failed', 'its result is no JSON', null],
        ['after', 'done', null, 7],
      ],
    ]);
  });

  it('calls no act done whose answer is the broker’s error, and takes a number that came as text', async () => {
    const program = {
      python: `
@kit.yours
def verify(session): pass
@kit.acts(within=60)
def buy(session, key): return {"Success": "", "Status": 500, "Error": "Resource not available."}
park(buy)
log_in()
kit.start()
is_taken = kit.confirm("1")
until(lambda: kit.calls()[0]["state"] == "failed")
say([is_taken, told()])`,
      node: `
kit.yours({ verify: () => null });
const buy = kit.acts('buy', { within: 60 }, () => ({ Success: '', Status: 500, Error: 'Resource not available.' }));
await park(buy);
logIn();
kit.start();
const isTaken = kit.confirm('1');
await until(() => kit.calls()[0].state === 'failed');
say([isTaken, told()]);`,
    };
    expect((await said(kit, program)).said).toEqual([
      true,
      [['buy', 'failed', 'outcome unknown; it is not sent again', null]],
    ]);
  });

  it('tells of a feed in the contract’s words alone, and never with the session’s secret', async () => {
    const program = {
      python: `
words = []
@kit.yours
def verify(session): pass
@kit.yours
def feed(session, tell):
    words.append(fails(lambda: tell("connected")))
    tell("refused", OSError("403 of wss://x/?access_token=" + session["access_token"]))
log_in()
kit.start()
until(lambda: words and (kit.kept("feed") or {}).get("state") == "refused")
say([words[0][0], kit.kept("feed")["problem"]])`,
      node: `
let word;
kit.yours({ verify: () => null, feed: async ({ access_token }, tell) => {
  word = await fails(() => tell('connected'));
  tell('refused', new Error('403 of wss://x/?access_token=' + access_token));
} });
logIn();
kit.start();
await until(() => word && kept('feed')?.state === 'refused');
say([word[0], kept('feed').problem]);`,
    };
    expect((await said(kit, program)).said).toEqual([
      expect.stringMatching(/^(Value|Type)Error$/),
      '403 of wss://x/?access_token=…',
    ]);
  });

  it('goes on with its work where a feed does not come back', async () => {
    const program = {
      python: `
@kit.yours
def verify(session): pass
@kit.yours
def feed(session, tell): time.sleep(600)
@kit.reads
def quote(session): return 7
park(quote)
log_in()
kit.start()
until(lambda: kit.calls()[0]["state"] == "done")
say([told(), kit.kept("feed")["problem"]])`,
      node: `
kit.yours({ verify: () => null, feed: () => new Promise(() => {}) });
const quote = kit.reads('quote', () => 7);
await park(quote);
logIn();
kit.start();
await until(() => kit.calls()[0].state === 'done');
say([told(), kept('feed').problem]);`,
    };
    const { said: all, printed } = await said(kit, program);
    expect(all).toEqual([[['quote', 'done', null, 7]], expect.stringMatching(/^feed has not come back/)]);
    expect(printed).toContain('feed has not come back within 10 seconds');
  });

  it('goes on with its work where a verify does not come back, and says so', async () => {
    const program = {
      python: `
os.environ["OPENING_BELL_TIMEOUT"] = "2"
asked = []
@kit.yours
def verify(session):
    asked.append(1)
    if len(asked) == 1: time.sleep(600)
@kit.reads
def quote(session): return 7
park(quote)
log_in()
kit.start()
until(lambda: kit.kept("session")["problem"])
problem = kit.kept("session")["problem"]
log_in()
until(lambda: kit.calls()[0]["state"] == "done")
say([problem, kit.kept("session")["state"]])`,
      node: `
process.env.OPENING_BELL_TIMEOUT = '2';
let asked = 0;
kit.yours({ verify: () => { asked += 1; return asked === 1 ? new Promise(() => {}) : null; } });
const quote = kit.reads('quote', () => 7);
await park(quote);
logIn();
kit.start();
await until(() => kept('session').problem);
const { problem } = kept('session');
logIn();
await until(() => kit.calls()[0].state === 'done');
say([problem, kept('session').state]);`,
    };
    const { said: all, printed } = await said(kit, program);
    expect(all).toEqual([HANGS('verify'), 'verified']);
    expect(printed).toContain(HANGS('verify'));
  });

  it('goes on with its work where a call or its look-up does not come back: an order is sent once', async () => {
    const program = {
      python: `
os.environ["OPENING_BELL_TIMEOUT"] = "2"
sent, looked = [], []
def hang(*args): time.sleep(600)
@kit.yours
def verify(session): pass
@kit.reads
def slow(session): hang()
@kit.acts(within=60)
def buy(session, key): sent.append(1); hang()
def find(session, key): looked.append(1); hang()
@kit.acts(within=60, look_up=find)
def sell(session, key): sent.append(1); raise OSError
@kit.reads
def quote(session): return 7
park(slow); park(buy); park(sell)
log_in()
kit.start()
kit.confirm(2); kit.confirm(3)
until(lambda: looked)
kit.keep("session", None)
park(quote)
log_in()
until(lambda: kit.calls()[3]["state"] == "done")
say([len(sent), told()])`,
      node: `
process.env.OPENING_BELL_TIMEOUT = '2';
let [sent, looked] = [0, 0];
const hang = () => new Promise(() => {});
kit.yours({ verify: () => null });
const slow = kit.reads('slow', hang);
const buy = kit.acts('buy', { within: 60 }, () => { sent += 1; return hang(); });
const lookUp = () => { looked += 1; return hang(); };
const sell = kit.acts('sell', { within: 60, lookUp }, () => { sent += 1; throw new Error(); });
const quote = kit.reads('quote', () => 7);
await park(slow);
await park(buy);
await park(sell);
logIn();
kit.start();
kit.confirm(2);
kit.confirm(3);
await until(() => looked);
keep('session', null);
await park(quote);
logIn();
await until(() => kit.calls()[3].state === 'done');
say([sent, told()]);`,
    };
    const { said: all, printed } = await said(kit, program);
    const unknown = 'outcome unknown; it is not sent again';
    expect(all).toEqual([
      2,
      [
        ['slow', 'failed', HANGS('slow'), null],
        ['buy', 'failed', unknown, null],
        ['sell', 'failed', unknown, null],
        ['quote', 'done', null, 7],
      ],
    ]);
    for (const name of ['slow', 'buy']) expect(printed).toContain(HANGS(name));
  });

  it('starts the feed of the next session where the last one’s does not stop', async () => {
    const program = {
      python: `
os.environ["OPENING_BELL_TIMEOUT"] = "2"
begun = []
@kit.yours
def verify(session): pass
@kit.yours
def feed(session, tell):
    begun.append(1)
    return lambda: time.sleep(600)
log_in()
kit.start()
until(lambda: len(begun) == 1)
log_in()
until(lambda: len(begun) == 2)
say(True)`,
      node: `
process.env.OPENING_BELL_TIMEOUT = '2';
let begun = 0;
kit.yours({ verify: () => null, feed: () => { begun += 1; return () => new Promise(() => {}); } });
logIn();
kit.start();
await until(() => begun === 1);
logIn();
await until(() => begun === 2);
say(true);`,
    };
    expect((await said(kit, program)).printed).toContain(HANGS('the function that stops the feed'));
  });

  it.each(['0', '-1', '1e12'])('takes no act within %s seconds', async (within) => {
    const program = {
      python: `say(fails(lambda: kit.acts(within=${within})(fails)))`,
      node: `say(await fails(() => kit.acts('buy', { within: ${within} }, () => null)));`,
    };
    expect((await said(kit, program)).said).toEqual([expect.any(String), 'within is a week at most, in seconds']);
  });

  it('knows no function but the three', async () => {
    const program = {
      python: 'def exchnage(token): pass\nsay(fails(lambda: kit.yours(exchnage)))',
      node: 'say(await fails(() => kit.yours({ exchnage: () => null })));',
    };
    expect((await said(kit, program)).said).toEqual([
      expect.any(String),
      'exchnage is none of exchange, verify and feed',
    ]);
  });

  it('hides what lies deep in a session from the log', async () => {
    const program = {
      python: `
@kit.yours
def verify(session): raise OSError("no answer to " + session["deep"][0]["token"])
log_in(made={"user": "AB1234", "deep": [{"token": "LongSecretToken"}]})
kit.start()
until(lambda: kit.kept("session").get("proof_due"))
say(True)`,
      node: `
kit.yours({ verify: ({ deep }) => { throw new Error('no answer to ' + deep[0].token); } });
logIn({ made: { user: 'AB1234', deep: [{ token: 'LongSecretToken' }] } });
kit.start();
await until(() => kept('session').proofDue);
say(true);`,
    };
    const { printed } = await said(kit, program);
    expect(printed).toContain('no answer to …');
    expect(printed).not.toContain('LongSecretToken');
  });
});

const [PYTHON_KIT, NODE_KIT] = KITS as [Kit, Kit];

const exchanges = (running: RunningKit) => running.seen().filter((line) => line.startsWith('exchange ')).length;

describe.each(KITS)('an exchange in $name that does not come back', (kit) => {
  it.each([
    ['zerodha', [410, 410], 1],
    ['icici', [503, 200], 2],
  ] as const)('of %s ends with an answer, and the next token is exchanged', async (broker, statuses, count) => {
    const running = await startKit(kit, { OPENING_BELL_TIMEOUT: '2', OPENING_BELL_BROKER: broker });
    const caller = createCaller({ url: running.url, secret: running.secret, account: 'zerodha', broker });
    const message = caller.captured(madeUpToken('Stuck'));
    const replies = [await caller.capture(message), await caller.capture(message)];
    const seen = exchanges(running);
    const next = await caller.capture(caller.captured(madeUpToken('Next')));
    await running.stop();
    expect(replies.map(({ status }) => status)).toEqual(statuses);
    expect(replies[0]?.answer).toMatchObject({ message: HANGS('exchange') });
    expect(running.printed()).toContain(HANGS('exchange'));
    expect([seen, next.outcome.kind]).toEqual([count, 'applied']);
  });
});

it('an exchange that takes longer than an answer may is in progress, and replayed when it came back', async () => {
  const played = KITS.map(async (kit) => {
    const running = await startKit(kit);
    const caller = createCaller({ url: running.url, secret: running.secret, account: 'zerodha', broker: 'zerodha' });
    const message = caller.captured(madeUpToken('Slow'));
    const first = await caller.capture(message);
    const last = await until(
      () => caller.capture(message),
      ({ status }) => status !== 409,
    );
    const count = exchanges(running);
    await running.stop();
    expect(first).toMatchObject({ status: 409, answer: { reason: 'in_progress' } });
    expect(last).toMatchObject({ status: 200, answer: { status: 'replayed' } });
    expect(count).toBe(1);
  });
  await Promise.all(played);
});

describe('opening_bell.py', () => {
  const inPython = async (python: string) => (await said(PYTHON_KIT, { python, node: '' })).said;

  it.each([
    ['yours', 'async def verify(session): pass', 'kit.yours(verify)'],
    ['yours', 'async def feed(session, tell): pass', 'kit.yours(feed)'],
    ['reads', 'async def quote(session): pass', 'kit.reads(quote)'],
    ['reads', 'def quote(session): yield 1', 'kit.reads(quote)'],
    ['acts', 'async def buy(session, key): pass', 'kit.acts(within=60)(buy)'],
    ['acts', 'async def find(session, key): yield 1', 'kit.acts(within=60, look_up=find)(fails)'],
  ])('refuses for %s a function of which a call runs nothing: %s', async (_what, written, given) => {
    expect(await inPython(`${written}\nsay(fails(lambda: ${given}))`)).toEqual([
      'TypeError',
      expect.stringMatching(/^write \w+ without async and yield$/),
    ]);
  });

  it('calls nothing done of which a call ran nothing, whatever hides it', async () => {
    const program = `
@kit.yours
def verify(session): pass
async def order(): say("sent")
@kit.acts(within=60)
def buy(session, key): return order()
park(buy)
log_in()
kit.start()
kit.confirm(1)
until(lambda: kit.calls()[0]["state"] == "failed")
say(told()[0][1])`;
    expect(await inPython(program)).toBe('failed');
  });

  it.each([
    ['two lambdas', 'kit.reads(lambda session: 1)', 'a call needs a name: write it with def'],
    [
      'methods of two classes',
      '[kit.reads(type(name, (), {"quote": make(name)}).quote) for name in "AB"]',
      'two named quote',
    ],
    ['orders that a loop makes', '[kit.acts(within=60)(order(symbol)) for symbol in "AB"]', 'two named buy'],
  ])('takes no two calls under one name, since a parked one is found by it: %s', async (_what, given, words) => {
    const program = `
def make(name):
    def quote(session): pass
    quote.__qualname__ = f"{name}.quote"
    return quote
def order(symbol):
    def buy(session, key): return symbol
    return buy
say(fails(lambda: ${given}))`;
    expect(await inPython(program)).toEqual(['ValueError', words]);
  });

  it('runs the function that was called, also where another has its name', async () => {
    const program = `
def make(symbol):
    @kit.reads
    def quote(session): return symbol
    return quote
first, second = make("A"), make("B")
log_in()
say([first(), second()])`;
    expect(await inPython(program)).toEqual(['A', 'B']);
  });

  it.each([
    ['a dict of headers as Flask and Django give it', 'body'],
    ['a body that was read as text', 'body.decode()'],
    ['a body that is a bytearray', 'bytearray(body)'],
  ])('answers a message that comes with %s', async (_what, body) => {
    const program = `
body = json.dumps({"version": 1, "type": "session.check", "account": "zerodha"}).encode()
at = str(int(time.time()))
headers = {"Webhook-Id": "chk_1", "Webhook-Timestamp": at, "Webhook-Signature": kit.sign("chk_1", at, body)}
say(kit.receive(headers, ${body})[0])`;
    expect(await inPython(program)).toBe(200);
  });

  it('says of a body that was parsed what it needs', async () => {
    expect(await inPython('say(fails(lambda: kit.receive({}, {})))')).toEqual([
      'TypeError',
      'body is the raw bytes, and no dict',
    ]);
  });

  it.each(['SystemExit', 'KeyboardInterrupt', 'GeneratorExit'])('works on after %s in a call', async (error) => {
    const program = `
@kit.yours
def verify(session): pass
@kit.reads
def leave(session): raise ${error}
@kit.reads
def quote(session): return 7
park(leave); park(quote)
log_in()
kit.start()
until(lambda: kit.calls()[1]["state"] == "done")
say(told())`;
    expect(await inPython(program)).toEqual([
      ['leave', 'failed', 'leave failed; the log says why', null],
      ['quote', 'done', null, 7],
    ]);
  });
});

describe('opening-bell.mjs', () => {
  const inNode = async (node: string) => (await said(NODE_KIT, { python: '', node })).said;

  it.each(['NaN', '1 / 0', 'undefined', '{ legs: [undefined] }', '{ price: -1 / 0 }'])(
    'sends no order over null where it was given %s',
    async (given) => {
      const program = `
        const buy = kit.acts('buy', { within: 60 }, (_session, _key, value) => value);
        logIn();
        say([await fails(() => buy(${given})), kit.calls().length]);`;
      expect(await inNode(program)).toEqual([['TypeError', expect.stringContaining('JSON')], 0]);
    },
  );

  it('leaves out an option that is undefined', async () => {
    const program = `
      const buy = kit.acts('buy', { within: 60 }, (_session, _key, value) => value);
      logIn();
      say(await buy({ price: undefined, quantity: 1 }));`;
    expect(await inNode(program)).toEqual({ quantity: 1 });
  });

  it('runs the function that was called, also where another has its name', async () => {
    const program = `
      const [first, second] = ['A', 'B'].map((symbol) => kit.reads('quote', () => symbol));
      logIn();
      say([await first(), await second()]);`;
    expect(await inNode(program)).toEqual(['A', 'B']);
  });

  it('calls no generator done, of which a call runs nothing', async () => {
    const program = `
      const read = kit.reads('read', function* () { yield 1; });
      logIn();
      say(await fails(() => read()));`;
    expect(await inNode(program)).toEqual(['TypeError', 'a generator: nothing of it ran']);
  });

  it('refuses an act without its limit', async () => {
    const words = 'within is a week at most, in seconds';
    expect(await inNode("say(await fails(() => kit.acts('buy', {}, () => null)));")).toEqual(['RangeError', words]);
    expect(await inNode("say(await fails(() => kit.acts('buy', () => null)));")).toEqual(['RangeError', words]);
  });
});
