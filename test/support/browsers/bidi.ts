import { within } from '../until.ts';

/** A WebDriver BiDi session: Firefox's own protocol for tests, over one WebSocket (https://w3c.github.io/webdriver-bidi/). */
export interface Bidi {
  /** Sends a command and gives its result; rejects with the browser's words. */
  call<T>(method: string, parameters?: object): Promise<T>;
  /** Evaluates an expression in a browsing context and gives its value, which has to be JSON. */
  evaluate<T>(context: string, expression: string): Promise<T>;
  close(): void;
}

interface Message {
  id?: number;
  type: 'success' | 'error' | 'event';
  result?: unknown;
  error?: string;
  message?: string;
}

type Evaluated =
  | { type: 'success'; result: { value?: string } }
  | { type: 'exception'; exceptionDetails: { text: string } };

/** Connects to the address that Firefox printed, and opens a session that takes the practice brokers' certificate. */
export async function connectBidi(address: string): Promise<Bidi> {
  const socket = new WebSocket(`${address}/session`);
  const waiting = new Map<number, (message: Message) => void>();
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    waiting.get(message.id ?? -1)?.(message);
  });
  socket.addEventListener('close', () => {
    for (const [id, settle] of waiting) settle({ id, type: 'error', error: 'the browser is gone' });
  });
  await new Promise((opened, failed) => {
    socket.addEventListener('open', opened);
    socket.addEventListener('error', () => failed(new Error(`no WebDriver BiDi at ${address}`)));
  });
  let last = 0;
  const bidi: Bidi = {
    async call<T>(method: string, parameters: object = {}) {
      if (socket.readyState !== WebSocket.OPEN) throw new Error(`${method}: the browser is gone`);
      last += 1;
      const id = last;
      const answer = new Promise<Message>((settle) => waiting.set(id, settle));
      socket.send(JSON.stringify({ id, method, params: parameters }));
      const { type, result, error, message } = await within(
        answer,
        `${method} ${JSON.stringify(parameters)} was not answered`,
      );
      waiting.delete(id);
      if (type === 'error') throw new Error(`${method}: ${error} ${message ?? ''}`);
      return result as T;
    },
    async evaluate<T>(context: string, expression: string) {
      // As text, since the protocol's own values are tagged node by node.
      const answer = await bidi.call<Evaluated>('script.evaluate', {
        expression: `(async () => JSON.stringify(await (${expression})))()`,
        target: { context },
        awaitPromise: true,
        userActivation: true,
      });
      if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
      const { value } = answer.result;
      return (value === undefined ? undefined : JSON.parse(value)) as T;
    },
    close: () => socket.close(),
  };
  await bidi.call('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  return bidi;
}
