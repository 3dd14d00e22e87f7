import { render } from 'preact';
import { Reminder } from '../../components/reminder.tsx';
import { actions, now, shown, watchScreen } from '../../utils/services/screen.ts';

const account = location.hash.slice(1);

function App() {
  return <Reminder overview={shown.value} account={account} now={now.value} actions={actions} />;
}

void watchScreen('reminder_title').then(() => render(<App />, document.getElementById('app') ?? document.body));
