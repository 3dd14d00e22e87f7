import { until } from '../until.ts';

export interface EventStream {
  headers: Headers;
  /** Every event so far, as its name and its data. */
  heard: [string, Record<string, unknown>][];
  leave(): void;
}

/** Listens as an EventSource does. */
export async function openEventStream(url: string, headers: Record<string, string>): Promise<EventStream> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  const heard: EventStream['heard'] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(message) ?? [];
        if (event !== undefined) heard.push([event, JSON.parse(data ?? '')]);
      }
    }
  };
  // Its end is that of the process, or `leave`.
  void read().catch(() => undefined);
  return { headers: response.headers, heard, leave: () => controller.abort() };
}

/** Resolves once the stream has told a price of the account that its feed had after this moment, in epoch ms. */
export async function priceAfter({ heard }: EventStream, account: string, after: number): Promise<void> {
  await until(
    () => heard.flatMap(([, data]) => (data.account === account ? (data.ticks as { at: string }[]) : [])),
    (ticks) => ticks.some(({ at }) => Date.parse(at) > after),
  );
}
