import { readMenuId } from '../../domain/accounts/menu.ts';
import { obey } from './commands.ts';

/** Does what an entry of the menu says. */
export async function pressMenu(id: string): Promise<void> {
  const pressed = readMenuId(id);
  if (!pressed) return;
  const { action, account } = pressed;
  switch (action) {
    case 'log-in':
      return void (await obey({ type: 'log-in', account }));
    case 'check':
      return void (await obey({ type: 'retry', account }));
    case 'pause':
    case 'go-on':
      return void (await obey({ type: 'pause', account, paused: action === 'pause' }));
  }
}
