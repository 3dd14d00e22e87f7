/** An outbox that is measured, seen from the page that plays it. */
export interface Box {
  enqueue(url: string, count: number): Promise<void>;
  drain(url: string): Promise<void>;
  /** How many entries are stored now. */
  stored(): Promise<number>;
}
