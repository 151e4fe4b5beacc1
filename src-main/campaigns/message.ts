import { createHash } from 'node:crypto';
import type { Message } from '@shared/contract/campaigns';
import { createTemplateCache, type Template, type TemplateError } from '@shared/domain/template';
import { MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH } from '@shared/domain/whatsapp-text';
import { fail, ok, type InputIssue, type Result } from '@shared/errors';

/** A message whose texts compile, with what the database needs to know to fill it in for everyone at once. */
export interface PreparedMessage {
  readonly message: Message;
  readonly subject: Template | null;
  readonly body: Template;
  readonly variables: readonly MessageVariable[];
  /** Characters of the body without its variables. */
  readonly literalLength: number;
  /** Longest body that the channel takes, in characters. */
  readonly maxLength: number;
}

export interface MessageVariable {
  readonly name: string;
  /** A recipient without a value and without a fallback lacks something. */
  readonly hasFallback: boolean;
  /** How often it stands in the body. */
  readonly occurrences: number;
  /** Characters that its fallbacks fill in the body where there is no value. */
  readonly fallbackLength: number;
}

/** The composer's own limit: Resend takes 40 MB. */
const MAX_EMAIL = 500_000;

const compile = createTemplateCache();

/** Compiles a message and checks what does not depend on a recipient; names line and column of every error. */
export function prepareMessage(message: Message): Result<PreparedMessage> {
  const subject = message.channel === 'email' ? compile(message.subject) : null;
  const body = compile(message.body);
  const issues = [
    ...(subject === null || subject.ok
      ? []
      : subject.errors.map((error) => issueOf('message.subject', error))),
    ...(body.ok ? [] : body.errors.map((error) => issueOf('message.body', error))),
    ...completeness(message),
  ];
  if (!body.ok || (subject !== null && !subject.ok) || issues.length > 0) {
    return fail({ code: 'invalid_input', message: 'The message is not ready to be sent.', issues });
  }
  const subjectTemplate = subject === null ? null : subject.template;
  return ok({
    message,
    subject: subjectTemplate,
    body: body.template,
    variables: variablesOf(body.template, subjectTemplate),
    literalLength: literalLength(body.template),
    maxLength: maxLength(message),
  });
}

/** The compile errors of a text, for an editor. */
export function compileProblems(source: string): readonly TemplateError[] {
  const result = compile(source);
  return result.ok ? [] : result.errors;
}

/** Proves what was frozen: the same message and recipients give the same hash. */
export function contentHash(message: Message, recipientsHash: string): string {
  return createHash('sha256').update(JSON.stringify(message)).update(recipientsHash).digest('hex');
}

const issueOf = (path: string, error: TemplateError): InputIssue => ({
  path,
  message: `Line ${error.line}, column ${error.column}: ${error.message}`,
});

function completeness(message: Message): InputIssue[] {
  if (message.channel === 'email') return [];
  if (message.type === 'text') {
    return message.body.trim() === '' ? [{ path: 'message.body', message: 'Write something.' }] : [];
  }
  const issues: InputIssue[] = [];
  if (message.mediaUrl === null) {
    issues.push({
      path: 'message.mediaUrl',
      message: `A message of type ${message.type} needs a link to its file.`,
    });
  } else if (!/^https?:\/\//i.test(message.mediaUrl)) {
    issues.push({ path: 'message.mediaUrl', message: 'The link must begin with https:// or http://.' });
  }
  if (message.type === 'audio' && message.body !== '') {
    issues.push({
      path: 'message.body',
      message: 'WhatsApp shows no caption with audio. Leave the text empty.',
    });
  }
  return issues;
}

const maxLength = (message: Message): number => {
  if (message.channel === 'email') return MAX_EMAIL;
  return message.type === 'text' ? MAX_TEXT_LENGTH : MAX_CAPTION_LENGTH;
};

function variablesOf(body: Template, subject: Template | null): MessageVariable[] {
  const inSubject = subject?.variables ?? [];
  const names = new Set([...body.variables, ...inSubject].map(({ name }) => name));
  return [...names].map((name) => {
    const uses = [...body.variables, ...inSubject].filter((variable) => variable.name === name);
    return {
      name,
      hasFallback: uses.every(({ hasFallback }) => hasFallback),
      ...extent(body, name),
    };
  });
}

/** Measured by rendering: a template tells its variables, not how often they stand in it. */
function extent(body: Template, name: string): { occurrences: number; fallbackLength: number } {
  const ones = Object.fromEntries(body.variables.map((variable) => [variable.name, 'x']));
  const length = lengthOf(body.render(ones));
  const occurrences = lengthOf(body.render({ ...ones, [name]: 'xx' })) - length;
  const without = lengthOf(body.render({ ...ones, [name]: '' }));
  return { occurrences, fallbackLength: without - (length - occurrences) };
}

function literalLength(body: Template): number {
  const ones = Object.fromEntries(body.variables.map((variable) => [variable.name, 'x']));
  const slots = body.variables.reduce((sum, { name }) => sum + extent(body, name).occurrences, 0);
  return lengthOf(body.render(ones)) - slots;
}

/** Characters as PostgreSQL's length() counts them, so that both sides agree on what is too long. */
const lengthOf = (text: string): number => Array.from(text).length;
