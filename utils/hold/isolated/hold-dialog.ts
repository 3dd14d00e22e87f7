import type { Dialog, DialogAct, DialogView, Guard, OpenDialog } from '../../domain/hold/hold-list.ts';
import { dialogFrom } from './dialog-slot.ts';

export interface DialogHost {
  /** Shows what there is to show, or nothing. */
  render(): void;
  isShown(): boolean;
  /** True from the asking for the dialog's script until it is there. */
  isLoading(): boolean;
}

/** The dialog of this page, whose script comes with the first need. `view` gives null where nothing is to be shown. */
export function hostDialog(page: {
  view(): DialogView | null;
  act(asked: DialogAct): void;
  load(): void;
  guard: Guard;
}): DialogHost {
  let dialog: Dialog | null = null;
  let isLoading = false;

  function render(): void {
    const view = page.view();
    if (view === null) {
      dialog?.close();
      dialog = null;
    } else if (dialog !== null) dialog.show(view);
    else if (!isLoading) void open();
  }

  async function open(): Promise<void> {
    isLoading = true;
    const openDialog = await dialogFrom<OpenDialog>(page.load);
    isLoading = false;
    dialog ??= openDialog(page.act, page.guard);
    render();
  }

  return { render, isShown: () => dialog !== null, isLoading: () => isLoading };
}
