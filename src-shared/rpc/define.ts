import type { z } from 'zod';
import type { Result } from '../errors';

/** A procedure of the contract: what it takes and what it gives, parsed on both sides of every wire. */
export interface Procedure<Kind extends ProcedureKind, In extends z.ZodType, Out extends z.ZodType> {
  readonly kind: Kind;
  readonly input: In;
  readonly output: Out;
}
export type ProcedureKind = 'query' | 'command' | 'stream';
export type AnyProcedure = Procedure<ProcedureKind, z.ZodType, z.ZodType>;

interface Shape<In extends z.ZodType, Out extends z.ZodType> {
  readonly input: In;
  readonly output: Out;
}

/** Reads and changes nothing: may be repeated at will. */
export const query = <In extends z.ZodType, Out extends z.ZodType>(
  shape: Shape<In, Out>,
): Procedure<'query', In, Out> => ({
  kind: 'query',
  ...shape,
});

/** Changes something: sent once, never repeated by the client on its own. */
export const command = <In extends z.ZodType, Out extends z.ZodType>(
  shape: Shape<In, Out>,
): Procedure<'command', In, Out> => ({ kind: 'command', ...shape });

/** Pushes values until the client closes it or the server ends it. */
export const stream = <In extends z.ZodType, Out extends z.ZodType>(
  shape: Shape<In, Out>,
): Procedure<'stream', In, Out> => ({ kind: 'stream', ...shape });

/** Domains of procedures; a procedure's path is `domain.name`. */
export type Contract = Readonly<Record<string, Readonly<Record<string, AnyProcedure>>>>;

export type InputOf<P> = P extends Procedure<ProcedureKind, infer In, z.ZodType> ? z.input<In> : never;
export type ParsedInputOf<P> = P extends Procedure<ProcedureKind, infer In, z.ZodType> ? z.output<In> : never;
export type OutputOf<P> = P extends Procedure<ProcedureKind, z.ZodType, infer Out> ? z.output<Out> : never;

/** Who is calling and whether they still wait for the answer. */
export interface CallContext {
  readonly actor: Actor;
  /** Aborted when the caller cancels, unsubscribes or its wire closes. */
  readonly signal: AbortSignal;
}

export interface Actor {
  readonly organizationId: string;
  readonly userId: string;
  /** Which door the caller came through; kept in the audit log. */
  readonly via: 'desktop' | 'browser' | 'rest' | 'system';
}

/** Where a stream's handler puts its values; `end` closes it for good, with the reason if it failed. */
export interface StreamSink<T> {
  next(value: T): void;
  end(result?: Result<never>): void;
}

export type Handler<P> =
  P extends Procedure<'stream', z.ZodType, z.ZodType>
    ? (input: ParsedInputOf<P>, sink: StreamSink<OutputOf<P>>, context: CallContext) => void | Promise<void>
    : (input: ParsedInputOf<P>, context: CallContext) => Promise<Result<OutputOf<P>>>;

/** An implementation of every procedure of a domain. */
export type DomainHandlers<D> = { readonly [Name in keyof D]: Handler<D[Name]> };
export type Handlers<C extends Contract> = { readonly [Domain in keyof C]: DomainHandlers<C[Domain]> };

/** What a client offers for a procedure. Answers are values: a failed call resolves to `{ok: false}`. */
export type ClientCall<P> =
  P extends Procedure<'stream', z.ZodType, z.ZodType>
    ? (input: InputOf<P>, listener: StreamListener<OutputOf<P>>) => () => void
    : (input: InputOf<P>, options?: { readonly signal?: AbortSignal }) => Promise<Result<OutputOf<P>>>;

export interface StreamListener<T> {
  next(value: T): void;
  /** Called once when the server ends the stream or the wire is lost; not after an own unsubscribe. */
  end?(result: Result<void>): void;
}

export type Client<C extends Contract> = {
  readonly [Domain in keyof C]: { readonly [Name in keyof C[Domain]]: ClientCall<C[Domain][Name]> };
};
