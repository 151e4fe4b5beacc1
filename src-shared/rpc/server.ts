import { fail, invalidInput, ok, toAppError, type AppError, type Result } from '../errors';
import type { Actor, AnyProcedure, CallContext, Contract, Handlers, StreamSink } from './define';
import type { ClientFrame, Envelope } from './frames';
import type { ServerWire } from './wire';
import type { ServerFrame } from './server-frame';

/** The handlers with their types worn off: the contract's schemas stand in for them at run time. */
type LooseCall = (input: unknown, context: CallContext) => Promise<Result<unknown>>;
type LooseStream = (input: unknown, sink: StreamSink<unknown>, context: CallContext) => void | Promise<void>;

/** Calls and subscriptions that one wire may have open at once; a screen has a dozen. */
export const MAX_OPEN_PER_WIRE = 1_000;

export interface RpcServerOptions {
  /** Told of everything unexpected: a handler that threw, an output that breaks the contract. */
  readonly report: (path: string, thrown: unknown) => void;
}

export interface RpcServer {
  /** Answers the frames of one wire for one actor until the wire closes; then aborts what is open. */
  serve(wire: ServerWire, actor: Actor): void;
}

/**
 * Serves a contract over any wire. Input and output are parsed here; errors travel as values; what was
 * not expected is reported and reaches the caller only as `internal`.
 */
export const createRpcServer = <C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  { report }: RpcServerOptions,
): RpcServer => {
  const find = (path: string): { procedure: AnyProcedure; handler: unknown } | undefined => {
    const [domain = '', name = '', ...rest] = path.split('.');
    if (rest.length > 0 || !Object.hasOwn(contract, domain)) return undefined;
    const procedures = contract[domain];
    if (procedures === undefined || !Object.hasOwn(procedures, name)) return undefined;
    const procedure = procedures[name];
    const handler: unknown = (handlers[domain] as Readonly<Record<string, unknown>> | undefined)?.[name];
    return procedure === undefined ? undefined : { procedure, handler };
  };

  const unexpected = (path: string, thrown: unknown): Result<never> => {
    const error = toAppError(thrown);
    if (error.code === 'internal') report(path, thrown);
    return fail(error);
  };

  const checkedOutput = (path: string, procedure: AnyProcedure, value: unknown): Envelope => {
    const parsed = procedure.output.safeParse(value);
    return parsed.success ? { ok: true, value: parsed.data } : unexpected(path, parsed.error);
  };

  const answer = async (path: string, input: unknown, context: CallContext): Promise<Envelope> => {
    const found = find(path);
    if (found === undefined || found.procedure.kind === 'stream') return fail(unknownProcedure(path));
    try {
      const parsed = found.procedure.input.safeParse(input);
      if (!parsed.success) return fail(invalidInput(parsed.error));
      const result = await (found.handler as LooseCall)(parsed.data, context);
      return result.ok ? checkedOutput(path, found.procedure, result.value) : result;
    } catch (thrown) {
      return unexpected(path, thrown);
    }
  };

  const runStream = async (
    path: string,
    input: unknown,
    sink: StreamSink<unknown>,
    context: CallContext,
  ): Promise<void> => {
    const found = find(path);
    if (found?.procedure.kind !== 'stream') {
      sink.end(fail(unknownProcedure(path)));
      return;
    }
    const { procedure, handler } = found;
    try {
      const parsed = procedure.input.safeParse(input);
      if (!parsed.success) {
        sink.end(fail(invalidInput(parsed.error)));
        return;
      }
      await (handler as LooseStream)(
        parsed.data,
        {
          next: (value) => {
            const output = checkedOutput(path, procedure, value);
            if (output.ok) sink.next(output.value);
            else sink.end(output);
          },
          end: (result) => sink.end(result),
        },
        context,
      );
    } catch (thrown) {
      sink.end(unexpected(path, thrown));
    }
  };

  return {
    serve(wire, actor) {
      /** What is open, by call id. Emptied on close, so whoever is not in here may not send any more. */
      const open = new Map<number, AbortController>();

      const begin = (id: number): AbortController => {
        const controller = new AbortController();
        open.set(id, controller);
        return controller;
      };

      /** Whether this controller's call was still open; it is not afterwards. An id may have been used anew. */
      const finish = (id: number, controller: AbortController): boolean =>
        open.get(id) === controller && open.delete(id);

      /** An output may hold what the wire cannot carry (a bigint, a function): that must not take the server down. */
      const sendOrReport = (path: string, frame: ServerFrame): Result<never> | undefined => {
        try {
          wire.send(frame);
          return undefined;
        } catch (thrown) {
          return unexpected(path, thrown);
        }
      };

      const call = async (frame: Extract<ClientFrame, { t: 'call' }>): Promise<void> => {
        const controller = begin(frame.id);
        const result = await answer(frame.path, frame.input, { actor, signal: controller.signal });
        if (!finish(frame.id, controller)) return;
        const error = sendOrReport(frame.path, { t: 'result', id: frame.id, result });
        if (error !== undefined) wire.send({ t: 'result', id: frame.id, result: error });
      };

      const subscribe = (frame: Extract<ClientFrame, { t: 'open' }>): void => {
        const controller = begin(frame.id);
        const sink: StreamSink<unknown> = {
          next: (value) => {
            if (open.get(frame.id) !== controller) return;
            const error = sendOrReport(frame.path, { t: 'next', id: frame.id, value });
            if (error !== undefined) sink.end(error);
          },
          end: (result) => {
            if (!finish(frame.id, controller)) return;
            controller.abort();
            wire.send({ t: 'end', id: frame.id, result: result ?? ok(undefined) });
          },
        };
        void runStream(frame.path, frame.input, sink, { actor, signal: controller.signal });
      };

      const refuse = (frame: Extract<ClientFrame, { t: 'call' | 'open' }>, error: AppError): void =>
        wire.send({ t: frame.t === 'call' ? 'result' : 'end', id: frame.id, result: fail(error) });

      wire.onFrame((frame) => {
        if (frame.t === 'cancel') {
          const controller = open.get(frame.id);
          open.delete(frame.id);
          controller?.abort();
          return;
        }
        if (open.has(frame.id)) {
          refuse(frame, idInUse);
          return;
        }
        if (open.size >= MAX_OPEN_PER_WIRE) {
          refuse(frame, tooManyOpen);
          return;
        }
        if (frame.t === 'call') void call(frame);
        else subscribe(frame);
      });

      wire.onClose(() => {
        const controllers = [...open.values()];
        open.clear();
        for (const controller of controllers) controller.abort();
      });
    },
  };
};

const idInUse: AppError = { code: 'conflict', message: 'This call id is in use already.' };

const tooManyOpen: AppError = {
  code: 'rate_limited',
  message: 'Too many calls are under way at once.',
  action: 'Wait until some of them have ended.',
  retryAfterMs: 1_000,
};

const unknownProcedure = (path: string): AppError => ({
  code: 'unknown_procedure',
  message: `This version of the console has no procedure called ${path}.`,
  action: 'Restart the console so that both sides have the same version.',
});
