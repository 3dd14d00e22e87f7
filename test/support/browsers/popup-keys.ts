import { until } from '../until.ts';
import type { Chromium } from './chromium.ts';

/** Presses Enter in the real toolbar popup, where the focus is; gives what had it. The popup may close of it. */
export async function enterInPopup({ context, url }: Chromium): Promise<string> {
  const browser = context.browser();
  if (!browser) throw new Error('Chromium has no line of its own');
  const cdp = await browser.newBrowserCDPSession();
  const { targetInfos } = await cdp.send('Target.getTargets');
  const target = targetInfos.find((one) => one.type === 'page' && one.url === url('popup.html'));
  if (!target) throw new Error('the popup is not open');
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId: target.targetId, flatten: false });
  const answers = new Map<number, { result?: { result?: { value?: string } } }>();
  cdp.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message);
    if (answer.id) answers.set(answer.id, answer);
  });
  const say = (id: number, method: string, params: object) =>
    cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) });
  const focused = 'document.hasFocus() ? document.activeElement.dataset.action : ""';
  let asked = 0;
  // A popup shows its accounts before one of their buttons has the focus.
  const action = await until(
    async () => {
      asked += 1;
      await say(asked, 'Runtime.evaluate', { expression: focused });
      const answer = await until(
        () => answers.get(asked),
        (one) => one !== undefined,
      );
      return answer?.result?.result?.value ?? '';
    },
    (found) => found !== '',
  );
  await say(asked + 1, 'Input.dispatchKeyEvent', {
    type: 'keyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 13,
    text: '\r',
  });
  return action;
}
