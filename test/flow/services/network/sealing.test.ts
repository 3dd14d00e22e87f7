import { describe, expect, it } from 'vitest';
import { detours } from '../../../../utils/platform/network/detours.ts';
import { pageSpeaks } from '../../../../utils/platform/network/requested.ts';
import { sealing } from '../../../../utils/platform/network/sealing.ts';

const URL_OF_LOGIN = 'http://127.0.0.1:8000/?request_token=1';

type Details = Parameters<ReturnType<typeof sealing>['onRequest']>[0];
const details = (tabId: number) => ({ requestId: '1', tabId, frameId: 0, url: URL_OF_LOGIN, method: 'GET' }) as Details;

/** Firefox's part of the listeners, with a judgement that lasts until it is told to end. */
function start() {
  const judgement = Promise.withResolvers<{ seal: boolean }>();
  const told = { redirects: 0, sealed: [] as number[] };
  const handlers: Parameters<typeof sealing>[0] = {
    redirect() {
      told.redirects += 1;
      return judgement.promise;
    },
    sealed: (tab) => void told.sealed.push(tab),
    brokerPage: () => undefined,
    answer: () => undefined,
  };
  const decide = sealing(
    handlers,
    detours(() => false),
  );
  return { decide, told, endJudgement: () => judgement.resolve({ seal: true }) };
}

describe('a request without headers, in Firefox', () => {
  it.each(['its end', 'its page'] as const)(
    'is judged once, and its page waits for it, where %s comes first',
    async (first) => {
      const tab = first === 'its end' ? 1 : 2;
      const { decide, told, endJudgement } = start();
      decide.onRequest(details(tab));
      if (first === 'its end') decide.onEnd('1');
      let isPageHeard = false;
      const page = pageSpeaks(tab, `${URL_OF_LOGIN}#top`).then(() => (isPageHeard = true));
      if (first === 'its page') decide.onEnd('1');
      await new Promise((turn) => setTimeout(turn));
      expect({ isPageHeard, ...told }).toEqual({ isPageHeard: false, redirects: 1, sealed: [] });
      endJudgement();
      await page;
      expect(told).toEqual({ redirects: 1, sealed: [tab] });
    },
  );

  it('is left to its headers, and can be kept off the network, while a page of another address speaks', async () => {
    const { decide, told, endJudgement } = start();
    decide.onRequest(details(3));
    await pageSpeaks(3, 'http://127.0.0.1:8000/?request_token=2');
    expect(told.redirects).toBe(0);
    endJudgement();
    expect(await decide.onStart({ ...details(3), requestHeaders: [] })).toEqual({ cancel: true });
  });
});
