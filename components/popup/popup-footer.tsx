import { say } from '../../utils/domain/base/words.ts';
import { formatIst } from '../../utils/shared/time.ts';
import type { Actions } from '../ui/actions.ts';

/** When the backends are asked next, and the ways to everything else. */
export function PopupFooter({
  nextCheckAt,
  now,
  actions,
}: {
  nextCheckAt: number | null;
  now: number;
  actions: Actions;
}) {
  return (
    <footer class="bar">
      {nextCheckAt !== null && (
        <span class="soft" data-next-check={nextCheckAt}>
          {nextCheckAt > now ? say('popup_next_check', formatIst(nextCheckAt)) : say('popup_checking')}
        </span>
      )}
      <nav aria-label={say('label_more')}>
        <button type="button" class="quiet small" data-action="settings" onClick={() => actions.openSettings()}>
          {say('popup_settings')}
        </button>
        <button type="button" class="quiet small" data-action="history" onClick={() => actions.openSettings('history')}>
          {say('settings_history')}
        </button>
      </nav>
    </footer>
  );
}
