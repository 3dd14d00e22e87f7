import type { Way } from '../../domain/capture/provenance.ts';
import type { WebRequest } from '../browser.ts';
import type { AnswerSeen, BrokerPageSeen, NavigationSeen } from './navigation.ts';

export interface NavigationHandlers {
  /** Hears every possible redirect and says whether it is to be sealed; `way` tells how it came there. */
  redirect(seen: NavigationSeen, way: Way): Promise<{ seal: boolean }>;
  brokerPage(seen: BrokerPageSeen): void;
  /** A request was kept off the network in a tab, so that our page has to stand there. */
  sealed(tab: number): void;
  /** Hears how every top-level request ended. */
  answer(seen: AnswerSeen): void;
}

export type Requested = WebRequest.OnBeforeRequestDetailsType;
export type Sent = WebRequest.OnSendHeadersDetailsType;
export type Headed = WebRequest.OnHeadersReceivedDetailsType;
type Blocking = WebRequest.BlockingResponse;

/** The part of the request listeners in which the browsers differ. */
export interface Deciding {
  onRequest(details: Requested): void;
  /** The request's headers, before they are sent. */
  onStart(details: Sent): Promise<Blocking> | undefined;
  onHeaders(details: Headed): Promise<Blocking> | undefined;
  onEnd(requestId: string): void;
}
