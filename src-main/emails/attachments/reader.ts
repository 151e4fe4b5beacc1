import { createHash } from 'node:crypto';
import type { Email } from '../../providers/gateway';
import type { AttachmentRepository } from './repository';

/** The contents of an email's attachments in base64, in their order; null where one is lost or was changed. */
export type AttachmentReader = (organizationId: string, email: Email) => Promise<readonly string[] | null>;

/**
 * Reads attachments for a worker. Those of the message read last are kept: a campaign sends the same files to
 * everyone, and 40 MB are the most they may be.
 */
export function createAttachmentReader(repository: Pick<AttachmentRepository, 'part'>): AttachmentReader {
  let last: { readonly key: string; readonly contents: Promise<readonly string[] | null> } | null = null;
  return async (organizationId, { attachments = [] }) => {
    const key = [organizationId, ...attachments.map(({ sha256 }) => sha256)].join(' ');
    if (last?.key !== key) {
      const reading = Promise.all(
        attachments.map(({ sha256 }) => readContent(repository, organizationId, sha256)),
      ).then((contents) =>
        contents.some((one) => one === null) ? null : contents.flatMap((one) => one ?? []),
      );
      last = { key, contents: reading };
      // What could not be read is read again the next time.
      void reading.then(
        (contents) => {
          if (contents === null && last?.key === key) last = null;
        },
        () => {
          if (last?.key === key) last = null;
        },
      );
    }
    return last.contents;
  };
}

async function readContent(
  repository: Pick<AttachmentRepository, 'part'>,
  organizationId: string,
  sha256: string,
): Promise<string | null> {
  const parts: Buffer[] = [];
  for (let partNo = 0; ; partNo += 1) {
    const part = await repository.part(organizationId, sha256, partNo);
    if (part === null) break;
    parts.push(part);
  }
  const content = Buffer.concat(parts);
  return createHash('sha256').update(content).digest('hex') === sha256 ? content.toString('base64') : null;
}
