import type { BrowserContext, CDPSession } from 'playwright-core';

/** What is attached without a session of its own answers by a message in a message. */
interface Answer {
  id?: number;
  result?: { usedSize?: number };
}

/** The bytes that a background's JavaScript holds, after its garbage was collected. */
export async function heapOf(context: BrowserContext): Promise<number> {
  const browser = context.browser();
  if (!browser) throw new Error('the browser of this context cannot be asked');
  const cdp = await browser.newBrowserCDPSession();
  const { targetInfos } = await cdp.send('Target.getTargets');
  const worker = targetInfos.find(({ type, url }) => type === 'service_worker' && url.startsWith('chrome-extension:'));
  if (!worker) throw new Error('there is no background that runs');
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId: worker.targetId, flatten: false });
  await ask(cdp, sessionId, 1, 'HeapProfiler.collectGarbage');
  const { result } = await ask(cdp, sessionId, 2, 'Runtime.getHeapUsage');
  await cdp.detach();
  if (result?.usedSize === undefined) throw new Error('the background did not say how much it holds');
  return result.usedSize;
}

function ask(cdp: CDPSession, sessionId: string, id: number, method: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    cdp.on('Target.receivedMessageFromTarget', ({ message }) => {
      const answer = JSON.parse(message) as Answer;
      if (answer.id === id) resolve(answer);
    });
    cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(reject);
  });
}
