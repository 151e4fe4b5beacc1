import type { ConsoleContract } from '@shared/contract';
import type { MenuCommand } from '@shared/contract/app';
import { ok, type Result } from '@shared/errors';
import type { ImportId } from '@shared/domain/ids';
import type { Actor, DomainHandlers } from '@shared/rpc/define';
import type { StatusService } from './service';
import type { Signals } from './signals';

export interface AppHandlerDependencies {
  readonly status: StatusService;
  readonly signals: Signals;
  /** Takes what the window offers for the native menu, where there is one. */
  readonly offerMenu: (commands: readonly MenuCommand[]) => void;
  readonly loadSampleData: (actor: Actor) => Promise<Result<{ importId: ImportId; templates: number }>>;
}

/** The app domain over the contract. */
export const createAppHandlers = (deps: AppHandlerDependencies): DomainHandlers<ConsoleContract['app']> => ({
  async status() {
    await deps.status.refresh();
    return ok(deps.status.current());
  },
  statusChanges(_input, sink, { signal }) {
    sink.next(deps.status.current());
    signal.addEventListener(
      'abort',
      deps.status.onChange((status) => sink.next(status)),
      { once: true },
    );
    void deps.status.refresh();
  },
  signals(_input, sink, { signal }) {
    signal.addEventListener(
      'abort',
      deps.signals.listen((value) => sink.next(value)),
      { once: true },
    );
  },
  offerMenu({ commands }) {
    deps.offerMenu(commands);
    return Promise.resolve(ok({}));
  },
  async loadSampleData(_input, { actor }) {
    const loaded = await deps.loadSampleData(actor);
    if (loaded.ok) await deps.status.refresh();
    return loaded;
  },
});
