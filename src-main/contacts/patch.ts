import type { Contact, ContactPatch } from '@shared/contract/contacts';
import { customKeyProblem } from '@shared/domain/column-mapping';
import { parseEmail } from '@shared/domain/email';
import { createPhoneNormaliser } from '@shared/domain/phone';
import { fail, ok, type AppError, type InputIssue, type Result } from '@shared/errors';

const phoneOf = createPhoneNormaliser(undefined);

/** A correction with its addresses as they are kept, or what is wrong with it, field by field. */
export function readPatch(patch: ContactPatch): Result<ContactPatch> {
  const issues: InputIssue[] = [];
  const read: ContactPatch = { ...patch };
  if (patch.phone !== undefined) {
    const phone = phoneOf(patch.phone);
    if (phone.ok) read.phone = phone.e164;
    else issues.push({ path: 'phone', message: phone.reason });
  }
  if (patch.email !== undefined && patch.email !== null && patch.email !== '') {
    const email = parseEmail(patch.email);
    if (email.ok) read.email = email.email;
    else issues.push({ path: 'email', message: email.reason });
  }
  if (patch.email === '') read.email = null;
  if (patch.name === '') read.name = null;
  for (const key of Object.keys(patch.fields ?? {})) {
    const problem = customKeyProblem(key);
    if (problem !== undefined) issues.push({ path: `fields.${key}`, message: problem });
  }
  if (issues.length === 0) return ok(read);
  return fail({
    code: 'invalid_input',
    message: issues.map(({ message }) => message).join(' '),
    action: 'Correct it and save again. Nothing was changed.',
    issues,
  });
}

/** The patch that takes a correction back. */
export const beforeOf = (old: Contact, { phone, name, email, fields }: ContactPatch): ContactPatch => ({
  ...(phone === undefined ? {} : { phone: old.phone }),
  ...(name === undefined ? {} : { name: old.name }),
  ...(email === undefined ? {} : { email: old.email }),
  ...(fields === undefined
    ? {}
    : {
        fields: Object.fromEntries(Object.keys(fields).map((key) => [key, old.customFields[key] ?? ''])),
      }),
});

export const phoneTaken = (phone: string): AppError => ({
  code: 'conflict',
  message: `Another contact has the number ${phone} already.`,
  action: 'Correct that one, or write another number.',
});
