import { fail, invalidInput, ok, type AppError, type Result } from '../errors';
import type { AnyProcedure, Client, Contract, StreamListener } from './define';
import { Envelope } from './frames';
import type { Transport } from './transport';

const broken: Result<never> = fail({
  code: 'internal',
  message: 'The console answered with something this version does not understand.',
  action: 'Restart the console so that both sides have the same version.',
});

const givenUp: AppError = { code: 'cancelled', message: 'The call was given up before it was sent.' };

interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * A typed client of a contract. Input is parsed before it is sent, so a mistake is named without a
 * round trip; output is parsed when it arrives, so nothing unchecked reaches the screen.
 */
export const createClient = <C extends Contract>(contract: C, transport: Transport): Client<C> => {
  const domains = Object.entries(contract).map(([domain, procedures]) => [
    domain,
    Object.fromEntries(
      Object.entries(procedures).map(([name, procedure]) => {
        const path = `${domain}.${name}`;
        return [
          name,
          procedure.kind === 'stream'
            ? opener(transport, path, procedure)
            : caller(transport, path, procedure),
        ];
      }),
    ),
  ]);
  // The mapped type is rebuilt from the same contract that was just walked.
  return Object.fromEntries(domains) as Client<C>;
};

const caller =
  (transport: Transport, path: string, procedure: AnyProcedure) =>
  async (input: unknown, { signal }: CallOptions = {}): Promise<Result<unknown>> => {
    const parsed = procedure.input.safeParse(input);
    if (!parsed.success) return fail(invalidInput(parsed.error));
    if (signal?.aborted === true) return fail(givenUp);
    const { id, answer } = transport.call(path, parsed.data);
    const abort = (): void => transport.cancel(id);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return readAnswer(procedure, await answer);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  };

const readAnswer = (procedure: AnyProcedure, answer: unknown): Result<unknown> => {
  const envelope = Envelope.safeParse(answer);
  if (!envelope.success) return broken;
  if (!envelope.data.ok) return fail(envelope.data.error);
  const output = procedure.output.safeParse(envelope.data.value);
  return output.success ? ok(output.data) : broken;
};

const opener =
  (transport: Transport, path: string, procedure: AnyProcedure) =>
  (input: unknown, listener: StreamListener<unknown>): (() => void) => {
    let open = true;
    const end = (result: Result<void>): void => {
      if (!open) return;
      open = false;
      listener.end?.(result);
    };

    const parsed = procedure.input.safeParse(input);
    if (!parsed.success) {
      // In a later turn like every other end: the caller has its unsubscribe by then.
      queueMicrotask(() => end(fail(invalidInput(parsed.error))));
      return () => {
        open = false;
      };
    }
    const id = transport.open(path, parsed.data, {
      next: (value) => {
        if (!open) return;
        const output = procedure.output.safeParse(value);
        if (output.success) {
          listener.next(output.data);
          return;
        }
        transport.cancel(id);
        end(broken);
      },
      end: (answer) => {
        const envelope = Envelope.safeParse(answer);
        if (!envelope.success) {
          end(broken);
          return;
        }
        end(envelope.data.ok ? ok(undefined) : fail(envelope.data.error));
      },
    });
    return () => {
      open = false;
      transport.cancel(id);
    };
  };
