import { fail, invalidInput, ok, type Result } from '../errors';
import type { AnyProcedure, Client, Contract, StreamListener } from './define';
import { fromEnvelope, type Transport } from './transport';

const broken: Result<never> = fail({
  code: 'internal',
  message: 'The console answered with something this version does not understand.',
  action: 'Restart the console so that both sides have the same version.',
});

/**
 * A typed client of a contract. Input is parsed before it is sent, so a mistake is named without a
 * round trip; output is parsed when it arrives, so nothing unchecked reaches the screen.
 */
export const createClient = <C extends Contract>(contract: C, transport: Transport): Client<C> => {
  const call =
    (path: string, procedure: AnyProcedure) =>
    async (input: unknown, options?: { readonly signal?: AbortSignal }): Promise<Result<unknown>> => {
      const parsed = procedure.input.safeParse(input);
      if (!parsed.success) return fail(invalidInput(parsed.error));
      const { id, answer } = transport.call(path, parsed.data);
      const abort = (): void => transport.cancel(id);
      options?.signal?.addEventListener('abort', abort, { once: true });
      if (options?.signal?.aborted === true) abort();
      try {
        const result = fromEnvelope(await answer);
        if (!result.ok) return result;
        const output = procedure.output.safeParse(result.value);
        return output.success ? ok(output.data) : broken;
      } finally {
        options?.signal?.removeEventListener('abort', abort);
      }
    };

  const open =
    (path: string, procedure: AnyProcedure) =>
    (input: unknown, listener: StreamListener<unknown>): (() => void) => {
      const parsed = procedure.input.safeParse(input);
      if (!parsed.success) {
        listener.end?.(fail(invalidInput(parsed.error)));
        return () => undefined;
      }
      const id = transport.open(path, parsed.data, {
        next: (value) => {
          const output = procedure.output.safeParse(value);
          if (output.success) return listener.next(output.data);
          transport.cancel(id);
          listener.end?.(broken);
        },
        end: (envelope) => listener.end?.(envelope.ok ? ok(undefined) : fail(envelope.error)),
      });
      return () => transport.cancel(id);
    };

  const domains = Object.entries(contract).map(([domain, procedures]) => [
    domain,
    Object.fromEntries(
      Object.entries(procedures).map(([name, procedure]) => {
        const path = `${domain}.${name}`;
        return [name, procedure.kind === 'stream' ? open(path, procedure) : call(path, procedure)];
      }),
    ),
  ]);
  // The mapped type is rebuilt from the same contract that was just walked.
  return Object.fromEntries(domains) as Client<C>;
};
