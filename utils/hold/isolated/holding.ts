import {
  type DialogAct,
  type DialogView,
  type Guard,
  type Held,
  isDialogDue,
  isOpen,
  newHeld,
  oldestAge,
  placed,
  rowsOf,
} from '../../domain/hold/hold-list.ts';
import type { FromHold, HoldSettings, HoldView, ToDashboard, ToHold } from '../../domain/hold/hold-messages.ts';
import {
  age,
  cancel,
  close,
  discard,
  paceOf,
  renew,
  type Step,
  send,
  sendNext,
  settleHeld,
} from '../../domain/hold/hold-steps.ts';
import { ageOf, isRenewed, type Moment } from '../../domain/hold/replay.ts';
import { toHex } from '../../shared/bytes.ts';
import { SECOND } from '../../shared/time.ts';
import { hostDialog } from './hold-dialog.ts';
import { tellBackground } from './hold-teller.ts';
import { openPageChannel } from './page-channel.ts';
import { openPageLink } from './page-link.ts';
import { runtime } from './page-runtime.ts';

const UNKNOWN: HoldView = {
  step: 'renewed',
  session: null,
  links: null,
  says: null,
  waiting: 0,
  pages: 0,
  turn: 0,
  isChosen: false,
};

/** Everything a dashboard page holds, from its first failure to its last replay. Runs in the isolated world, which the page cannot reach. */
export function holdHere(guard: Guard): void {
  let held: Held[] = [];
  let settings: HoldSettings | null = null;
  let names = { account: '', broker: '' };
  let login = UNKNOWN;
  let shownAt: number | null = null;
  let ticking: ReturnType<typeof setInterval> | undefined;
  let isPacing = false;
  /** The page would not let the dialog be: nothing waits in this document any more. */
  let isGivenUp = false;

  const toHold = openPageChannel(hearPage);
  const link = openPageLink({
    hear: hearBackground,
    opened() {
      // A new background knows nothing of what waits here, nor that the dialog's script was asked for.
      teller.forget();
      if (waiting().length > 0) teller.soon();
      if (dialog.isLoading()) link.say({ type: 'dialog' });
    },
    isNeeded: () => waiting().length > 0,
    orphaned() {
      say({ type: 'inert' });
      settings = null;
      held = [];
      stopTicking();
      render();
    },
  });
  const dialog = hostDialog({ view, act, load: () => link.say({ type: 'dialog' }), guard });
  const teller = tellBackground({ link, look, isNeeded: () => waiting().length > 0 || dialog.isShown() });

  // Its first word opens the line, and the settings come as the answer.
  link.open();
  teller.linger();
  runtime.onMessage.addListener((message) => {
    // A frame of this page waits, and its dialog belongs here.
    if ((message as { type?: unknown } | null)?.type === 'dashboard-wake') tellAgain();
    return undefined;
  });
  document.addEventListener('visibilitychange', () => {
    if (waiting().length > 0) teller.soon();
    render();
  });

  function say(message: ToHold): void {
    if (message.type === 'retry') teller.count('replayed');
    if (message.type === 'release') teller.count('givenUp');
    toHold(message);
  }

  function hearPage(message: FromHold): void {
    if (settings === null) return;
    switch (message.type) {
      case 'held':
        held = placed(held, newHeld(message, location.origin, now(), settings));
        teller.count('held');
        break;
      case 'gone':
        held = held.filter(({ id }) => id !== message.id);
        break;
      case 'outcome':
        held = settleHeld(held, message);
    }
    changed();
  }

  function hearBackground(message: ToDashboard): void {
    if (isGivenUp) return;
    switch (message.type) {
      case 'settings':
        settings = message.settings;
        names = { account: message.account, broker: message.broker };
        say({ type: 'settings', settings });
        return;
      case 'not-yours':
        say({ type: 'inert' });
        held = [];
        changed();
        return;
      case 'view':
        hearView(message.view);
        return;
      case 'cancelled':
        apply(cancel(held));
    }
  }

  function hearView(view: HoldView): void {
    login = view;
    shownAt = view.isChosen ? (shownAt ?? Date.now()) : null;
    if (settings !== null && waiting().length > 0 && isRenewed(view.session, since())) renewed(settings, view);
    // Nothing here has changed: an answer to it would be answered again.
    else render();
  }

  function renewed(by: HoldSettings, view: HoldView): void {
    apply(renew(held, now(), by));
    const { firstMs, everyMs } = paceOf(by, view);
    const sendOn = () => {
      apply(sendNext(held, now(), by));
      isPacing = held.some(({ state }) => state === 'due');
      if (isPacing) setTimeout(sendOn, everyMs);
    };
    // Reads that a second login finds still at their turn go on as they were.
    if (isPacing) return;
    isPacing = true;
    setTimeout(sendOn, firstMs);
  }

  function act(asked: DialogAct): void {
    switch (asked.type) {
      case 'log-in':
      case 'paste':
        link.say(asked);
        return;
      case 'cancel':
        link.say(asked);
        apply({ ...cancel(held), held: [] });
        return;
      case 'send':
        if (settings !== null) apply(send(held, asked.id, newKey(), now(), settings));
        return;
      case 'discard':
        apply(discard(held, asked.id));
        return;
      case 'close':
        apply(close(held));
        return;
      case 'give-up':
        // A login that waits elsewhere would bring the dialog back, and the page would remove it again.
        isGivenUp = true;
        apply({ ...cancel(held), held: [] });
        say({ type: 'inert' });
    }
  }

  function apply(step: Step): void {
    held = step.held;
    step.say.forEach(say);
    changed();
  }

  function tick(): void {
    if (settings === null) return;
    const step = age(held, now(), settings);
    if (step.say.length > 0) apply(step);
    else render();
  }

  function changed(): void {
    if (held.length > 0) ticking ??= setInterval(tick, SECOND);
    else stopTicking();
    teller.soon();
    render();
  }

  function stopTicking(): void {
    clearInterval(ticking);
    ticking = undefined;
  }

  function tellAgain(): void {
    teller.forget();
    teller.soon();
  }

  function render(): void {
    dialog.render();
    // What is too old is shown beside what still waits, and not by itself.
    if (view() === null && !held.some(isOpen)) held = held.filter(({ state }) => state !== 'too-old');
  }

  function view(): DialogView | null {
    if (isGivenUp || settings === null || !isDialogDue(held, login, isVisible())) return null;
    return { ...names, login, rows: rowsOf(held, now()), oldest: oldestAge(held, now()) };
  }

  function look() {
    const count = waiting().length;
    return { type: 'waiting' as const, count, since: count > 0 ? since() : 0, visible: isVisible(), shownAt };
  }

  function waiting(): Held[] {
    return held.filter(({ state }) => state === 'waiting');
  }

  function since(): number {
    const { wall } = now();
    return Math.floor(Math.min(...waiting().map(({ sent }) => wall - ageOf(sent, now()).ms)));
  }

  function now(): Moment {
    return { wall: Date.now(), steady: performance.now() };
  }

  function isVisible(): boolean {
    return document.visibilityState === 'visible';
  }
}

// Not randomUUID, which a page over plain http from another machine does not have.
function newKey(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}
