import type { FromHold, ToHold } from '../../domain/hold/hold-messages.ts';

// The names are those of utils/hold/main-world/channel.ts, which stands in the page and may import nothing of ours.
const HELLO = 'opening-bell:hello';
const PORT = 'opening-bell:port';

/** The isolated end of the private line to the hold in this page; see utils/hold/main-world/channel.ts for the handshake. */
export function openPageChannel(hear: (message: FromHold) => void): (message: ToHold) => void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => hear(data as FromHold);
  const give = () => {
    // The hold answers by cancelling the event; a second hello then finds nobody.
    const isTaken = !document.dispatchEvent(new MessageEvent(PORT, { ports: [port2], cancelable: true }));
    if (isTaken) document.removeEventListener(HELLO, give, true);
  };
  document.addEventListener(HELLO, give, true);
  give();
  return (message) => port1.postMessage(message);
}
