import { spawn } from 'node:child_process';
import { projectFolder } from '../../scripts/project';
import { endWithUs } from '../../scripts/reaper';
import type { Resources } from './resources';

/** Runs a bundled program in a process of its own. Answers the last line of its stdout, parsed. @throws where it fails */
export async function runMeasured(program: string, plan: unknown, resources: Resources): Promise<unknown> {
  const child = spawn(process.execPath, [program, JSON.stringify(plan)], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child, 'KILL');
  resources.add(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  if (code !== 0) throw new Error(`The measured process ended with code ${String(code)}.`);
  const answer: unknown = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  return answer;
}
