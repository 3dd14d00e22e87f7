import { SECOND } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Ticks } from '../../feed/ticks.ts';
import type { Tick } from '../../store/tables/feed-prices.ts';

const MAX_CLIENTS = 2_000;
const HEARTBEAT_MS = 15 * SECOND;

type Client = ReadableStreamDefaultController<Uint8Array>;

export type TickStream = ReturnType<typeof createTickStream>;

/** Server-sent events: `ticks`, the latest price of each symbol that moved. Who reads slowly gets fewer of them, and nobody waits. */
export function createTickStream(ticks: Pick<Ticks, 'listen'>) {
  const encoder = new TextEncoder();
  const clients = new Map<Client, () => void>();
  let isClosed = false;

  const isReady = (client: Client) => (client.desiredSize ?? 0) > 0;
  const beating = setInterval(() => {
    for (const client of clients.keys()) if (isReady(client)) client.enqueue(encoder.encode(': \n\n'));
  }, HEARTBEAT_MS).unref();

  function sourceOf(): UnderlyingDefaultSource<Uint8Array> {
    /** What this client has not been sent: one price a symbol, however long it does not read. */
    const waiting = new Map<AccountName, Map<string, Tick>>();
    let own: Client;
    const send = () => {
      if (waiting.size === 0) return;
      const text = [...waiting].map(([account, book]) => message(account, [...book.values()])).join('');
      waiting.clear();
      own.enqueue(encoder.encode(text));
    };
    return {
      start(client) {
        own = client;
        client.enqueue(encoder.encode('retry: 2000\n\n'));
        const leave = ticks.listen((account, moved) => {
          const book = waiting.get(account) ?? new Map<string, Tick>();
          for (const tick of moved) book.set(tick.symbol, tick);
          waiting.set(account, book);
          if (isReady(client)) send();
        });
        clients.set(client, leave);
      },
      pull: send,
      cancel: () => leave(own),
    };
  }

  function leave(client: Client): void {
    clients.get(client)?.();
    clients.delete(client);
  }

  return {
    /** The stream of one client, or null when there are too many, or the end has come. */
    open: (): ReadableStream<Uint8Array> | null =>
      isClosed || clients.size >= MAX_CLIENTS ? null : new ReadableStream(sourceOf()),

    /** Ends every stream: an open one would hold the server up. */
    close(): void {
      isClosed = true;
      clearInterval(beating);
      for (const client of clients.keys()) {
        leave(client);
        client.close();
      }
    },
  };
}

function message(account: AccountName, ticks: readonly Tick[]): string {
  const told = ticks.map(({ at, ...tick }) => ({ ...tick, at: new Date(at).toISOString() }));
  return `event: ticks\ndata: ${JSON.stringify({ account, ticks: told })}\n\n`;
}
