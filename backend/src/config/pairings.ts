import { writePairing } from '../../../utils/shared/pairing.ts';
import { type AccountName, brokerOf } from './account-name.ts';
import type { Config } from './config.ts';
import { pairingSecret } from './secrets.ts';

/** The pairing string of each account, for a backend that listens on `port`; behind a proxy it names the public URL. */
export function pairings(
  { accounts, dataDir, publicUrl }: Config,
  port: number,
): { account: AccountName; line: string }[] {
  return accounts.map(({ name, apiKey, redirectUrl, redirectMode, user }) => {
    const line = writePairing({
      url: publicUrl ?? `http://127.0.0.1:${port}/session`,
      secret: pairingSecret(dataDir, name),
      account: name,
      broker: brokerOf(name),
      api_key: apiKey,
      redirect_url: redirectUrl,
      mode: redirectMode,
      expected_user: user,
    });
    return { account: name, line };
  });
}
