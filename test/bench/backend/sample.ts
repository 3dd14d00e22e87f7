export const MIB = 1_048_576;

/** One value of `GET /metrics`. */
export async function sampleOf(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  if (line === undefined) throw new Error(`there is no ${series}`);
  return Number(line.slice(series.length));
}

/** Bytes that the backend holds. */
export function memoryOf(url: string): Promise<number> {
  return sampleOf(url, 'opening_bell_resident_memory_bytes');
}
