import { computed } from '@preact/signals';
import { render } from 'preact';
import { Options } from '../../components/settings/options.tsx';
import { version } from '../../utils/platform/runtime/lifecycle.ts';
import { actions, now, shown, watchScreen } from '../../utils/services/screen.ts';
import { MINUTE } from '../../utils/shared/time.ts';

// Nothing here is told to the second, so nothing has to be drawn again every second.
const minute = computed(() => Math.floor(now.value / MINUTE) * MINUTE);

function App() {
  return <Options overview={shown.value} now={minute.value} version={version()} actions={actions} />;
}

void watchScreen('settings_title').then(() => render(<App />, document.getElementById('app') ?? document.body));
