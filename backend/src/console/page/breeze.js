import { addressOf } from './send.js';
import { byId, element } from './show.js';

/** Offers the accounts of Breeze where there are several; without a choice everything is for the first. */
export function offerBreezeAccounts(accounts) {
  const choice = byId('breeze-account');
  const names = accounts.filter(({ broker }) => broker === 'icici').map(({ account }) => account);
  if (names.length < 2 || choice.options.length > 0) return;
  choice.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
  choice.addEventListener('change', pointLinks);
  byId('breeze-choice').hidden = false;
  pointLinks();
}

/** The path of a request to a Breeze account, with the account that is chosen. */
export function forBreeze(path) {
  const { value } = byId('breeze-account');
  return value === '' ? path : `${path}?account=${encodeURIComponent(value)}`;
}

function pointLinks() {
  const { value } = byId('breeze-account');
  for (const link of document.querySelectorAll('[data-login="breeze"]'))
    link.href = addressOf(`api/auth/login?broker=${encodeURIComponent(value)}`);
}
