import { isOpenAlgo } from '../../domain/accounts/known-systems.ts';
import { isLoginAlive } from '../../domain/capture/capture.ts';
import { isPlace, mayHoldToken } from '../../domain/capture/redirect.ts';
import { answeredBy, type Delivery } from '../../domain/delivery/delivery.ts';
import { callbackSays } from '../../domain/delivery/openalgo.ts';
import type { AnswerSeen } from '../../platform/network/navigation.ts';
import { locked } from '../../platform/storage/lock.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { showSealedPage } from '../logins/sealed-page.ts';
import { pulse } from '../pulse/pulse.ts';
import { log } from '../store/log.ts';
import { readAll, writeDelivery } from '../store/store.ts';
import { sayLost } from './fate.ts';
import { takeNavigation } from './intake.ts';

/** A top-level request ended: the callback of an observed login answered or did not, or a redirect passed unseen. */
export async function takeAnswer(seen: AnswerSeen): Promise<void> {
  const { url, method, answered, missed, leadsTo, status } = seen;
  // Every page that loads comes by here: only one that may be a callback is worth a look at what is stored.
  if (method !== 'POST' && !mayHoldToken({ url }, 'broker')) return;
  if (missed) await takeMissed(seen);
  const isOurs = await locked(async () => {
    const { accounts, deliveries, destinations } = await readAll();
    const isAt = ({ account, state }: Delivery) =>
      state === 'observed' &&
      accounts.some(
        ({ id, broker, redirectUrl }) => id === account && isPlace(brokers[broker], new URL(url), new URL(redirectUrl)),
      );
    const observed = deliveries.filter(isAt);
    for (const one of observed) {
      const isKnown = destinations.some((to) => to.id === one.destination && isOpenAlgo(to));
      const says = (isKnown && answered && callbackSays(leadsTo, status)) || undefined;
      await writeDelivery(answeredBy(one, { answered, says }, Date.now()));
      log({ event: 'callback', account: one.account, answered });
    }
    return observed.length > 0;
  });
  if (isOurs) await pulse();
}

/** A background died that had seen a redirect and not written it: its address is taken up, and a form that is gone is said. */
async function takeMissed({ tab, url, method, origin }: AnswerSeen): Promise<void> {
  const { accounts, logins, seen } = await readAll();
  if (seen.some((one) => one.tab === tab)) return;
  if (mayHoldToken({ url }, 'broker')) {
    await takeNavigation({ tab, url, origin, isHeader: false });
    return;
  }
  const login = logins.find((one) => one.tab === tab && isLoginAlive(one, Date.now()));
  const account = accounts.find(({ id }) => id === login?.account);
  if (method !== 'POST' || !account || !isPlace(brokers[account.broker], new URL(url), new URL(account.redirectUrl)))
    return;
  await sayLost(tab, account.id);
  if (account.mode === 'seal') await showSealedPage(tab);
}
