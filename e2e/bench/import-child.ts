import { readFileSync, writeFileSync } from 'node:fs';
import { ImportPlan, type ImportFigures } from './import-plan';
import { importRowByRow, importWithSheetJs } from './import-peers';
import { importOurWay } from './import-pipeline';

/** One measured process: nothing of the benchmark itself runs in it. */
async function main(plan: ImportPlan): Promise<ImportFigures> {
  switch (plan.kind) {
    case 'ours':
      return { ...(await importOurWay(plan, resetPeak)), peakMemoryMb: peakMegabytes() };
    case 'row-by-row':
      return { ms: [await importRowByRow(plan)], peakMemoryMb: peakMegabytes() };
    case 'sheetjs':
      return { ms: [await importWithSheetJs(plan)], peakMemoryMb: peakMegabytes() };
  }
}

/** Linux forgets the highest memory so far. */
function resetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

function peakMegabytes(): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  if (!line) throw new Error('/proc/self/status says nothing of VmHWM.');
  return Number(line[1]) / 1_024;
}

main(ImportPlan.parse(JSON.parse(process.argv[2] ?? ''))).then(
  (figures) => {
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
