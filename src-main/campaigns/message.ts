import type { EmailContent, Message, MessageProblem, WhatsAppContent } from '@shared/contract/message';
import { textOfHtml } from '@shared/domain/html-text';
import { createTemplateCache, type Template, type TemplateVariable } from '@shared/domain/template';
import { MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH } from '@shared/domain/whatsapp-text';
import { fail, ok, type Result } from '@shared/errors';
import { emailIssues, whatsappIssues } from './message-checks';

/** A message whose texts compile, with what the database needs to know to fill it in for everyone at once. */
export type PreparedMessage = PreparedWhatsApp | PreparedEmail;

interface Prepared {
  readonly variables: readonly MessageVariable[];
  /** What is measured: a text, a caption, an email's body, the parameters in a template's body. */
  readonly body: Template;
  /** Characters of the body without its variables. */
  readonly literalLength: number;
  /** Longest body that the channel takes, in characters. */
  readonly maxLength: number;
  /** False for an approved template, which may be sent outside the 24-hour service window. */
  readonly freeText?: boolean;
}

export interface PreparedWhatsApp extends Prepared {
  readonly channel: 'whatsapp';
  readonly message: WhatsAppContent;
  /** Of an approved template, in the order of its components; empty for every other message. */
  readonly parameters: readonly PreparedParameter[];
}

export interface PreparedEmail extends Prepared {
  readonly channel: 'email';
  readonly message: EmailContent;
  readonly subject: Template;
  /** Null where the body was written as text, or as HTML in `body`, as older campaigns have it. */
  readonly html: Template | null;
  readonly text: Template;
  readonly preheader: Template;
  readonly unsubscribe: Template;
}

export interface PreparedParameter {
  readonly component: 'header' | 'body' | 'button';
  readonly index: number;
  readonly name: string | null;
  readonly text: Template;
}

export interface MessageVariable {
  readonly name: string;
  /** A recipient without a value and without a fallback lacks something. */
  readonly hasFallback: boolean;
  /** How often it stands in the body. */
  readonly occurrences: number;
  /** Characters that its fallbacks fill in the body where there is no value. */
  readonly fallbackLength: number;
  /** It fills a parameter of an approved template, which takes no line breaks, tabs or runs of spaces. */
  readonly inParameter?: boolean;
}

/** The composer's own limit: Resend takes 40 MB. */
const MAX_EMAIL = 500_000;
/** The approved text's own words come on top: what is longer than this is certainly refused (132005). */
const MAX_TEMPLATE_BODY = 1_024;

const compile = createTemplateCache();

/** Compiles a message and checks what does not depend on a recipient; names field, line and column of every error. */
export function prepareMessage(message: Message): Result<PreparedMessage> {
  const problems = messageProblems(message);
  if (problems.length === 0) return ok(message.channel === 'email' ? email(message) : whatsapp(message));
  return fail({
    code: 'invalid_input',
    message: 'The message is not ready to be sent.',
    issues: problems.map(({ field, message: words, line, column }) => ({
      path: `message.${field}`,
      message: line === null ? words : `Line ${line}, column ${column ?? 1}: ${words}`,
    })),
  });
}

/** Everything that keeps a message from being sent to anybody, with its place, for an editor. */
export function messageProblems(message: Message): MessageProblem[] {
  const compiled = Object.entries(sources(message)).flatMap(([field, source]) => {
    const result = compile(source);
    return result.ok
      ? []
      : result.errors.map(({ message: words, line, column }) => ({ message: words, field, line, column }));
  });
  const issues = message.channel === 'email' ? emailIssues(message) : whatsappIssues(message);
  return [...compiled, ...issues, ...(compiled.length === 0 ? twinProblems(message) : [])];
}

/** Variables that tags tear apart make no text. */
function twinProblems(message: Message): MessageProblem[] {
  if (message.channel !== 'email' || message.html === null || message.body !== '') return [];
  if (compile(textOfHtml(message.html)).ok) return [];
  const words =
    'No text can be made of this HTML: a variable is torn apart by a tag. Mend it, or write the text yourself.';
  return [{ message: words, field: 'html', line: null, column: null }];
}

/** Every text of a message that may hold variables, by its field. The approved text of a template has none of ours. */
function sources(message: Message): Record<string, string> {
  if (message.channel === 'email') {
    const { subject, body, html, preheader, unsubscribe } = message;
    return { subject, body, ...(html === null ? {} : { html }), preheader, unsubscribe };
  }
  if (message.type !== 'template') return { body: message.body };
  return Object.fromEntries(
    (message.template?.components ?? []).flatMap(({ parameters }, component) =>
      parameters.map(({ text }, n) => [`template.components.${component}.parameters.${n}`, text]),
    ),
  );
}

function whatsapp(message: WhatsAppContent): PreparedWhatsApp {
  const parameters =
    message.type !== 'template'
      ? []
      : (message.template?.components ?? []).flatMap(({ type, index, parameters: given }) =>
          given.map(({ text, name }) => ({ component: type, index, name, text: compiled(text) })),
        );
  const body =
    message.type === 'template'
      ? joined(parameters.filter(({ component }) => component === 'body').map(({ text }) => text))
      : compiled(message.body);
  const plain = { channel: 'whatsapp' as const, message, parameters };
  if (message.type !== 'template') return { ...plain, ...measured(body, [body], maxLength(message)) };
  const texts = parameters.map(({ text }) => text);
  const filled = measured(body, texts, maxLength(message));
  const variables = filled.variables.map((variable) => ({ ...variable, inParameter: true }));
  return { ...plain, ...filled, variables, freeText: false };
}

function email(message: EmailContent): PreparedEmail {
  const html = message.html === null ? null : compiled(message.html);
  const twin = message.html !== null && message.body === '' ? textOfHtml(message.html) : message.body;
  const [text, subject, preheader, unsubscribe] = [
    compiled(twin),
    compiled(message.subject),
    compiled(message.preheader),
    compiled(message.unsubscribe),
  ];
  const templates = [...(html === null ? [] : [html]), text, subject, preheader, unsubscribe];
  return {
    channel: 'email',
    message,
    subject,
    html,
    text,
    preheader,
    unsubscribe,
    ...measured(html ?? text, templates, MAX_EMAIL),
  };
}

/** @throws where the text does not compile; its problems were looked for before. */
function compiled(source: string): Template {
  const result = compile(source);
  if (result.ok) return result.template;
  throw new Error(`not a template: ${result.errors[0]?.message ?? ''}`);
}

/** Several texts one after the other, as one. */
function joined(parts: readonly Template[]): Template {
  return {
    source: parts.map(({ source }) => source).join(''),
    variables: merged(parts),
    parts: parts.flatMap((part) => part.parts),
    render: (values) => parts.map((part) => part.render(values)).join(''),
    missing: (values) => [...new Set(parts.flatMap((part) => part.missing(values)))],
  };
}

const maxLength = ({ type }: WhatsAppContent): number => {
  if (type === 'template') return MAX_TEMPLATE_BODY;
  return type === 'text' ? MAX_TEXT_LENGTH : MAX_CAPTION_LENGTH;
};

/** Each variable once; with a fallback only where every text gives it one. */
function merged(templates: readonly Template[]): TemplateVariable[] {
  const known = new Map<string, boolean>();
  for (const { name, hasFallback } of templates.flatMap(({ variables }) => variables)) {
    known.set(name, (known.get(name) ?? true) && hasFallback);
  }
  return [...known].map(([name, hasFallback]) => ({ name, hasFallback }));
}

function measured(body: Template, templates: readonly Template[], longest: number): Prepared {
  const variables = merged(templates).map((variable) => ({ ...variable, ...extent(body, variable.name) }));
  return { body, variables, literalLength: literalLength(body), maxLength: longest };
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
