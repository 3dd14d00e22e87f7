import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import { tellProblems } from '../../../utils/domain/base/tell-problem.ts';
import { say } from '../../../utils/domain/base/words.ts';
import type { Dashboard } from '../../../utils/domain/dashboards/dashboard.ts';
import { writeRules, writeSignals } from '../../../utils/domain/dashboards/dashboard-text.ts';
import type { Actions } from '../../ui/actions.ts';

/** What came with a settings file, in full, since its rules decide what is sent again by itself; and the switch. */
export function ImportedDashboard({
  settings,
  pattern,
  actions,
}: {
  settings: Dashboard;
  pattern: string;
  actions: Actions;
}) {
  const problem = useSignal('');
  const { id, createdAt: _createdAt, unconfirmed: _unconfirmed, ...form } = settings;
  const switchOn = async () => {
    // In the click itself: after a wait the browser would not ask.
    if (!(await actions.allow([pattern]))) {
      problem.value = say('dashboard_not_allowed');
      return;
    }
    const reply = await actions.send({ type: 'save-dashboard', id, form });
    problem.value = reply.ok ? '' : tellProblems(reply.problems);
  };
  const rows = [
    [say('dashboard_signals'), writeSignals(settings.signals)],
    [say('dashboard_rules'), writeRules(settings.rules)],
    [say('dashboard_lookup'), settings.lookup ?? ''],
  ].filter(([, written]) => written !== '');
  return (
    <>
      {rows.length > 0 && (
        <dl class="facts">
          {rows.map(([name, written]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd class="lines">
                <code>{written}</code>
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
      <div class="note bad">
        <p>{say('dashboard_imported')}</p>
        <button type="button" data-action="switch-on" onClick={() => void switchOn()}>
          {say('dashboard_switch_on')}
        </button>
      </div>
      {problem.value !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
    </>
  );
}
