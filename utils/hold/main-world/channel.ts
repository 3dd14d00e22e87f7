import type { FromHold, ToHold } from '../../domain/hold/hold-messages.ts';
import { dataOf, listen, page, portsOf, post, startPort, stop, unlisten } from './natives.ts';

/** The two events of the handshake. Both of our scripts run before the page's first one, so that it sees neither. */
const HELLO = 'opening-bell:hello';
const PORT = 'opening-bell:port';

/**
 * Our isolated script's private line into this page, made before any script of the page runs: whichever of the two
 * scripts comes second says hello. Only the first port counts; `hear` gets what comes through it.
 */
export function openChannel(hear: (message: ToHold) => void): (message: FromHold) => void {
  let port: MessagePort | null = null;
  const early: FromHold[] = [];
  const takePort = (event: Event) => {
    stop(event);
    event.preventDefault();
    const given = portsOf(event as MessageEvent)[0];
    if (port !== null || !given) return;
    unlisten(page, PORT, takePort, true);
    port = given;
    listen(port, 'message', (message) => hear(dataOf(message as MessageEvent) as ToHold));
    startPort(port);
    for (let index = 0; index < early.length; index += 1) post(port, early[index]);
  };
  listen(page, PORT, takePort, true);
  page.dispatchEvent(new Event(HELLO));
  return (message) => {
    if (port === null) early.push(message);
    else post(port, message);
  };
}
