import { MINUTE, SECOND } from '../../utils/shared/time.ts';
import { NOW } from '../support/samples/samples.ts';
import type { Stores } from './browser.ts';
import type { Product } from './product.ts';
import type { Act, Schedule } from './schedule.ts';
import { judgeEnd } from './verdict.ts';
import { accountOf, openWorld, pairedStores, REDIRECT_URL, type World } from './world.ts';

/** A schedule's outcome: what of it must never happen, and everything that happened. */
export interface Result {
  wrong: string[];
  timeline: string[];
}

const LOGIN_PAGE = {
  kite: 'https://kite.zerodha.com',
  breeze: 'https://api.icicidirect.com',
  plain: 'https://kite.zerodha.com',
};
const OWN = 'OwnTokenOfThisPerson0000';
const EVIL = 'EvilTokenOfAnEvilPage000';
// Long enough for every token of Kite to end, and for every wait of a backoff.
const STORY_MS = 9 * MINUTE;

/** A player of schedules over one product: the same schedule always gives the same result. */
export async function openPlayer(product: Product): Promise<(schedule: Schedule) => Promise<Result>> {
  const stores: Record<Schedule['destination'], Stores> = {
    kite: await pairedStores(product, 'kite'),
    breeze: await pairedStores(product, 'breeze'),
    plain: await pairedStores(product, 'plain'),
  };
  return async (schedule) => {
    const paired = stores[schedule.destination];
    const world = openWorld(product, schedule.faults, [paired, paired], NOW, schedule.holds);
    const story = tell(world, schedule);
    const { first, agenda } = world;
    world.arm(story.act);
    agenda.at(agenda.now(), () => story.logIn(first, OWN, schedule.redirectMs));
    await world.run(agenda.now() + STORY_MS);
    world.disarm();
    // A person looks; whatever the screen says a minute later is what they believe.
    agenda.at(agenda.now(), () => void first.browser.command({ type: 'refresh' }));
    await world.run(agenda.now() + MINUTE);
    judgeEnd(world, schedule);
    return { wrong: world.wrong, timeline: world.timeline() };
  };
}

/** What a person and the pages do in this world. */
function tell(world: World, { destination }: Schedule) {
  const { agenda, receiver, say, first, second } = world;
  const at = (ms: number, what: () => void) => void agenda.at(agenda.now() + ms, what);
  const broker = LOGIN_PAGE[destination];
  // Breeze gives the same token to every login of a day.
  let logins = 0;
  const given = (token: string) => (destination === 'breeze' || token === OWN ? OWN : `${token}${++logins}`);
  let isRedirected = false;
  type Person = World['first'];

  function redirect({ browser, watcher }: Person, tab: number, token: string) {
    receiver.issue(token);
    isRedirected ||= browser === first.browser && token === OWN;
    watcher.expectToken(token);
    say(browser.name, `the broker redirects with ${token.slice(0, 5)}`);
    if (destination === 'breeze') return browser.request(tab, REDIRECT_URL, broker, { API_Session: [token] });
    const url = redirectUrl(browser.tabUrl(tab), token);
    browser.header(tab, `${broker}/connect/finish`, url);
    at(3, () => browser.request(tab, url, broker));
  }

  function logIn(person: Person, token: string, redirectMs: number): void {
    say(person.browser.name, 'the person presses Log in');
    void person.browser.command({ type: 'log-in', account: accountOf(person.browser) });
    at(redirectMs, () => {
      // A background that died before it opened the broker's page leaves nobody to log in.
      if (person.browser.newestTab() > 0) redirect(person, person.browser.newestTab(), given(token));
    });
  }

  async function paste({ browser, watcher }: Person, token: string): Promise<void> {
    if (!receiver.hasIssued(token)) return;
    say(browser.name, 'the person pastes the token, and says yes');
    const reply = await browser.command({ type: 'paste', account: accountOf(browser), text: token });
    const ask = reply?.ok ? reply.ask : undefined;
    if (ask !== undefined)
      at(1, () => {
        watcher.expectPaste(token);
        void browser.command({ type: 'accept', ask });
      });
  }

  const acts: Record<Act, () => void> = {
    popup: () => void first.browser.command({ type: 'refresh' }),
    retry: () => void first.browser.command({ type: 'retry', account: accountOf(first.browser) }),
    reload: () => {
      if (!isRedirected) return;
      const url = redirectUrl(first.browser.tabUrl(1), OWN);
      const form = destination === 'breeze' ? { API_Session: [OWN] } : undefined;
      first.browser.request(1, form ? REDIRECT_URL : url, broker, form);
    },
    'evil-link': () => {
      first.watcher.expectForeign(EVIL);
      const url = `${REDIRECT_URL}?${destination === 'breeze' ? 'apisession' : 'request_token'}=${EVIL}`;
      first.browser.request(1, url, 'https://evil.example');
    },
    'paste-same': () => void paste(first, OWN),
    'log-in-again': () => logIn(first, 'NextTokenOfThisPerson', 4 * SECOND),
    'other-browser': () => logIn(second, 'OtherBrowsersToken', 2 * SECOND),
    'other-browser-same': () => void paste(second, OWN),
  };
  return {
    logIn,
    act(name: Act): void {
      say('world', name);
      acts[name]();
    },
  };
}

/** The redirect URL as Kite fills it: the token, and the mark that the login page was opened with. */
function redirectUrl(loginUrl: string, token: string): string {
  const query = new URLSearchParams({ action: 'login', status: 'success', request_token: token });
  const extra = URL.canParse(loginUrl) ? new URL(loginUrl).searchParams.get('redirect_params') : null;
  return `${REDIRECT_URL}?${query}${extra === null ? '' : `&${extra}`}`;
}
