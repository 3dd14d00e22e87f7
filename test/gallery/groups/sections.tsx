import { About } from '../../../components/settings/about.tsx';
import { MarketDays } from '../../../components/settings/clock/market-days.tsx';
import { RemindersForm } from '../../../components/settings/clock/reminders-form.tsx';
import { Dashboards } from '../../../components/settings/dashboards/dashboards.tsx';
import { Data } from '../../../components/settings/data/data.tsx';
import { Destinations } from '../../../components/settings/destinations.tsx';
import { Diagnostics } from '../../../components/settings/diagnostics.tsx';
import { Permissions } from '../../../components/settings/permissions.tsx';
import { DEFAULT_LIMITS } from '../../../utils/domain/dashboards/dashboard.ts';
import type { Delivery } from '../../../utils/domain/delivery/delivery.ts';
import type { Reply } from '../../../utils/domain/hold/messages.ts';
import { deliveryLog } from '../../../utils/domain/records/delivery-log.ts';
import { diagnostics } from '../../../utils/domain/records/diagnostics.ts';
import type { LogEntry } from '../../../utils/domain/records/log.ts';
import { type Overview, overview } from '../../../utils/domain/view/overview.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { delivery, NOW, WELL } from '../../support/samples/samples.ts';
import { actions, answering } from '../actions.ts';
import type { Group } from '../group.ts';
import { choose, press, pressLater } from '../hands.ts';
import { inSection } from '../section.tsx';
import { BY_STATUS, shownOf, worldOf } from '../worlds.ts';

const live = () => shownOf(BY_STATUS.live);
const given = { now: NOW, version: '0.1.0', actions };

function withDashboards(): Overview {
  const dashboards = ['https://desk.example.in', 'http://127.0.0.1:8000'].map((origin, index) => ({
    id: `dashboard${index}`,
    account: 'account1',
    origin,
    signals: [],
    rules: [],
    lookup: null,
    ...DEFAULT_LIMITS,
    createdAt: NOW,
  }));
  return overview(worldOf(BY_STATUS.live), WELL, { dashboards, lost: new Map([['dashboard1', 2]]) });
}

/** One that came with a settings file, with rules that a person should read. */
function withImported(): Overview {
  const [desk, ...rest] = withDashboards().dashboards;
  const rules = [{ method: 'POST', path: '/search*', effect: 'read' as const }];
  const signals = [{ status: 440, path: null, text: null }];
  const imported = desk && { ...desk, settings: { ...desk.settings, rules, signals, unconfirmed: true as const } };
  return { ...withDashboards(), dashboards: [...(imported ? [imported] : []), ...rest] };
}

/** A week at one destination: a login of today, one that waited for a server, one that was refused, and one that waits. */
const told: LogEntry[] = [
  { event: 'check', account: 'account1', outcome: 'proven', ms: 21, at: NOW - 3 * DAY },
  {
    event: 'delivery',
    account: 'account1',
    delivery: 'ob_b',
    outcome: 'unavailable',
    status: 503,
    ms: 40,
    at: NOW - 2 * DAY,
  },
  {
    event: 'delivery',
    account: 'account1',
    delivery: 'ob_b',
    outcome: 'applied',
    ms: 2_300,
    at: NOW - 2 * DAY + 5_000,
  },
  {
    event: 'delivery',
    account: 'account1',
    delivery: 'ob_c',
    outcome: 'token_spent',
    status: 410,
    ms: 96,
    at: NOW - DAY,
  },
  { event: 'check', account: 'account1', outcome: 'proven', ms: 18, at: NOW - HOUR },
  { event: 'check', account: 'account1', outcome: 'proven', ms: 24, at: NOW - 50 * MINUTE },
  { event: 'delivery', account: 'account1', delivery: 'ob_d', outcome: 'applied', ms: 412, at: NOW - 40 * MINUTE },
];
const held = (): Delivery =>
  delivery({ account: 'account1', state: 'held', capturedAt: NOW - 20 * SECOND, destination: 'destination1' });
const logged = answering((command): Reply => {
  if (command.type !== 'deliveries') return { ok: true };
  return { ok: true, deliveries: deliveryLog(told, [held()], new Map(), NOW) };
});
const unread = answering(() => ({ ok: false, problems: [{ field: 'storage', message: 'could not be read' }] }));

const previewing = answering(
  (command): Reply =>
    command.type === 'preview-import'
      ? {
          ok: true,
          preview: {
            stamp: 'stamp',
            changes: [
              {
                what: 'account',
                is: 'changed',
                name: 'Zerodha prod server',
                fields: [
                  { field: 'redirectUrl', from: 'http://127.0.0.1/', to: 'http://127.0.0.1:5000/' },
                  { field: 'paused', from: 'false', to: 'true' },
                ],
                warning: 'paused',
              },
              {
                what: 'destination',
                is: 'new',
                name: 'https://new.example.in/session',
                fields: [],
                warning: 'pairing_lost',
              },
              {
                what: 'dashboard',
                is: 'changed',
                name: 'Zerodha prod server: http://127.0.0.1:8000',
                fields: [{ field: 'actLimitMs', from: '120000', to: '600000' }],
                warning: 'switched_off',
              },
              { what: 'dashboard', is: 'unchanged', name: 'https://desk.example.in', fields: [], warning: null },
            ],
          },
        }
      : { ok: true },
);
const refusing = answering(() => ({ ok: false, problems: [{ field: 'accounts.0.secret', message: 'is not known' }] }));

const diagnosed = answering(() => ({
  ok: true,
  text: diagnostics({
    version: '0.1.0',
    browser: 'Chromium',
    granted: new Set(['https://kite.zerodha.com/*', 'data:not-asked']),
    overview: live(),
    log: [],
    now: NOW,
  }),
}));

/** What stands in the sections of the settings. */
export const sections: Group = {
  name: 'sections',
  title: 'Sections of the settings',
  few: ['destinations', 'permissions', 'import shown'],
  width: 640,
  around: inSection,
  states: {
    destinations: { view: () => <Destinations overview={live()} {...given} actions={logged} /> },
    'a delivery opened': {
      view: () => <Destinations overview={live()} {...given} actions={logged} />,
      after: (root) => pressLater(root, '.opens'),
    },
    'deliveries not readable': { view: () => <Destinations overview={live()} {...given} actions={unread} /> },
    'no destination': { view: () => <Destinations overview={shownOf(BY_STATUS.setup)} {...given} /> },
    dashboards: { view: () => <Dashboards overview={withDashboards()} {...given} /> },
    'dashboard imported': { view: () => <Dashboards overview={withImported()} {...given} /> },
    reminders: { view: () => <RemindersForm overview={live()} {...given} /> },
    'market days': { view: () => <MarketDays overview={live()} {...given} /> },
    permissions: { view: () => <Permissions overview={live()} {...given} /> },
    'permissions missing': {
      view: () => <Permissions overview={shownOf({ ...BY_STATUS.never, world: { granted: new Set() } })} {...given} />,
    },
    data: { view: () => <Data overview={live()} {...given} /> },
    'import shown': {
      view: () => <Data overview={live()} {...given} actions={previewing} />,
      after: (root) => choose(root, '[name=settings-file]', '{}'),
    },
    'import refused': {
      view: () => <Data overview={live()} {...given} actions={refusing} />,
      after: (root) => choose(root, '[name=settings-file]', '{}'),
    },
    diagnostics: {
      view: () => <Diagnostics overview={live()} {...given} actions={diagnosed} />,
      after: (root) => press(root, '[data-action=diagnose]'),
    },
    about: { view: () => <About overview={live()} {...given} /> },
  },
};
