import type { BrokerApi, Failure } from '../client.ts';

/** The operations that are written for other brokers. */
export function notWritten(broker: string): Omit<BrokerApi, 'verify' | 'profile'> {
  const refuse = async (): Promise<Failure> => ({
    ok: false,
    status: 400,
    body: null,
    words: `${broker}: this operation is not written for this broker`,
  });
  return { quote: refuse, funds: refuse, optionChain: refuse, dailyCandles: refuse };
}
