import { openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';

/** PostgreSQL only reads below these: time zones, collations, libraries, and what initdb makes a database of. */
const READ_ONLY = ['/pglite/share', '/pglite/lib', '/pglite/icu'];

/** A file or folder of Emscripten's file system in memory, as far as it is touched here. */
export interface MemoryNode {
  /** Devices and links have none. */
  contents?: Uint8Array | Record<string, MemoryNode> | null;
}

export interface MemoryFileSystem {
  lookupPath: (path: string) => { readonly node: MemoryNode };
}

/**
 * Lets go of the 6 MB of files that PGlite came with and holds in memory: PostgreSQL hardly reads any of them once
 * it runs, and they are on the disk, where they are read from now on. Changes nothing where PGlite keeps its
 * files in another way than this version does.
 */
export function leaveFilesOnDisk(engine: PGlite): void {
  const path = join(dirname(createRequire(__filename).resolve('@electric-sql/pglite')), 'pglite.data');
  const { size } = statSync(path);
  const root = (engine.Module.FS as unknown as MemoryFileSystem).lookupPath('/').node;
  const all = [...filesBelow(root, '')].filter(({ bytes }) => bytes.buffer.byteLength === size);
  const bundle = all[0]?.bytes.buffer;
  if (!(bundle instanceof ArrayBuffer) || all.some(({ bytes }) => bytes.buffer !== bundle)) return;
  // Kept open: an update of the app must not change the files under a running database.
  const file = openSync(path, 'r');
  for (const { path: name, node, bytes } of all) {
    if (READ_ONLY.some((folder) => name.startsWith(`${folder}/`))) readFromDisk(node, file, bytes);
    else node.contents = bytes.slice();
  }
  // PGlite's own closures hold it, too: what was given away is theirs no more.
  structuredClone(bundle, { transfer: [bundle] });
}

function* filesBelow(
  node: MemoryNode,
  path: string,
): Generator<{ readonly path: string; readonly node: MemoryNode; readonly bytes: Uint8Array }> {
  const { contents } = node;
  if (contents === undefined || contents === null) return;
  if (contents instanceof Uint8Array) {
    yield { path, node, bytes: contents };
    return;
  }
  for (const [name, child] of Object.entries(contents)) yield* filesBelow(child, `${path}/${name}`);
}

function readFromDisk(node: MemoryNode, file: number, { byteOffset, length }: Uint8Array): void {
  Object.defineProperty(node, 'contents', {
    get: () => {
      const bytes = new Uint8Array(length);
      readSync(file, bytes, 0, length, byteOffset);
      return bytes;
    },
  });
}
