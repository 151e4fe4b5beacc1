import type { ConsoleContract } from '@shared/contract';
import { type ImportOptions, type Mapping } from '@shared/contract/imports';
import { type ImportId, OrganizationId } from '@shared/domain/ids';
import { ok, type Result } from '@shared/errors';
import type { Actor, DomainHandlers } from '@shared/rpc/define';
import type { ReviewPlace, ReviewPlan } from '../background/contract';
import type { ImportsDependencies } from './dependencies';
import type { Drafts } from './drafts';
import type { KeptFiles } from './kept-files';
import type { ImportRecord } from './repository';

export type Reviewing = Pick<
  DomainHandlers<ConsoleContract['imports']>,
  | 'preview'
  | 'previewProgress'
  | 'rows'
  | 'rowsSoFar'
  | 'checkRow'
  | 'correct'
  | 'excludeRows'
  | 'undoCorrection'
>;

interface DraftSettings {
  readonly importId: ImportId;
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  readonly continueImport: boolean;
}

/** Looking through the rows of a draft and correcting them: the background process holds the rows. */
export function createReviewing(
  { review }: Pick<ImportsDependencies, 'review'>,
  drafts: Drafts,
  kept: KeptFiles,
): Reviewing {
  const placeOf = (record: ImportRecord, headers: string[]): ReviewPlace => ({
    importId: record.id,
    path: kept.pathOf(record.id),
    sheet: record.sheet ?? '',
    headerRow: record.headerRow ?? 0,
    headers,
  });

  const planOf = async (
    { importId, ...settings }: DraftSettings,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<ReviewPlan>> => {
    const draft = await drafts.startable(importId, settings, actor, signal);
    if (!draft.ok) return draft;
    const { record, headers, mapping, continues } = draft.value;
    const { options } = settings;
    const organizationId = OrganizationId.parse(record.organizationId);
    return ok({ ...placeOf(record, headers), organizationId, mapping, options, continues });
  };

  return {
    async preview(settings, { actor, signal }) {
      const plan = await planOf(settings, actor, signal);
      return plan.ok ? review.preview(plan.value, { signal }) : plan;
    },

    async previewProgress({ importId }, { actor, signal }) {
      const place = await drafts.place(importId, actor, signal);
      return place.ok ? review.progress({ importId }, { signal }) : place;
    },

    async rows({ filter, start, count, ...settings }, { actor, signal }) {
      const plan = await planOf(settings, actor, signal);
      return plan.ok ? review.rows({ ...plan.value, filter, start, count }, { signal }) : plan;
    },

    async rowsSoFar({ start, count, ...settings }, { actor, signal }) {
      const plan = await planOf(settings, actor, signal);
      return plan.ok ? review.rowsSoFar({ ...plan.value, start, count }, { signal }) : plan;
    },

    async checkRow({ row, cells, ...settings }, { actor, signal }) {
      const plan = await planOf(settings, actor, signal);
      return plan.ok ? review.checkRow({ ...plan.value, row, cells }, { signal }) : plan;
    },

    async correct({ importId, correction }, { actor, signal }) {
      const place = await drafts.place(importId, actor, signal);
      if (!place.ok) return place;
      return review.correct({ ...placeOf(place.value.record, place.value.headers), correction });
    },

    async excludeRows({ filter, exclude, ...settings }, { actor, signal }) {
      const plan = await planOf(settings, actor, signal);
      return plan.ok ? review.excludeRows({ ...plan.value, filter, exclude }) : plan;
    },

    async undoCorrection({ importId }, { actor, signal }) {
      const place = await drafts.place(importId, actor, signal);
      if (!place.ok) return place;
      return review.undoCorrection(placeOf(place.value.record, place.value.headers));
    },
  };
}
