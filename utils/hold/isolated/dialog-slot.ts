/** Where the dialog's script, which comes later than the dashboard's, and that one meet: the isolated world that they share. */
const slot = globalThis as { openingBellDialog?: unknown; openingBellDialogWanted?: (open: unknown) => void };

/** Offers the dialog; a second copy of the same script changes nothing. */
export function offerDialog<T>(open: T): void {
  if (slot.openingBellDialog !== undefined) return;
  slot.openingBellDialog = open;
  slot.openingBellDialogWanted?.(open);
}

/** The dialog, once `load` has brought its script; asked for once. */
export function dialogFrom<T>(load: () => void): Promise<T> {
  if (slot.openingBellDialog !== undefined) return Promise.resolve(slot.openingBellDialog as T);
  load();
  return new Promise((resolve) => {
    slot.openingBellDialogWanted = (open) => resolve(open as T);
  });
}
