import type { Guard } from '../domain/hold-list.ts';
import {
  type Dialog,
  type DialogAct,
  type DialogView,
  type Held,
  isDialogDue,
  isOpen,
  judge,
  newHeld,
  type OpenDialog,
  oldestAge,
  rowsOf,
} from '../domain/hold-list.ts';
import type { FromHold, HoldSettings, HoldView, ToDashboard, ToHold } from '../domain/hold-messages.ts';
import { ageOf, isRenewed, type Moment, replayOf } from '../domain/replay.ts';
import { SECOND } from '../domain/time.ts';
import { dialogFrom } from '../platform/dialog-slot.ts';
import { openPageChannel } from '../platform/page-channel.ts';
import { openPageLink } from '../platform/page-link.ts';
import { runtime } from '../platform/page-runtime.ts';

// The line outlasts the last request a little: a page that fails over and over wakes the background once in this time.
const LINGER_MS = 10 * SECOND;
const TELL_MS = SECOND;

/** Everything a dashboard page holds, from its first failure to its last replay. Runs in the isolated world, which the page cannot reach. */
export function holdHere(guard: Guard): void {
  let held: Held[] = [];
  let settings: HoldSettings | null = null;
  let names = { account: '', broker: '' };
  let login: HoldView | null = null;
  let dialog: Dialog | null = null;
  let isOpening = false;
  let lastTold = 0;
  let told = '';
  let counts = { held: 0, replayed: 0, givenUp: 0 };
  let telling: ReturnType<typeof setTimeout> | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  let ticking: ReturnType<typeof setInterval> | undefined;

  const toHold = openPageChannel(hearPage);
  const link = openPageLink({
    hear: hearBackground,
    opened: () => {
      // A new background knows nothing of what waits here, nor that the dialog's script was asked for.
      told = '';
      if (waiting().length > 0) tellSoon();
      if (isOpening) link.say({ type: 'dialog' });
    },
    isNeeded: () => waiting().length > 0,
    orphaned: () => {
      say({ type: 'inert' });
      dialog?.close();
    },
  });
  // Its first word opens the line, and the settings come as the answer.
  link.open();
  lingerOrClose();
  runtime.onMessage.addListener((message) => {
    if ((message as { type?: unknown } | null)?.type === 'dashboard-wake') wake();
    return undefined;
  });
  document.addEventListener('visibilitychange', () => {
    if (waiting().length > 0) tellSoon();
    render();
  });

  function say(message: ToHold): void {
    if (message.type === 'retry') counts.replayed += 1;
    if (message.type === 'release') counts.givenUp += 1;
    toHold(message);
  }

  /** A frame of this page waits, and its dialog belongs here. */
  function wake(): void {
    told = '';
    tellSoon();
  }

  function now(): Moment {
    return { wall: Date.now(), steady: performance.now() };
  }

  function waiting(): Held[] {
    return held.filter(({ state }) => state === 'waiting');
  }

  function hearPage(message: FromHold): void {
    if (settings === null) return;
    switch (message.type) {
      case 'held':
        held = [...held, newHeld(message, location.origin, now(), settings)];
        counts.held += 1;
        break;
      case 'gone':
        held = held.filter(({ id }) => id !== message.id);
        break;
      case 'outcome': {
        const { id, outcome } = message;
        held = held.flatMap((one) => {
          if (one.id !== id) return [one];
          return outcome === 'answered' || one.effect === 'read' ? [] : [{ ...one, state: outcome }];
        });
      }
    }
    changed();
  }

  function hearBackground(message: ToDashboard): void {
    switch (message.type) {
      case 'settings':
        settings = message.settings;
        names = { account: message.account, broker: message.broker };
        say({ type: 'settings', settings });
        return;
      case 'not-yours':
        say({ type: 'inert' });
        held = [];
        break;
      case 'view':
        login = message.view;
        if (waiting().length > 0 && isRenewed(login.session, since())) {
          renew();
          break;
        }
        // Nothing here has changed: an answer to it would be answered again.
        render();
        return;
      case 'cancelled':
        for (const one of held.filter(isOpen)) give(one);
        held = held.filter((one) => !isOpen(one));
    }
    changed();
  }

  function since(): number {
    const { wall } = now();
    return Math.floor(Math.min(...waiting().map(({ sent }) => wall - ageOf(sent, now()).ms)));
  }

  function renew(): void {
    if (settings === null) return;
    const { send, ask, giveUp } = judge(held, true, now(), settings);
    say({ type: 'renewed' });
    for (const one of giveUp) give(one);
    for (const one of send) say({ type: 'retry', id: one.id, key: null });
    held = held.map((one) => {
      if (giveUp.includes(one)) return { ...one, state: 'too-old' };
      if (send.includes(one)) return { ...one, state: 'sending' };
      return ask.includes(one) ? { ...one, state: 'ready' } : one;
    });
  }

  function give({ id }: Held): void {
    say({ type: 'release', id });
  }

  function tick(): void {
    if (settings === null) return;
    const { giveUp } = judge(held, false, now(), settings);
    for (const one of giveUp) give(one);
    held = held.map((one) => (giveUp.includes(one) ? { ...one, state: 'too-old' } : one));
    if (giveUp.length > 0) changed();
    else render();
  }

  function act(asked: DialogAct): void {
    switch (asked.type) {
      case 'log-in':
      case 'paste':
        link.say(asked);
        return;
      case 'cancel':
        for (const one of held.filter(isOpen)) give(one);
        held = [];
        link.say(asked);
        break;
      case 'send':
        sendNow(asked.id);
        break;
      case 'discard':
        for (const one of held) if (one.id === asked.id && isOpen(one)) give(one);
        held = held.filter(({ id }) => id !== asked.id);
        break;
      case 'close':
        for (const one of held) if (one.state === 'ready') give(one);
        held = held.filter(({ state }) => state === 'waiting' || state === 'sending');
    }
    changed();
  }

  /** The one way by which what may act goes out: a click, judged once more at its own moment. */
  function sendNow(id: number): void {
    const one = held.find((row) => row.id === id && row.state === 'ready');
    if (!one || settings === null || held.some(({ state, effect }) => state === 'sending' && effect === 'act')) return;
    const isStale = replayOf(one.effect, one.sent, now(), settings) === 'too-old';
    if (isStale) give(one);
    else say({ type: 'retry', id, key: one.effect === 'act' ? crypto.randomUUID() : null });
    held = held.map((row) => (row === one ? { ...row, state: isStale ? 'too-old' : 'sending' } : row));
  }

  function changed(): void {
    if (held.length > 0) ticking ??= setInterval(tick, SECOND);
    else {
      clearInterval(ticking);
      ticking = undefined;
    }
    tellSoon();
    render();
  }

  /** Tells the background what waits, at most once a second, and lets it sleep once nothing does. */
  function tellSoon(): void {
    if (telling !== undefined) return;
    telling = setTimeout(tell, Math.min(Math.max(lastTold + TELL_MS - Date.now(), 0), TELL_MS));
  }

  /** Says what waits where that has changed, or where the background is a new one. */
  function tell(): void {
    telling = undefined;
    const count = waiting().length;
    const visible = document.visibilityState === 'visible';
    const now = `${count} ${visible}`;
    if (now !== told) {
      told = now;
      lastTold = Date.now();
      link.say({ type: 'waiting', count, since: count > 0 ? since() : 0, visible });
    }
    if (counts.held + counts.replayed + counts.givenUp > 0) {
      link.say({ type: 'counted', ...counts });
      counts = { held: 0, replayed: 0, givenUp: 0 };
    }
    lingerOrClose();
  }

  function lingerOrClose(): void {
    clearTimeout(lingering);
    if (waiting().length === 0 && dialog === null) lingering = setTimeout(() => link.close(), LINGER_MS);
  }

  function render(): void {
    if (settings === null || !isDialogDue(held, login, document.visibilityState === 'visible')) {
      dialog?.close();
      dialog = null;
      if (!held.some(isOpen)) held = held.filter(({ state }) => state === 'sending');
      return;
    }
    if (dialog !== null) dialog.show(shown());
    else if (!isOpening) void open();
  }

  async function open(): Promise<void> {
    isOpening = true;
    const openDialog = await dialogFrom<OpenDialog>(() => link.say({ type: 'dialog' }));
    isOpening = false;
    dialog ??= openDialog(act, guard);
    render();
  }

  function shown(): DialogView {
    const none: HoldView = {
      step: 'renewed',
      session: null,
      links: null,
      says: null,
      waiting: 0,
      pages: 0,
      isChosen: false,
    };
    return { ...names, login: login ?? none, rows: rowsOf(held, now()), oldest: oldestAge(held, now()) };
  }
}
