const NOT_SET =
  /^\W*(?:false|no|off|0|none|null|nil|undefined|n\/a|(?:is )?(?:missing|absent|empty|unset|unconfigured)|not .*)?\W*$/i;

/** What is configured, only shown: a value that is more than a value is left out. */
export function flagsOf(configuration: Record<string, unknown>): Record<string, boolean> {
  const plain = Object.entries(configuration).filter(([, value]) => typeof value !== 'object' || value === null);
  return Object.fromEntries(plain.map(([name, value]) => [name, isSet(value)]));
}

/** True where a value is there: a program may say in words that it is not. */
function isSet(value: unknown): boolean {
  return Boolean(value) && !NOT_SET.test(String(value));
}
