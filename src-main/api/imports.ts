import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import {
  ColumnTarget,
  ImportOptions,
  type ImportDraft,
  type ImportSummary,
  type Mapping,
} from '@shared/contract/imports';
import { fail, notFound, ok, type Result } from '@shared/errors';
import { ImportId } from '@shared/domain/ids';
import { fileOf, notesOf } from '../imports/notes';
import { parseInput, readOptionalJson } from './body';
import { contextOf, type RestDependencies } from './dependencies';
import { problem } from './problems';
import { readMultipart } from './upload';

/** By header or by position: `{"Mobile": "phone", "City": {"field": "custom", "key": "city"}}`. */
const GivenMapping = z.record(z.string(), z.union([z.string(), ColumnTarget]));

const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text, context) => {
      try {
        const value: unknown = JSON.parse(text);
        return value;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const Fields = z.object({
  options: json(ImportOptions).optional(),
  mapping: json(GivenMapping).optional(),
  sheet: z.string().optional(),
  headerRow: z.coerce.number().int().nonnegative().optional(),
  continue: z.enum(['true', 'false']).default('false'),
});

const CancelRequest = z.object({ rollBack: z.boolean().default(false) });

const KeptPage = z.object({
  start: z.coerce.number().int().nonnegative().default(0),
  count: z.coerce.number().int().min(1).max(500).default(100),
});

/** `/api/imports`: a spreadsheet by multipart, its progress, and what was rejected. */
export const importRoutes = (deps: RestDependencies): Hono<{ Bindings: HttpBindings }> => {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  const { imports } = deps.handlers;

  routes.post('/', async (c) => {
    const upload = await readMultipart(c.env.incoming, deps.acceptUpload);
    if (!upload.ok) return problem(c, upload.error);
    const fields = parseInput(Fields, upload.value.fields);
    if (!fields.ok) return problem(c, fields.error);
    const context = contextOf(deps, c.req.raw);
    const opened = await imports.open(
      { source: { kind: 'upload', uploadId: upload.value.uploadId } },
      context,
    );
    if (!opened.ok) return problem(c, opened.error);
    const { sheet, headerRow, options } = fields.value;
    const elsewhere = sheet !== undefined || headerRow !== undefined;
    const place = {
      importId: opened.value.id,
      ...(sheet === undefined ? {} : { sheet }),
      ...(headerRow === undefined ? {} : { headerRow }),
    };
    const draft = elsewhere ? await imports.inspect(place, context) : opened;
    if (!draft.ok) return problem(c, draft.error);
    const continueImport = fields.value.continue === 'true';
    // Mended rows are mapped as the import that they go on with, unless the request says otherwise.
    const basis = (continueImport ? draft.value.continues : null) ?? draft.value;
    const mapping = mappingOf(basis, fields.value.mapping);
    if (!mapping.ok) {
      await imports.discardDraft({ importId: draft.value.id }, context);
      return problem(c, mapping.error);
    }
    const input = {
      importId: draft.value.id,
      mapping: mapping.value,
      options: options ?? basis.options,
      continueImport,
    };
    const started = await imports.start(input, context);
    if (!started.ok) {
      await imports.discardDraft({ importId: draft.value.id }, context);
      return problem(c, started.error);
    }
    const message = `Import of ${started.value.fileName} ${continueImport ? 'goes on' : 'started'}`;
    return c.json(
      {
        success: true,
        importId: started.value.id,
        jobId: started.value.jobId,
        message,
        mapping: describeMapping(basis, mapping.value),
        file: fileOf(draft.value),
        notes: notesOf({
          draft: draft.value,
          mapping: mapping.value,
          // Those of an import that is gone on with are its own until the rows are put into it.
          options: continueImport ? input.options : started.value.options,
          continued: continueImport,
        }),
      },
      202,
    );
  });

  routes.get('/:id', async (c) => {
    const id = importId(c.req.param('id'));
    if (!id.ok) return problem(c, id.error);
    const found = await imports.get({ importId: id.value }, contextOf(deps, c.req.raw));
    return found.ok ? c.json({ success: true, import: asJson(found.value) }) : problem(c, found.error);
  });

  for (const action of ['pause', 'resume', 'undo'] as const) {
    routes.post(`/:id/${action}`, async (c) => {
      const id = importId(c.req.param('id'));
      if (!id.ok) return problem(c, id.error);
      const done = await imports[action]({ importId: id.value }, contextOf(deps, c.req.raw));
      // Undoing takes its time: the import tells how far it has come.
      const status = action === 'undo' ? 202 : 200;
      return done.ok ? c.json({ success: true, import: asJson(done.value) }, status) : problem(c, done.error);
    });
  }

  routes.post('/:id/cancel', async (c) => {
    const id = importId(c.req.param('id'));
    if (!id.ok) return problem(c, id.error);
    const body = await readOptionalJson(c, CancelRequest);
    if (!body.ok) return problem(c, body.error);
    const done = await imports.cancel({ importId: id.value, ...body.value }, contextOf(deps, c.req.raw));
    return done.ok ? c.json({ success: true, import: asJson(done.value) }) : problem(c, done.error);
  });

  routes.get('/:id/kept', async (c) => {
    const id = importId(c.req.param('id'));
    if (!id.ok) return problem(c, id.error);
    const page = parseInput(KeptPage, c.req.query());
    if (!page.ok) return problem(c, page.error);
    const kept = await imports.kept({ importId: id.value, ...page.value }, contextOf(deps, c.req.raw));
    return kept.ok ? c.json({ success: true, ...kept.value }) : problem(c, kept.error);
  });

  routes.get('/:id/rejected.xlsx', async (c) => {
    const id = importId(c.req.param('id'));
    if (!id.ok) return problem(c, id.error);
    const made = await imports.exportRejected({ importId: id.value }, contextOf(deps, c.req.raw));
    if (!made.ok) return problem(c, made.error);
    const file = deps.openDownload(made.value.url);
    if (file === null) return problem(c, notFound('file', made.value.fileName));
    return c.body(Readable.toWeb(createReadStream(file.path)) as ReadableStream, 200, {
      'Content-Type': file.contentType,
      'Content-Disposition': `attachment; filename="rejected.xlsx"`,
    });
  });

  return routes;
};

const importId = (text: string): Result<ImportId> => {
  const parsed = ImportId.safeParse(text);
  return parsed.success ? ok(parsed.data) : fail(notFound('import', text));
};

type Columns = Pick<ImportDraft, 'columns'>;

/** The mapping that was given, or the one suggested; columns not named keep the suggestion. */
const mappingOf = (draft: Columns, given: z.output<typeof GivenMapping> | undefined): Result<Mapping> => {
  if (given !== undefined) {
    const unknown = Object.keys(given).filter(
      (name) => !draft.columns.some((column) => names(column).includes(name)),
    );
    if (unknown.length > 0)
      return fail(mappingProblem(`The file has no column called ${unknown.join(', ')}.`));
  }
  const mapping: Mapping = [];
  for (const column of draft.columns) {
    const key = names(column).find((name) => given !== undefined && Object.hasOwn(given, name));
    const target = key === undefined ? ok(column.target) : parseTarget(given?.[key]);
    if (!target.ok) return target;
    mapping.push(target.value);
  }
  if (!mapping.some((target) => target.field === 'phone'))
    return fail(
      mappingProblem(
        'No column looks like a phone number.',
        'Say which one it is: mapping={"Header": "phone"}.',
      ),
    );
  return ok(mapping);
};

/** A column answers to its header and to its position, counted from 0. */
const names = (column: ImportDraft['columns'][number]): string[] => [column.header, String(column.index)];

/** `"phone"`, `"custom:city"`, or the contract's own object. */
const parseTarget = (target: string | ColumnTarget | undefined): Result<ColumnTarget> => {
  if (typeof target !== 'string') return parseInput(ColumnTarget, target);
  const [field, key] = target.split(':', 2);
  const parsed = ColumnTarget.safeParse(field === 'custom' ? { field, key: key ?? '' } : { field });
  return parsed.success
    ? ok(parsed.data)
    : fail(mappingProblem(`"${target}" is not something a column can be mapped to.`));
};

const mappingProblem = (
  message: string,
  action = 'Open GET /api/openapi.json for the fields there are.',
) => ({
  code: 'invalid_input' as const,
  message,
  action,
  issues: [{ path: 'mapping', message }],
});

const describeMapping = (draft: Columns, mapping: Mapping): Record<string, string> =>
  Object.fromEntries(
    draft.columns.map((column, position) => {
      const target = mapping[position];
      return [
        column.header,
        target === undefined ? 'ignore' : target.field === 'custom' ? `custom:${target.key}` : target.field,
      ];
    }),
  );

const asJson = (summary: ImportSummary): Record<string, unknown> => {
  const { totals, ...rest } = summary;
  return { ...rest, ...totals, totals };
};
