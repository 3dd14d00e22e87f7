/** A parameter's name as all spellings of it are compared: without case, underscores and hyphens. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** The distinct values of a parameter, whatever its spelling. */
export function valuesOf(parameters: Iterable<readonly [string, string]>, names: readonly string[]): string[] {
  return [...new Set([...parameters].filter(([name]) => names.includes(plainName(name))).map(([, value]) => value))];
}

/** True where each value of a parameter is `value`, or there is none. */
export function isAbsentOr(parameters: URLSearchParams, name: string, value: string): boolean {
  return parameters.getAll(name).every((one) => one === value);
}
