import { SECOND } from '../../../../utils/shared/time.ts';
import { isOfFlood, type LogEvent } from '../../log/log.ts';
import type { Snapshot } from './snapshot.ts';

const MAX_CLIENTS = 2_000;
/** A client that is this many chunks behind is let go; it comes back by itself and begins with a snapshot. */
const MAX_BEHIND = 64;
const HEARTBEAT_MS = 15 * SECOND;
/** How long what is logged is gathered into one chunk, with a snapshot at its end: a long queue logs thousands a second. */
const GATHER_MS = 100;
/** More than anybody can read in that time: of what is beyond it, the snapshot tells the sum. */
const MAX_GATHERED = 100;
/** Another process on the same data changes things that are not logged here. */
const LOOK_MS = 5 * SECOND;

type Client = ReadableStreamDefaultController<Uint8Array>;

export type Hub = ReturnType<typeof createHub>;

/** Server-sent events: `log`, each thing logged, and `snapshot`, where everything stands since. */
export function createHub(snapshot: () => Promise<Snapshot>, gatherMs = GATHER_MS) {
  const clients = new Set<Client>();
  const encoder = new TextEncoder();
  let last = '';
  let gathered: string[] = [];
  let gathering: NodeJS.Timeout | undefined;
  let sending = Promise.resolve();
  let isClosed = false;

  const drop = (client: Client) => {
    clients.delete(client);
    client.close();
  };
  const send = (text: string) => {
    const bytes = encoder.encode(text);
    for (const client of clients) {
      if ((client.desiredSize ?? 0) <= 0) drop(client);
      else client.enqueue(bytes);
    }
  };
  const flush = () => {
    clearTimeout(gathering);
    gathering = undefined;
    const logged = gathered.join('');
    gathered = [];
    if (clients.size === 0) return;
    // One after the other, so that the last one that is sent is the last one that was taken.
    sending = sending.then(() => sendAll(logged));
  };
  const sendAll = async (logged: string) => {
    const text = await snapshot().then(JSON.stringify, () => last);
    const changed = text === last ? '' : message('snapshot', text);
    last = text;
    if (logged + changed !== '') send(logged + changed);
  };

  const beating = setInterval(() => send(': \n\n'), HEARTBEAT_MS).unref();
  const looking = setInterval(flush, LOOK_MS).unref();

  return {
    hear(event: LogEvent): void {
      if (clients.size === 0 || event.event === 'broker.called' || isOfFlood(event)) return;
      if (gathered.length < MAX_GATHERED) gathered.push(message('log', JSON.stringify(event)));
      gathering ??= setTimeout(flush, gatherMs);
    },

    /** The stream of one client, or null when there are too many, or the end has come. */
    async open(): Promise<ReadableStream<Uint8Array> | null> {
      const first = JSON.stringify(await snapshot());
      if (isClosed || clients.size >= MAX_CLIENTS) return null;
      // What changed while it was taken comes to this one with the next that is sent.
      if (first !== last) last = '';
      let own: Client;
      const source: UnderlyingDefaultSource<Uint8Array> = {
        start(client) {
          own = client;
          clients.add(client);
          client.enqueue(encoder.encode(`retry: 2000\n\n${message('snapshot', first)}`));
        },
        cancel: () => void clients.delete(own),
      };
      return new ReadableStream(source, new CountQueuingStrategy({ highWaterMark: MAX_BEHIND }));
    },

    clients: () => clients.size,

    /** Ends every stream: an open one would hold the server up. */
    close(): void {
      isClosed = true;
      clearInterval(beating);
      clearInterval(looking);
      clearTimeout(gathering);
      for (const client of clients) drop(client);
    },
  };
}

function message(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}
