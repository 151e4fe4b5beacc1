import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes and are small: by their size, which counts on a clean clone, they would come last. */
const LONG = /\/(?:kills|crash|speed|large|embedded-engine)\.int\.test\.ts$/;

/** Begins with the files that take longest, so that no worker is alone with one of them at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
