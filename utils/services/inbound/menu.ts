import { readMenuId } from '../../domain/accounts/menu.ts';
import { pause } from '../verbs/change-settings.ts';
import { logIn } from '../verbs/log-in.ts';
import { retry } from '../verbs/send-again.ts';

/** Does what an entry of the menu says. */
export async function pressMenu(id: string): Promise<void> {
  const pressed = readMenuId(id);
  if (!pressed) return;
  const { action, account } = pressed;
  switch (action) {
    case 'log-in':
      return void (await logIn(account));
    case 'check':
      return retry(account);
    case 'pause':
    case 'resume':
      return void (await pause(account, action === 'pause'));
  }
}
