import { vi } from 'vitest';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { busy } from '../../../utils/services/pulse/world.ts';
import { formatIst, istClock, MINUTE } from '../../../utils/shared/time.ts';
import { until } from '../until.ts';
import { ist } from './samples.ts';

/**
 * A browser's days under a clock that the test moves: it fires the alarm when its time comes, and writes down every change of
 * the badge and every notification. Calls to destinations are real ones and take no time.
 */
export function startDays(from: string) {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: ist(from) });
  const story: string[] = [];
  let badge = '';
  let wakings = 0;

  const stamp = () => `${istClock(Date.now()).date.slice(5)} ${formatIst(Date.now())}`;
  const notice = (name: string, options: { title?: string; message?: string }) => {
    shown.add(name);
    story.push(`${stamp()} ✉ ${options.title}. ${options.message}`);
    return Promise.resolve(name);
  };
  const shown = new Set<string>();
  const setTitle = chrome.action.setTitle;
  Object.assign(chrome.action, {
    setTitle: async ({ title }: { title: string }) => {
      const sign = await chrome.action.getBadgeText({});
      const now = `${sign} ${/ – (.*?)\./.exec(title)?.[1] ?? title}`.trim();
      if (now !== badge) story.push(`${stamp()} ${now}`);
      badge = now;
    },
  });
  Object.assign(chrome.notifications, {
    create: notice,
    getAll: async () => Object.fromEntries([...shown].map((name) => [name, true])),
    clear: async (name: string) => shown.delete(name),
  });

  /** Until nothing is being called, and what was learned is shown. */
  async function settle(): Promise<void> {
    await pulse();
    await until(
      () => busy.size,
      (size) => size === 0,
    );
    await pulse();
  }

  async function wake(): Promise<void> {
    wakings++;
    const { periodInMinutes } = (await chrome.alarms.get('pulse')) ?? {};
    // An alarm that repeats is set anew as it rings, whether anybody lives to hear it or not.
    if (periodInMinutes === undefined) await chrome.alarms.clear('pulse');
    else await chrome.alarms.create('pulse', { when: Date.now() + periodInMinutes * MINUTE, periodInMinutes });
    await settle();
  }

  return {
    story,
    wakings: () => wakings,
    say: (words: string) => story.push(`${stamp()} ${words}`),
    settle,
    /** Lets time pass with the browser awake: every alarm fires when it is due. */
    async to(moment: string): Promise<void> {
      const target = ist(moment);
      for (;;) {
        const alarm = await chrome.alarms.get('pulse');
        if (!alarm || alarm.scheduledTime > target) break;
        vi.advanceTimersByTime(Math.max(alarm.scheduledTime - Date.now(), 0));
        await wake();
      }
      vi.advanceTimersByTime(Math.max(target - Date.now(), 0));
      await settle();
    },
    /** The computer sleeps: nothing fires before it wakes, then the overdue alarm does. */
    async sleepTo(moment: string): Promise<void> {
      vi.advanceTimersByTime(ist(moment) - Date.now());
      await wake();
    },
    /** Somebody sets the clock, and the next event comes. */
    async setClock(moment: string): Promise<void> {
      vi.setSystemTime(ist(moment));
      await settle();
    },
    end(): void {
      Object.assign(chrome.action, { setTitle });
      vi.useRealTimers();
    },
  };
}
