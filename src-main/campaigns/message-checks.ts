import type {
  EmailContent,
  MessageProblem,
  TemplateComponent,
  WhatsAppContent,
} from '@shared/contract/message';
import { base64Bytes, EMAIL_TYPES, MAX_EMAIL_BYTES } from '@shared/domain/email-types';
import { htmlProblems } from '@shared/domain/html-text';
import { compileTemplate } from '@shared/domain/template';
import { parameterProblem } from '@shared/domain/whatsapp-parameters';

/** What a WhatsApp message lacks, whoever gets it. */
export function whatsappIssues(message: WhatsAppContent): MessageProblem[] {
  if (message.type === 'template') return templateIssues(message);
  if (message.type === 'text') return message.body.trim() === '' ? [whole('body', 'Write something.')] : [];
  return mediaIssues(message);
}

function mediaIssues({ type, mediaUrl, mediaId, body }: WhatsAppContent): MessageProblem[] {
  const issues: MessageProblem[] = [];
  if (mediaUrl === null && mediaId === null) {
    issues.push(whole('mediaUrl', `A message of type ${type} needs a link to its file, or a media id.`));
  } else if (mediaUrl !== null && mediaId !== null) {
    issues.push(whole('mediaUrl', 'Give the link or the media id, not both.'));
  } else if (mediaUrl !== null && !/^https?:\/\//i.test(mediaUrl)) {
    issues.push(whole('mediaUrl', 'The link must begin with https:// or http://.'));
  }
  if (type === 'audio' && body !== '') {
    issues.push(whole('body', 'WhatsApp shows no caption with audio. Leave the text empty.'));
  }
  return issues;
}

function templateIssues({ template }: WhatsAppContent): MessageProblem[] {
  if (template === null) return [whole('template.name', 'Name the template that WhatsApp has approved.')];
  const places = template.components.map(({ type, index }) => (type === 'button' ? `button ${index}` : type));
  const twice = places.findIndex((place, n) => places.indexOf(place) !== n);
  return [
    ...(twice === -1
      ? []
      : [
          whole(
            `template.components.${twice}`,
            `The ${places[twice] ?? ''} is there twice. Put its parameters together.`,
          ),
        ]),
    ...template.components.flatMap(componentIssues),
  ];
}

function componentIssues({ type, parameters }: TemplateComponent, component: number): MessageProblem[] {
  const field = `template.components.${component}`;
  const issues = parameters.flatMap(({ text }, n) => parameterIssues(text, `${field}.parameters.${n}`));
  const names = parameters.flatMap(({ name }) => (name === null ? [] : [name]));
  if (names.length > 0 && names.length < parameters.length) {
    issues.push(whole(field, `Give every parameter of the ${type} a name, or none.`));
  }
  if (new Set(names).size < names.length)
    issues.push(whole(field, `Two parameters of the ${type} have the same name.`));
  if (type !== 'body' && parameters.length > 1) issues.push(whole(field, `A ${type} takes one parameter.`));
  return issues;
}

const PARAMETER_WORDS = {
  newline: 'WhatsApp takes no line break in a parameter.',
  tab: 'WhatsApp takes no tab in a parameter.',
  spaces: 'WhatsApp takes at most four spaces in a row in a parameter.',
} as const;

/** Why WhatsApp would refuse a parameter with these words; null where it would not. */
export function parameterWords(rendered: string): string | null {
  if (rendered.trim() === '') return 'WhatsApp takes no empty parameter.';
  const problem = parameterProblem(rendered);
  return problem === null ? null : PARAMETER_WORDS[problem];
}

/** What is wrong whatever the values are: every variable stands for one letter here. */
function parameterIssues(text: string, field: string): MessageProblem[] {
  if (text.trim() === '') return [whole(field, 'Fill this parameter in.')];
  const compiled = compileTemplate(text);
  if (!compiled.ok) return [];
  const { template } = compiled;
  const { variables } = template;
  const letters = Object.fromEntries(variables.map(({ name }) => [name, 'x']));
  const words = parameterWords(template.render(letters));
  const fallbacks = variables.every(({ hasFallback }) => hasFallback)
    ? parameterWords(template.render({}))
    : null;
  const problem = words ?? fallbacks;
  return problem === null ? [] : [whole(field, problem)];
}

/** What an email lacks, whoever gets it. */
export function emailIssues(message: EmailContent): MessageProblem[] {
  const { html, body, emailType, attachments, unsubscribe } = message;
  const issues: MessageProblem[] = [];
  if (html !== null && html.trim() === '') issues.push(whole('html', 'Write something.'));
  if (html === null && body.trim() === '') issues.push(whole('body', 'Write something.'));
  for (const { message: words, offset } of htmlProblems(html ?? '')) {
    issues.push({ message: words, field: 'html', ...placeOf(html ?? '', offset) });
  }
  const written = html ?? body;
  for (const name of EMAIL_TYPES[emailType].needs.filter((each) => !holds(written, each))) {
    issues.push(whole(html === null ? 'body' : 'html', `This type of email needs {{${name}}} in its body.`));
  }
  const bytes = attachments.reduce((sum, { sizeBytes }) => sum + base64Bytes(sizeBytes), 0);
  if (bytes > MAX_EMAIL_BYTES) {
    issues.push(
      whole('attachments', 'The attachments are larger than 40 MB once they are encoded (30 MB of files).'),
    );
  }
  if (unsubscribe !== '' && !ADDRESS.test(unsubscribe.replace(/\{\{[^{}]*\}\}/g, 'x'))) {
    issues.push(whole('unsubscribe', 'This has to be one address that begins with https:// or mailto:.'));
  }
  return issues;
}

/** What stands between < and > in `List-Unsubscribe`. */
const ADDRESS = /^(https:\/\/|mailto:)[^\s<>"]+$/i;

function holds(source: string, variable: string): boolean {
  const compiled = compileTemplate(source);
  return !compiled.ok || compiled.template.variables.some(({ name }) => name === variable);
}

function placeOf(source: string, offset: number): { line: number; column: number } {
  const lines = source.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const whole = (field: string, message: string): MessageProblem => ({
  field,
  message,
  line: null,
  column: null,
});
