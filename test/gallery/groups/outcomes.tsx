import type { ComponentChildren } from 'preact';
import { DestinationTest } from '../../../components/forms/destination-test.tsx';
import { MarketDays } from '../../../components/settings/clock/market-days.tsx';
import { RemindersForm } from '../../../components/settings/clock/reminders-form.tsx';
import { Dashboards } from '../../../components/settings/dashboards/dashboards.tsx';
import { Data } from '../../../components/settings/data/data.tsx';
import { Diagnostics } from '../../../components/settings/diagnostics.tsx';
import { Permissions } from '../../../components/settings/permissions.tsx';
import type { SectionProps } from '../../../components/settings/section.tsx';
import type { Actions } from '../../../components/ui/actions.ts';
import { Copy } from '../../../components/ui/copy-button.tsx';
import { say } from '../../../utils/domain/base/words.ts';
import type { Command, Reply } from '../../../utils/domain/hold/messages.ts';
import { NOW } from '../../support/samples/samples.ts';
import { actions, answering } from '../actions.ts';
import type { Group, State } from '../group.ts';
import { choose, later, press, pressCopy, pressLater, submit, write } from '../hands.ts';
import { inSection } from '../section.tsx';
import { BY_STATUS, shownOf } from '../worlds.ts';

const never = () => new Promise<Reply>(() => undefined);
const failing = answering((): Reply => ({ ok: false, problems: [{ field: 'storage', message: 'could not be read' }] }));
const waiting = answering(never);
const diagnosed = answering(() => ({ ok: true, text: 'Opening Bell 0.1.0' }));

/** An import that is shown, and whose taking ends like that. */
const importing = (end: Reply) =>
  answering((command: Command) =>
    command.type === 'preview-import'
      ? {
          ok: true,
          preview: {
            stamp: 'stamp',
            changes: [
              { what: 'dashboard', is: 'new', name: 'https://desk.example.in', fields: [], warning: 'switched_off' },
            ],
          },
        }
      : end,
  );

/** A section of an account that lives, after what a person did there. */
const section = (
  Body: (props: SectionProps) => ComponentChildren,
  given: Actions,
  after?: (root: ShadowRoot) => void,
): State => ({
  view: () => <Body overview={shownOf(BY_STATUS.live)} now={NOW} version="0.1.0" actions={given} />,
  after,
});

function take(root: ShadowRoot): void {
  choose(root, '[name=settings-file]', '{}');
  pressLater(root, '[data-action=import]');
}

function askToForget(root: ShadowRoot): void {
  press(root, '[data-action=forget-everything]');
}

function forget(root: ShadowRoot): void {
  askToForget(root);
  later(root, '[name=forget-words]', () => {
    write(root, '[name=forget-words]', say('data_forget_words'));
    submit(root);
  });
}

function remind(root: ShadowRoot): void {
  press(root, '[name=notify]');
  submit(root);
}

function copyDiagnostics(works: boolean) {
  return (root: ShadowRoot) => {
    press(root, '[data-action=diagnose]');
    later(root, '[data-action=copy-diagnostics]', () => pressCopy(root, '[data-action=copy-diagnostics]', works));
  };
}

function copied(works: boolean): State {
  return {
    view: () => <Copy value="http://127.0.0.1:8000/" of="Redirect URL" />,
    after: (root) => pressCopy(root, '[data-action=copy]', works),
  };
}

/** What the settings say while something is done, and after it was, or was not. */
export const outcomes: Group = {
  name: 'outcomes',
  title: 'What the settings say of what was done',
  few: ['import failed', 'forget everything asked', 'permission refused', 'reminders refused'],
  width: 560,
  around: inSection,
  states: {
    'import read': section(Data, waiting, (root) => choose(root, '[name=settings-file]', '{}')),
    'import done': section(Data, importing({ ok: true }), take),
    'import failed': section(
      Data,
      importing({ ok: false, problems: [{ field: 'storage', message: 'could not be written' }] }),
      take,
    ),
    'export failed': section(Data, failing, (root) => press(root, '[data-action=export]')),
    'forget everything asked': section(Data, actions, askToForget),
    'forget everything not yet meant': section(Data, actions, (root) => {
      askToForget(root);
      later(root, '[name=forget-words]', submit);
    }),
    'forget everything failed': section(Data, failing, forget),
    'everything forgotten': section(Data, actions, forget),
    'permission refused': {
      view: () => (
        <Permissions
          overview={shownOf({ ...BY_STATUS.never, world: { granted: new Set() } })}
          now={NOW}
          version="0.1.0"
          actions={{ ...actions, allow: async () => false }}
        />
      ),
      after: (root) => press(root, '[data-action=allow-all]'),
    },
    'permission kept': section(Permissions, { ...actions, revoke: async () => false }, (root) =>
      press(root, '[data-host^="https:"] button'),
    ),
    'reminders saved': section(RemindersForm, actions, remind),
    'reminders refused': section(RemindersForm, { ...actions, askToNotify: async () => false }, remind),
    'market days saved': section(MarketDays, actions, (root) => {
      write(root, '[name=date]', '2026-12-31');
      submit(root);
    }),
    'market days not saved': section(MarketDays, failing, (root) => {
      write(root, '[name=date]', '2026-12-31');
      submit(root);
    }),
    'no dashboard': section(Dashboards, actions),
    'dashboards without an account': {
      view: () => (
        <Dashboards
          overview={{ ...shownOf(BY_STATUS.live), accounts: [] }}
          now={NOW}
          version="0.1.0"
          actions={actions}
        />
      ),
    },
    'diagnostics read': section(Diagnostics, waiting, (root) => press(root, '[data-action=diagnose]')),
    'diagnostics failed': section(Diagnostics, failing, (root) => press(root, '[data-action=diagnose]')),
    'diagnostics copied': section(Diagnostics, diagnosed, copyDiagnostics(true)),
    'diagnostics not copied': section(Diagnostics, diagnosed, copyDiagnostics(false)),
    copied: copied(true),
    'not copied': copied(false),
    'test under way': {
      view: () => <DestinationTest account="account1" actions={waiting} />,
      after: (root) => press(root, '[data-action=test]'),
    },
  },
};
