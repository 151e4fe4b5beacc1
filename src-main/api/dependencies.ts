import type { Readable } from 'node:stream';
import type { AppStatus } from '@shared/contract/app';
import type { ConsoleContract } from '@shared/contract';
import type { ImportOptions } from '@shared/contract/imports';
import type { Result } from '@shared/errors';
import type { Actor, CallContext, Handlers } from '@shared/rpc/define';
import type { WebhookDependencies } from './webhooks';

/** A contact as the guide's JSON import carries it. */
export interface JsonContact {
  readonly phone: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly customFields?: Readonly<Record<string, string>> | undefined;
}

/** REST is a second face of the same handlers that serve the window: one behaviour, two wires. */
export interface RestDependencies {
  readonly handlers: Handlers<ConsoleContract>;
  readonly status: () => AppStatus;
  readonly actor: Actor;
  readonly importContacts: (
    contacts: readonly JsonContact[],
    options: ImportOptions,
    actor: Actor,
  ) => Promise<Result<{ importId: string; jobId: string }>>;
  /** Takes a file of at most `maxBytes` in; it can then be opened as an import. */
  readonly acceptUpload: (content: Readable, fileName: string) => Promise<Result<{ uploadId: string }>>;
  readonly webhooks: WebhookDependencies;
  /** A file that was offered for download, by its URL. */
  readonly openDownload: (url: string) => { path: string; fileName: string; contentType: string } | null;
}

/** The context of one request: aborted when the client hangs up. */
export const contextOf = (deps: RestDependencies, request: Request): CallContext => ({
  actor: deps.actor,
  signal: request.signal,
});
