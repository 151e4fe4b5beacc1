import { fail, ok } from '@shared/errors';
import type { ConsoleContract } from '@shared/contract';
import type { SettingsPatch } from '@shared/contract/settings';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { SettingsService } from './service';

export interface SettingsHandlerDependencies {
  readonly service: SettingsService;
  readonly testConnection: (
    kind: 'redis' | 'database',
    url: string,
  ) => Promise<{ reachable: boolean; detail: string; latencyMs: number | null }>;
  /** Null where the process cannot restart itself. */
  readonly restart: (() => void) | null;
  readonly audit: Audit;
}

/** Settings over the contract. The audit log names the fields that changed, never their values. */
export const createSettingsHandlers = (
  deps: SettingsHandlerDependencies,
): DomainHandlers<ConsoleContract['settings']> => ({
  get: () => Promise.resolve(ok(deps.service.get())),
  async update(patch, { actor }) {
    const result = await deps.service.update(patch);
    if (result.ok)
      await deps.audit({
        actor,
        action: 'settings.update',
        target: null,
        detail: { fields: fieldsOf(patch) },
      });
    return result;
  },
  testConnection: async ({ kind, url }) => ok(await deps.testConnection(kind, url)),
  restart() {
    if (deps.restart === null)
      return Promise.resolve(
        fail({
          code: 'conflict',
          message: 'This console runs on a server and cannot restart itself.',
          action: 'Restart the `serve` process.',
        }),
      );
    // After the answer has left, else the window waits for it for ever.
    setTimeout(deps.restart, 50);
    return Promise.resolve(ok({}));
  },
});

const fieldsOf = (patch: SettingsPatch): string[] =>
  Object.entries(patch).flatMap(([section, value]) =>
    typeof value === 'object' && value !== null
      ? Object.keys(value).map((field) => `${section}.${field}`)
      : [section],
  );
