/** Ends this process when the one that started it has gone: its end of our standard input closes. */
export function endWithParent(): void {
  process.stdin.resume();
  process.stdin.once('end', () => process.exit(0));
}
