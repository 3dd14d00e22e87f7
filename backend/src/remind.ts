import { configOfCommand, fail } from './config/command.ts';
import { channelsOf } from './reminders/channels.ts';
import { loginLink, titleOf } from './reminders/whose.ts';

const { config } = configOfCommand();
const [account] = config.accounts;
if (process.argv[2] !== '--try' || account === undefined)
  fail('To send one message to each channel that is set, run: npm run remind -- --try');

const channels = channelsOf(config);
if (channels.length === 0)
  fail(
    'No channel is set: set REMIND_NTFY_URL, REMIND_TELEGRAM_TOKEN, REMIND_SLACK_URL, REMIND_MAIL_SERVER or ALERT_WEBHOOK_URL.',
  );

const message = {
  kind: 'try' as const,
  account: account.name,
  at: Date.now(),
  title: `${titleOf(account)}: a try`,
  text: 'A reminder of Opening Bell arrives here. The link leads to the login.',
  link: loginLink(config, account),
};
for (const channel of channels) {
  const sent = await channel.send(message);
  console.log(
    `${channel.name}: ${sent.ok ? 'its server took the message' : `the message did not arrive. Its server ${sent.why}`}.`,
  );
  if (!sent.ok) process.exitCode = 1;
}
