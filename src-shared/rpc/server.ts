import { fail, invalidInput, ok, toAppError, type AppError, type Result } from '../errors';
import type { Actor, AnyProcedure, CallContext, Contract, Handlers, StreamSink } from './define';
import type { ClientFrame, Envelope, ServerWire } from './frames';

/** The handlers with their types worn off: the contract's schemas stand in for them at run time. */
type LooseCall = (input: unknown, context: CallContext) => Promise<Result<unknown>>;
type LooseStream = (input: unknown, sink: StreamSink<unknown>, context: CallContext) => void | Promise<void>;

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

  const checkedOutput = (path: string, procedure: AnyProcedure, value: unknown): Envelope => {
    const parsed = procedure.output.safeParse(value);
    if (parsed.success) return { ok: true, value: parsed.data };
    report(path, parsed.error);
    return { ok: false, error: toAppError(parsed.error) };
  };

  const answer = async (path: string, input: unknown, context: CallContext): Promise<Envelope> => {
    const found = find(path);
    if (found === undefined || found.procedure.kind === 'stream') return fail(unknownProcedure(path));
    const parsed = found.procedure.input.safeParse(input);
    if (!parsed.success) return fail(invalidInput(parsed.error));
    try {
      const result = await (found.handler as LooseCall)(parsed.data, context);
      return result.ok ? checkedOutput(path, found.procedure, result.value) : result;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'internal') report(path, thrown);
      return fail(error);
    }
  };

  const runStream = async (
    path: string,
    input: unknown,
    sink: StreamSink<unknown>,
    context: CallContext,
  ): Promise<void> => {
    const found = find(path);
    if (found?.procedure.kind !== 'stream') return sink.end(fail(unknownProcedure(path)));
    const { procedure } = found;
    const parsed = procedure.input.safeParse(input);
    if (!parsed.success) return sink.end(fail(invalidInput(parsed.error)));
    const checked: StreamSink<unknown> = {
      next: (value) => {
        const output = checkedOutput(path, procedure, value);
        if (output.ok) sink.next(output.value);
        else sink.end(output);
      },
      end: (result) => sink.end(result),
    };
    try {
      await (found.handler as LooseStream)(parsed.data, checked, context);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'internal') report(path, thrown);
      sink.end(fail(error));
    }
  };

  return {
    serve(wire, actor) {
      const open = new Map<number, AbortController>();
      let closed = false;

      const begin = (id: number): AbortController => {
        const controller = new AbortController();
        open.set(id, controller);
        return controller;
      };

      const call = async (frame: Extract<ClientFrame, { t: 'call' }>): Promise<void> => {
        const controller = begin(frame.id);
        const result = await answer(frame.path, frame.input, { actor, signal: controller.signal });
        if (open.delete(frame.id) && !closed) wire.send({ t: 'result', id: frame.id, result });
      };

      const subscribe = (frame: Extract<ClientFrame, { t: 'open' }>): void => {
        const controller = begin(frame.id);
        const sink: StreamSink<unknown> = {
          next: (value) => {
            if (open.get(frame.id) === controller && !closed) wire.send({ t: 'next', id: frame.id, value });
          },
          end: (result) => {
            if (open.get(frame.id) !== controller) return;
            open.delete(frame.id);
            controller.abort();
            if (!closed) wire.send({ t: 'end', id: frame.id, result: result ?? ok(undefined) });
          },
        };
        void runStream(frame.path, frame.input, sink, { actor, signal: controller.signal });
      };

      wire.onFrame((frame) => {
        if (frame.t === 'cancel') {
          open.get(frame.id)?.abort();
          open.delete(frame.id);
          return;
        }
        if (open.has(frame.id)) {
          const result = fail({ code: 'conflict', message: 'This call id is in use already.' });
          wire.send({ t: frame.t === 'call' ? 'result' : 'end', id: frame.id, result });
          return;
        }
        if (frame.t === 'call') void call(frame);
        else subscribe(frame);
      });

      wire.onClose(() => {
        closed = true;
        for (const controller of open.values()) controller.abort();
        open.clear();
      });
    },
  };
};

const unknownProcedure = (path: string): AppError => ({
  code: 'unknown_procedure',
  message: `This version of the console has no procedure called ${path}.`,
  action: 'Restart the console so that both sides have the same version.',
});
