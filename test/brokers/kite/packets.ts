import { type Instrument, type Price, priceOf } from '../prices.ts';

export type Mode = 'ltp' | 'quote' | 'full';

const INDEX_SEGMENT = 9;
const DEPTH_ROWS = 10;

/** One binary message of the ticker: the number of packets, then each with its length in front, big endian. */
export function tickMessage(ticks: readonly { instrument: Instrument; mode: Mode }[], now: number): Buffer {
  const packets = ticks.map(({ instrument, mode }) => packet(instrument, mode, now));
  return Buffer.concat([u16(packets.length), ...packets.flatMap((bytes) => [u16(bytes.length), bytes])]);
}

function packet(instrument: Instrument, mode: Mode, now: number): Buffer {
  const price = priceOf(instrument, now);
  const head = [instrument.token, paise(price.last)];
  if (mode === 'ltp') return words(head);
  const seconds = Math.floor(now / 1000);
  return (instrument.token & 0xff) === INDEX_SEGMENT
    ? index(head, price, mode, seconds)
    : stock(head, price, mode, seconds);
}

function index(head: number[], { last, high, low, open, close }: Price, mode: Mode, seconds: number): Buffer {
  const quote = [...head, ...[high, low, open, close, last - close].map(paise)];
  return words(mode === 'full' ? [...quote, seconds] : quote);
}

function stock(head: number[], { last, open, high, low, close }: Price, mode: Mode, seconds: number): Buffer {
  const quantities = [10, paise(last), 100_000, 5_000, 5_000];
  const quote = words([...head, ...quantities, ...[open, high, low, close].map(paise)]);
  if (mode === 'quote') return quote;
  const depth = Array.from({ length: DEPTH_ROWS }, (_, row) =>
    Buffer.concat([words([100, paise(last + (row < 5 ? -row : row - 4) * 0.05)]), u16(3), u16(0)]),
  );
  return Buffer.concat([quote, words([seconds, 0, 0, 0, seconds]), ...depth]);
}

function paise(rupees: number): number {
  return Math.round(rupees * 100);
}

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [place, number] of numbers.entries()) bytes.writeInt32BE(number, place * 4);
  return bytes;
}

function u16(number: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(number);
  return bytes;
}
